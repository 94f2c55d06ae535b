import { css } from 'lit';

export const frameStyles = css`
  html,
  body {
    height: 100%;
    margin: 0;
    padding: 0;
    overflow: hidden;
    color: var(--vscode-foreground);
    background: var(--vscode-editor-background);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size);
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .viewer {
    outline: none;
    display: grid;
    height: 100vh;
    /* At 200 % zoom a small window has no room for all of it: then the panel scrolls, and rows stay in sight. */
    overflow: hidden auto;
    grid-template: auto minmax(120px, 1fr) auto / minmax(0, 1fr) auto var(--detail-share);
    grid-template-areas: 'title title title' 'table splitter detail' 'footer footer footer';
  }
  .viewer > .title {
    grid-area: title;
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 12px;
    padding: 6px 12px;
    border-bottom: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
  }
  .title h1 {
    margin: 0;
    font-size: 1em;
    font-weight: 600;
  }
  .title .facts {
    color: var(--vscode-descriptionForeground);
  }
  .title .progress {
    position: absolute;
    inset: auto 0 -2px 0;
  }
  row-table {
    grid-area: table;
    min-width: 0;
    min-height: 0;
    display: block;
  }
  row-detail {
    grid-area: detail;
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }
  .splitter {
    grid-area: splitter;
    width: 5px;
    cursor: col-resize;
    border-inline-start: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
  }
  .splitter:hover,
  .splitter:focus-visible {
    background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder));
    outline: none;
  }
  .viewer > footer {
    grid-area: footer;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 16px;
    min-height: 22px;
    padding: 3px 12px;
    color: var(--vscode-descriptionForeground);
    border-top: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
  }
  .viewer > footer .keys {
    margin-inline-start: auto;
  }
  .title query-bar {
    flex: 1 1 220px;
  }
  .query {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .query input {
    flex: 1;
    min-width: 80px;
  }
  .query .found {
    white-space: nowrap;
    color: var(--vscode-descriptionForeground);
  }
  dialog.columns ol,
  dialog.columns ul {
    max-height: 34vh;
    overflow: auto;
    padding: 0;
    list-style: none;
  }
  dialog.columns li {
    display: flex;
    align-items: center;
    gap: 2px;
  }
  dialog.columns li label {
    flex: 1;
    overflow-wrap: anywhere;
  }
  .tag {
    padding: 0 6px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 8px;
    color: var(--vscode-badge-foreground);
    background: var(--vscode-badge-background);
  }
  input[type='text'],
  input[type='number'],
  textarea {
    box-sizing: border-box;
    padding: 3px 6px;
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
    font: inherit;
  }
  input[type='text']:focus,
  input[type='number']:focus,
  textarea:focus {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  button.primary,
  button.secondary {
    padding: 4px 12px;
    border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
    font: inherit;
    cursor: pointer;
    color: var(--vscode-button-foreground);
    background: var(--vscode-button-background);
  }
  button.primary:hover {
    background: var(--vscode-button-hoverBackground);
  }
  button.secondary {
    color: var(--vscode-button-secondaryForeground);
    background: var(--vscode-button-secondaryBackground);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.secondary:hover {
    background: var(--vscode-button-secondaryHoverBackground);
  }
  dialog.help {
    max-width: 34em;
    color: var(--vscode-editorWidget-foreground, var(--vscode-foreground));
    background: var(--vscode-editorWidget-background);
    border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder));
    padding: 12px 20px;
  }
  dialog.help h2 {
    margin: 0 0 8px;
    font-size: 1.1em;
  }
  dialog.help dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 20px;
  }
  dialog.help dt {
    font-family: var(--vscode-editor-font-family);
    white-space: pre;
  }
  dialog.help dd {
    margin: 0;
  }
  @media (max-width: 640px) {
    .viewer {
      grid-template: auto minmax(120px, 1fr) auto minmax(120px, var(--detail-share)) auto / minmax(0, 1fr);
      grid-template-areas: 'title' 'table' 'splitter' 'detail' 'footer';
    }
    .splitter {
      width: auto;
      height: 5px;
      cursor: row-resize;
      border-inline-start: none;
      border-top: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
    }
    footer .keys {
      display: none;
    }
  }
  .trouble {
    color: var(--vscode-errorForeground);
  }
  .hint,
  .cut,
  .empty {
    color: var(--vscode-descriptionForeground);
  }
  button.link {
    padding: 0;
    border: none;
    background: none;
    color: var(--vscode-textLink-foreground);
    font: inherit;
    cursor: pointer;
    text-align: start;
    overflow-wrap: anywhere;
  }
  button.link:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration: underline;
  }
  button:focus-visible,
  summary:focus-visible,
  .content:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
`;
