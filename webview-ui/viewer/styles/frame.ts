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
    display: grid;
    height: 100vh;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr) auto var(--detail-share);
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
    justify-content: space-between;
    gap: 12px;
    min-height: 20px;
    padding: 3px 12px;
    color: var(--vscode-descriptionForeground);
    border-top: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
  }
  @media (max-width: 640px) {
    .viewer {
      grid-template: auto minmax(0, 1fr) auto var(--detail-share) auto / minmax(0, 1fr);
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
