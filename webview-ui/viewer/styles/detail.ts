import { css } from 'lit';

export const detailStyles = css`
  row-detail > header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 6px 12px;
    border-bottom: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder, transparent));
  }
  row-detail > .hint,
  row-detail > .trouble {
    padding: 12px;
    margin: 0;
  }
  row-detail h2 {
    margin: 0;
    font-size: 1em;
  }
  row-detail .size {
    color: var(--vscode-descriptionForeground);
  }
  row-detail .actions {
    display: flex;
  }
  .toggle .codicon {
    vertical-align: text-bottom;
  }
  .editor label {
    display: block;
    margin-bottom: 10px;
  }
  .editor textarea {
    display: block;
    width: 100%;
    min-height: 2.4em;
    line-height: 1.5;
    resize: vertical;
  }
  .part ins {
    text-decoration: none;
    background: var(--vscode-diffEditor-insertedTextBackground);
    outline: 1px solid var(--vscode-diffEditor-insertedTextBorder, transparent);
  }
  .part del {
    background: var(--vscode-diffEditor-removedTextBackground);
    outline: 1px solid var(--vscode-diffEditor-removedTextBorder, transparent);
  }
  row-detail .views {
    display: flex;
    margin-inline-start: auto;
  }
  button.toggle {
    padding: 2px 8px;
    color: var(--vscode-foreground);
    background: none;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    font: inherit;
    cursor: pointer;
  }
  button.toggle:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  button.toggle[aria-pressed='true'] {
    color: var(--vscode-inputOption-activeForeground);
    background: var(--vscode-inputOption-activeBackground);
    border-color: var(--vscode-inputOption-activeBorder);
    box-shadow: inset 0 -2px var(--vscode-focusBorder);
  }
  row-detail .content {
    flex: 1;
    min-height: 0;
    overflow: auto;
    padding: 10px 14px 20px;
    line-height: 1.5;
  }
  row-detail h3 {
    margin: 14px 0 2px;
    font-size: 0.92em;
    font-weight: 600;
    color: var(--vscode-descriptionForeground);
  }
  row-detail .part:first-child h3 {
    margin-top: 0;
  }
  .part .text,
  pre.raw {
    margin: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    font-family: inherit;
  }
  pre.raw {
    font-family: var(--vscode-editor-font-family);
    font-size: var(--vscode-editor-font-size);
  }
  .part.user .text {
    font-weight: 600;
  }
  .part.system .text,
  .part.reasoning .text,
  .part.tool .text {
    color: var(--vscode-descriptionForeground);
  }
  .messages .part,
  .sharegpt .part,
  .ensemble .part,
  blockquote {
    padding-inline-start: 10px;
    border-inline-start: 2px solid var(--vscode-textBlockQuote-border, var(--vscode-contrastBorder));
  }
  .messages .part.assistant,
  .sharegpt .part.assistant {
    border-inline-start-color: var(--vscode-charts-blue, var(--vscode-focusBorder));
  }
  .messages .part.user .text,
  .sharegpt .part.user .text {
    font-weight: normal;
  }
  .halves {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(140px, 1fr));
    gap: 0 16px;
  }
  blockquote {
    margin: 6px 0 2px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .halves > .half {
    min-width: 0;
  }
  row-detail .half > .direction {
    margin-top: 0;
    color: var(--vscode-foreground);
  }
  .passage summary {
    margin-top: 10px;
    cursor: pointer;
  }
  .passage p {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .passage mark {
    color: inherit;
    background: var(--vscode-editor-findMatchHighlightBackground);
    outline: 1px solid var(--vscode-editor-findMatchHighlightBorder, transparent);
  }
  .origin p {
    margin: 2px 0;
  }
  .verdict {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
  }
  .verdict .codicon,
  button.link .codicon {
    font-size: inherit;
    vertical-align: text-bottom;
  }
  .check.good .codicon {
    color: var(--vscode-testing-iconPassed, var(--vscode-foreground));
  }
  .check.poor .codicon {
    color: var(--vscode-testing-iconFailed, var(--vscode-errorForeground));
  }
  .tree .tokens {
    color: var(--vscode-descriptionForeground);
  }
  h3 .tokens {
    margin-inline-start: 8px;
    font-weight: normal;
  }
  .markdown {
    white-space: normal;
  }
  .markdown > :first-child {
    margin-top: 0;
  }
  .markdown .heading {
    margin: 10px 0 4px;
    font-size: 1.1em;
    font-weight: 600;
  }
  .markdown p,
  .markdown ul,
  .markdown ol,
  .markdown pre {
    margin: 4px 0;
  }
  .markdown code {
    font-family: var(--vscode-editor-font-family);
    color: var(--vscode-textPreformat-foreground);
    background: var(--vscode-textPreformat-background);
  }
  .markdown pre {
    padding: 6px 8px;
    overflow: auto;
    background: var(--vscode-textCodeBlock-background);
  }
  .markdown pre code {
    color: inherit;
    background: none;
  }
  .markdown table {
    border-collapse: collapse;
  }
  .markdown th,
  .markdown td {
    padding: 2px 8px;
    border: 1px solid var(--vscode-editorGroup-border, var(--vscode-contrastBorder));
    text-align: start;
  }
  .note {
    margin: 4px 0;
    padding-inline-start: 10px;
    font-size: 0.95em;
    overflow-wrap: anywhere;
  }
`;

export const treeStyles = css`
  .tree {
    margin-top: 14px;
    font-family: var(--vscode-editor-font-family);
    font-size: var(--vscode-editor-font-size);
    line-height: 1.45;
  }
  .tree ul {
    margin: 0;
    padding-inline-start: 14px;
    list-style: none;
  }
  .tree > ul {
    padding-inline-start: 0;
  }
  .tree li {
    overflow-wrap: anywhere;
  }
  .tree summary {
    cursor: pointer;
  }
  .tree .key {
    color: var(--vscode-symbolIcon-propertyForeground, var(--vscode-descriptionForeground));
  }
  .tree .key::after {
    content: ':';
  }
  .tree .value {
    white-space: pre-wrap;
  }
  .tree .value.string {
    color: var(--vscode-debugTokenExpression-string, inherit);
  }
  .tree .value.number {
    color: var(--vscode-debugTokenExpression-number, inherit);
  }
  .tree .value.boolean,
  .tree .value.null {
    color: var(--vscode-debugTokenExpression-boolean, inherit);
  }
`;
