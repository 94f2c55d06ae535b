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
`;
