import { css } from 'lit';

export const evaluationStyles = css`
  .muted,
  .reason {
    color: var(--vscode-descriptionForeground);
  }
  header p {
    margin: 4px 0;
  }
  .note {
    padding: 6px 10px;
    border-left: 3px solid var(--vscode-editorWarning-foreground);
  }
  .better::before {
    content: '▲ ';
    color: var(--vscode-testing-iconPassed);
  }
  .worse::before {
    content: '▼ ';
    color: var(--vscode-testing-iconFailed);
  }
  h3 {
    margin: 8px 0 2px;
    font-size: 1em;
    font-weight: 600;
  }
  .intervals {
    display: grid;
    grid-template-columns: max-content minmax(120px, 1fr) max-content;
    align-items: center;
    gap: 2px 14px;
    max-width: 900px;
  }
  svg {
    display: block;
    padding: 0 6px;
    box-sizing: border-box;
    overflow: visible;
  }
  .scale,
  .zero {
    stroke: var(--vscode-descriptionForeground);
    stroke-width: 1;
    opacity: 0.5;
  }
  .interval,
  .end {
    stroke-width: 2;
  }
  .base line:not(.scale) {
    stroke: var(--vscode-charts-orange, var(--vscode-foreground));
  }
  .base circle {
    fill: var(--vscode-charts-orange, var(--vscode-foreground));
  }
  .tuned line:not(.scale) {
    stroke: var(--vscode-charts-blue, var(--vscode-foreground));
  }
  .tuned circle {
    fill: var(--vscode-charts-blue, var(--vscode-foreground));
  }
  .lift .interval,
  .lift .end {
    stroke: var(--vscode-foreground);
  }
  .lift circle {
    fill: var(--vscode-foreground);
  }
  .wide {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
  }
  th,
  td {
    padding: 3px 14px 3px 0;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    font-weight: 400;
    text-align: right;
    white-space: nowrap;
  }
  thead th {
    color: var(--vscode-descriptionForeground);
  }
  th:first-child,
  td:last-child,
  thead th:last-child {
    text-align: left;
  }
  details {
    margin: 2px 0;
  }
  summary {
    padding: 3px 2px;
    cursor: pointer;
  }
  .question {
    margin-right: 10px;
    overflow-wrap: anywhere;
  }
  .answers {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
    gap: 0 20px;
  }
  .part {
    margin-left: 16px;
  }
  .said {
    padding: 6px 10px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    background: var(--vscode-textCodeBlock-background);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .reason {
    margin: 3px 0;
  }
  .actions {
    display: flex;
    gap: 10px;
    margin: 12px 0;
  }
  summary:focus-visible,
  .wide:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
`;
