import { css } from 'lit';

export const twinsStyles = css`
  twins-pane {
    grid-row: table;
    grid-column: 1 / -1;
    min-height: 0;
    overflow: auto;
  }
  twins-pane > .hint,
  twins-pane > .trouble {
    padding: 12px;
    margin: 0;
  }
  .twins {
    display: grid;
    height: 100%;
    grid-template: auto minmax(0, 1fr) / minmax(180px, 30%) minmax(0, 1fr);
  }
  .twins .bar {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 18px;
    padding: 6px 14px;
  }
  .twins .bar label {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .twins .bar input {
    accent-color: var(--vscode-focusBorder);
  }
  .twins .bar output {
    min-width: 4ch;
  }
  .twins > .trouble {
    grid-column: 1 / -1;
    margin: 0 14px;
  }
  .twins .groups {
    margin: 0;
    padding: 0;
    overflow: auto;
    list-style: none;
    border-inline-end: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
  }
  .twins .groups li > button[aria-current] {
    display: block;
    width: 100%;
    padding: 4px 14px;
    text-align: start;
    color: var(--vscode-foreground);
    background: none;
    border: 0;
    font: inherit;
    cursor: pointer;
  }
  .twins .groups li > button[aria-current]:hover {
    background: var(--vscode-list-hoverBackground);
  }
  .twins .groups li > button[aria-current='true'] {
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
    background: var(--vscode-list-inactiveSelectionBackground);
    box-shadow: inset 2px 0 var(--vscode-focusBorder);
  }
  .twins .groups li > button:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .twins .groups .title {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .twins .groups .size .codicon {
    font-size: inherit;
    vertical-align: text-bottom;
  }
  .twins > .hint {
    padding: 0 14px;
  }
  twin-group {
    display: block;
    min-width: 0;
    overflow: auto;
    padding: 0 14px 20px;
  }
  .comparison h2 {
    margin: 10px 0 4px;
    font-size: 1em;
  }
  .comparison + .comparison {
    margin-top: 16px;
  }
  .half button.secondary {
    width: auto;
  }
  .shared {
    margin: 0;
    padding-inline-start: 18px;
  }
`;
