import { css } from 'lit';

export const pairsStyles = css`
  pairs-pane {
    grid-row: table;
    grid-column: 1 / -1;
    overflow: auto;
  }
  .pairs {
    padding: 8px 14px 20px;
    outline: none;
  }
  .pairs .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 14px;
  }
  .pairs .choices input[type='number'] {
    width: 7em;
  }
  .pairs .choices .primary {
    width: auto;
    margin-inline-start: auto;
  }
  .pairs h2 {
    margin: 12px 0 2px;
    font-size: 1em;
  }
  .pairs h3,
  .twins h3 {
    margin: 10px 0 2px;
    font-size: 0.92em;
    font-weight: 600;
    color: var(--vscode-descriptionForeground);
  }
  .pairs .halves {
    grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
  }
  .half {
    min-width: 0;
    padding-inline-start: 10px;
    border-inline-start: 2px solid var(--vscode-textBlockQuote-border, var(--vscode-contrastBorder));
  }
  .half .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .problems li {
    overflow-wrap: anywhere;
  }
  .half .text.instruction {
    font-weight: 600;
  }
  .problems {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .viewer select {
    color: var(--vscode-dropdown-foreground);
    background: var(--vscode-dropdown-background);
    border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
    font: inherit;
    padding: 2px 4px;
  }
  .viewer select:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
`;
