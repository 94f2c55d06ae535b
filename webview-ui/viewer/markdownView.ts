import { html, nothing, type TemplateResult } from 'lit';
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';

/**
 * Markdown as elements. It is sanitised by construction: there is an element here for each kind of token and for nothing
 * else, texts are texts, HTML is shown as it is written, pictures by their description, links without leading anywhere.
 */
export function markdownView(text: string): TemplateResult {
  return html`<div class="markdown">${blocks(lexer(text))}</div>`;
}

type Piece = TemplateResult | string | typeof nothing;

/** Tokens of this library's own grammar; extensions could add others, and none is used. */
function isKnown(token: Token): token is MarkedToken {
  return token.type !== 'generic';
}

function blocks(tokens: readonly Token[] = []): Piece[] {
  return tokens.map((token) => (isKnown(token) ? block(token) : token.raw));
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
  return tokens.map((token) => (isKnown(token) ? inline(token) : token.raw));
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
