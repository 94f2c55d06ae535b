import { css } from 'lit';

export const tryStyles = css`
  h1 {
    margin-bottom: 10px;
  }
  h2 {
    margin: 0 0 6px;
  }
  label {
    display: block;
    margin: 8px 0 2px;
  }
  textarea,
  input,
  select {
    box-sizing: border-box;
    width: 100%;
    padding: 4px 6px;
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, var(--vscode-widget-border, transparent)));
    border-radius: 2px;
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    font: inherit;
  }
  select {
    border-color: var(--vscode-dropdown-border);
    color: var(--vscode-dropdown-foreground);
    background: var(--vscode-dropdown-background);
  }
  input[type='number'] {
    width: 8em;
  }
  textarea {
    resize: vertical;
  }
  textarea:focus-visible,
  input:focus-visible,
  select:focus-visible,
  .answer:focus-visible,
  summary:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
  .actions {
    display: flex;
    align-items: center;
    gap: 12px;
    margin: 10px 0 16px;
  }
  button[disabled] {
    cursor: default;
    opacity: 0.5;
  }
  .muted {
    color: var(--vscode-descriptionForeground);
  }
  .sides {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(280px, 1fr));
    gap: 20px;
  }
  .answer {
    min-height: 6em;
    max-height: 50vh;
    margin: 10px 0 4px;
    padding: 8px 10px;
    overflow: auto;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    background: var(--vscode-textCodeBlock-background);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .problem {
    margin: 10px 0 4px;
    padding: 6px 10px;
    border-left: 3px solid var(--vscode-editorError-foreground);
  }
`;
