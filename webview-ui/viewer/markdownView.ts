import { html, nothing, type TemplateResult } from 'lit';
import { Marked, type MarkedToken, type Token, type TokenizerExtension, type Tokens } from 'marked';
import './mathView';

/** `$…$` within a line (as Pandoc has it: no blank inside of the dollars, no digit after), `$$…$$`, `\(…\)`, `\[…\]`. */
const FORMULA = /^(?:\$\$([^$]+)\$\$|\\\[([^]+?)\\\]|\\\((.+?)\\\)|\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d))/u;

const formulas: TokenizerExtension = {
  name: 'formula',
  level: 'inline',
  start: (source) => source.search(/\$|\\[([]/u),
  tokenizer: (source) => {
    const found = FORMULA.exec(source);
    if (!found) return undefined;
    const [raw, dollars, brackets, parentheses, dollar] = found;
    const text = dollars ?? brackets ?? parentheses ?? dollar ?? '';
    return { type: 'formula', raw, text, display: raw.startsWith('$$') || raw.startsWith('\\[') };
  },
};
const markdown = new Marked({ extensions: [formulas] });

/**
 * Markdown as elements. It is sanitised by construction: there is an element here for each kind of token and for nothing
 * else, texts are texts, HTML is shown as it is written, pictures by their description, links without leading anywhere.
 */
export function markdownView(text: string): TemplateResult {
  return html`<div class="markdown">${blocks(markdown.lexer(text))}</div>`;
}

type Piece = TemplateResult | string | typeof nothing;

/** Tokens of the library's own grammar; ours is the formula. */
function isKnown(token: Token): token is MarkedToken {
  return token.type !== 'formula';
}

function formula(token: Tokens.Generic): Piece {
  const { raw, text, display } = token;
  return html`<math-view .tex=${String(text)} .raw=${raw} .display=${display === true}></math-view>`;
}

function blocks(tokens: readonly Token[] = []): Piece[] {
  return tokens.map((token) => (isKnown(token) ? block(token) : formula(token)));
}

function block(token: MarkedToken): Piece {
  switch (token.type) {
    case 'heading':
      // Below the headings of the pane itself.
      return html`<div class="heading" role="heading" aria-level=${Math.min(6, token.depth + 3)}>
        ${inlines(token.tokens)}
      </div>`;
    case 'paragraph':
      return html`<p>${inlines(token.tokens)}</p>`;
    case 'code':
      return html`<pre><code>${token.text}</code></pre>`;
    case 'blockquote':
      return html`<blockquote>${blocks(token.tokens)}</blockquote>`;
    case 'list':
      return list(token);
    case 'table':
      return table(token);
    case 'hr':
      return html`<hr />`;
    case 'space':
    case 'def':
      return nothing;
    default:
      return inline(token);
  }
}

function list({ ordered, start, items }: Tokens.List): TemplateResult {
  const entries = items.map(
    ({ task, checked, tokens }) => html`<li>${task ? (checked === true ? '☑ ' : '☐ ') : nothing}${blocks(tokens)}</li>`,
  );
  return ordered
    ? html`<ol start=${typeof start === 'number' ? start : 1}>
        ${entries}
      </ol>`
    : html`<ul>
        ${entries}
      </ul>`;
}

function table({ header, rows }: Tokens.Table): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        ${header.map(({ tokens }) => html`<th>${inlines(tokens)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cells.map(({ tokens }) => html`<td>${inlines(tokens)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function inlines(tokens: readonly Token[] = []): Piece[] {
  return tokens.map((token) => (isKnown(token) ? inline(token) : formula(token)));
}

function inline(token: MarkedToken): Piece {
  switch (token.type) {
    case 'strong':
      return html`<strong>${inlines(token.tokens)}</strong>`;
    case 'em':
      return html`<em>${inlines(token.tokens)}</em>`;
    case 'del':
      return html`<s>${inlines(token.tokens)}</s>`;
    case 'codespan':
      return html`<code>${token.text}</code>`;
    case 'br':
      return html`<br />`;
    case 'link':
      return html`<u title=${token.href}>${inlines(token.tokens)}</u>`;
    case 'image':
      return html`<span class="cut" title=${token.href}>[${token.text}]</span>`;
    case 'text':
      return token.tokens ? html`${inlines(token.tokens)}` : token.text;
    case 'escape':
      return token.text;
    default:
      return token.raw;
  }
}
