import { css } from 'lit';

export const tableStyles = css`
  .table {
    height: 100%;
    overflow: auto;
    outline: none;
    font-variant-numeric: tabular-nums;
  }
  .table .area {
    position: relative;
    min-width: calc(var(--line-width) + 28px + var(--data-width));
    width: 100%;
  }
  .table .row {
    display: grid;
    grid-template-columns: var(--columns);
    height: 24px;
    line-height: 24px;
    box-sizing: border-box;
  }
  .table .header {
    position: sticky;
    top: 0;
    z-index: 2;
    height: 26px;
    line-height: 26px;
    font-weight: 600;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
  }
  .table .rows {
    position: sticky;
    top: 26px;
    overflow: hidden;
    min-width: inherit;
    contain: layout paint;
  }
  .rows .row {
    position: absolute;
    contain: strict;
    grid-template-rows: 24px;
    inset: 0 0 auto 0;
    cursor: default;
  }
  .rows .row:hover {
    background: var(--vscode-list-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .rows .row.selected {
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
    outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .heading {
    cursor: pointer;
  }
  .heading .codicon {
    font-size: inherit;
    vertical-align: middle;
  }
  .rows .row.active {
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
    outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .table:focus .row.active {
    background: var(--vscode-list-activeSelectionBackground);
    color: var(--vscode-list-activeSelectionForeground, inherit);
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
  }
  .row > * {
    overflow: hidden;
    white-space: pre;
    text-overflow: ellipsis;
    padding: 0 8px;
  }
  .rows .row > * {
    contain: strict;
  }
  .row > .line {
    padding: 0 6px;
    text-align: end;
    color: var(--vscode-editorLineNumber-foreground);
  }
  .row.active > .line {
    color: inherit;
  }
  .row > .mark {
    padding: 0;
    text-align: center;
  }
  .row > .mark .codicon {
    line-height: 24px;
  }
  .row > .cell.number {
    text-align: end;
  }
  .row > .cell.null,
  .row > .cell.object,
  .row > .cell.array {
    color: var(--vscode-descriptionForeground);
  }
  .row.active > .cell {
    color: inherit;
  }
  .row > .problem {
    grid-column: 3 / -1;
    font-style: italic;
  }
  .row > .problem strong {
    font-weight: normal;
    color: var(--vscode-errorForeground);
  }
  .row.active > .problem strong {
    color: inherit;
  }
  .row.blank > .problem {
    color: var(--vscode-descriptionForeground);
  }
  .approved .mark {
    color: var(--vscode-testing-iconPassed, var(--vscode-foreground));
  }
  .rejected .mark {
    color: var(--vscode-testing-iconFailed, var(--vscode-errorForeground));
  }
  .rejected .cell {
    color: var(--vscode-descriptionForeground);
  }
  .bad .mark {
    color: var(--vscode-editorWarning-foreground, var(--vscode-errorForeground));
  }
  .heading {
    position: relative;
  }
  .resizer {
    position: absolute;
    inset: 0 0 0 auto;
    width: 5px;
    cursor: col-resize;
    border-inline-end: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
  }
  .resizer:hover {
    background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder));
  }
`;
