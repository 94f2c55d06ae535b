import { css } from 'lit';

export const trainingStyles = css`
  .line {
    margin: 4px 0;
  }
  .muted {
    margin: 2px 0 8px;
    color: var(--vscode-descriptionForeground);
  }
  .reason {
    padding: 6px 10px;
    border-left: 3px solid var(--vscode-editorWarning-foreground);
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
    margin: 10px 0;
  }
  progress {
    width: 100%;
    height: 6px;
    accent-color: var(--vscode-progressBar-background);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    margin-top: 8px;
  }
  pre:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
  .plots {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(340px, 1fr));
    gap: 16px 24px;
  }
  line-plot {
    display: block;
    min-width: 0;
  }
  figure {
    margin: 0;
  }
  figcaption {
    font-weight: 600;
  }
  .u-legend {
    color: var(--vscode-foreground);
    font-size: 11px;
  }
  pre {
    max-height: 260px;
    overflow: auto;
    padding: 8px;
    color: var(--vscode-foreground);
    background: var(--vscode-textCodeBlock-background);
    font-family: var(--vscode-editor-font-family);
    font-size: 0.9em;
    white-space: pre-wrap;
  }
`;
