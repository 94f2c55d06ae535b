import { css } from 'lit';

/** A panel that is one page: VS Code's own colours and letters, headings of text size. */
export const pageStyles = css`
  body {
    padding: 12px 20px;
    color: var(--vscode-foreground);
    background: var(--vscode-editor-background);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size);
  }
  h1 {
    margin: 0;
    font-size: 1.4em;
    font-weight: 600;
  }
  h2 {
    margin: 12px 0 4px;
    font-size: 1em;
    font-weight: 600;
  }
  button {
    padding: 4px 12px;
    border: 1px solid var(--vscode-button-border, transparent);
    border-radius: 2px;
    color: var(--vscode-button-secondaryForeground);
    background: var(--vscode-button-secondaryBackground);
    font: inherit;
    cursor: pointer;
  }
  button.primary {
    color: var(--vscode-button-foreground);
    background: var(--vscode-button-background);
  }
  button:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
`;
