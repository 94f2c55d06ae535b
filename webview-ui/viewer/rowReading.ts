import { html, nothing, type TemplateResult } from 'lit';
import { withoutDisguise } from '../../src/core/datasets/view/preview';
import { readingOf, type Part } from '../../src/core/datasets/view/shape';
import type { RowDetail } from '../../src/protocol/rows';
import type { PartTokensMessage } from '../../src/protocol/rows';
import { diffView } from './diffView';
import { markdownView } from './markdownView';
import { amount, count, t } from '../translate';
import './jsonTree';

/** What is known of the row besides its value, and how the person wants to read it. */
export interface HowToRead {
  readonly cuts: RowDetail['cuts'];
  readonly tokens: PartTokensMessage | undefined;
  readonly markdown: boolean;
}

/**
 * A row for reading: a conversation, a question with its answer, a preference side by side; else its tree. `before` is
 * the row without its edits, to show what they changed.
 */
export function rowReading(value: unknown, before: unknown, how: HowToRead): TemplateResult {
  const { cuts } = how;
  const { shape, parts, rest } = readingOf(value);
  if (parts.length === 0) return html`<json-tree .value=${value} .cuts=${cuts}></json-tree>`;
  const earlier = readingOf(before).parts;
  const chosen = parts.find(({ name }) => shape === 'preference' && name === 'chosen');
  const rejected = parts.find(({ name }) => shape === 'preference' && name === 'rejected');
  const others = parts.filter((part) => part !== chosen && part !== rejected);
  return html`<div class="reading ${shape}">
      ${others.map((part) => partTemplate(part, edited(part, earlier), how))}
      ${
        chosen && rejected
          ? html`<div class="halves">
              ${partTemplate(chosen, diffView(rejected.text, chosen.text, 'added'), how)}
              ${partTemplate(rejected, diffView(rejected.text, chosen.text, 'removed'), how)}
            </div>`
          : nothing
      }
    </div>
    ${Object.keys(rest).length > 0 ? html`<json-tree .value=${rest} .cuts=${cuts}></json-tree>` : nothing}`;
}

/** A part's text, with what an edit changed in it marked. */
function edited(part: Part, earlier: readonly Part[]): TemplateResult | string {
  const path = JSON.stringify(part.path);
  const was = earlier.find((it) => JSON.stringify(it.path) === path);
  return was && was.text !== part.text ? diffView(was.text, part.text) : part.text;
}

function partTemplate(
  { role, name, path, notes = [] }: Part,
  text: TemplateResult | string,
  { cuts, tokens = [], markdown }: HowToRead,
): TemplateResult {
  const isHere = (it: { readonly path: Part['path'] }) =>
    it.path.length === path.length && it.path.every((step, at) => step === path[at]);
  const cut = cuts.find(isHere);
  const counted = tokens.find(isHere);
  return html`<section class="part ${role}">
    <h3>
      ${t(heading(name))}${
        counted ? html`<span class="tokens">${amount(counted.tokens, '1 token', '{0} tokens')}</span>` : nothing
      }
    </h3>
    <div class="text" dir="auto">${typeof text === 'string' ? shownText(text, markdown) : text}</div>
    ${
      cut
        ? html`<div class="cut">${t('{0} characters in all; the rest is not shown here', count(cut.total))}</div>`
        : nothing
    }
    ${notes.map(
      (note) =>
        html`<div class="note">
          <strong>${note.by}${note.score === null ? '' : ` · ${note.score}`}</strong> ${note.text}
        </div>`,
    )}
  </section>`;
}

function shownText(text: string, markdown: boolean): TemplateResult | string {
  return markdown ? markdownView(withoutDisguise(text)) : withoutDisguise(text);
}

/** `raw_reasoning` → `Raw reasoning`; names of teachers stay as they are. */
function heading(name: string): string {
  return /^[a-z_]+$/u.test(name) ? name.charAt(0).toUpperCase() + name.slice(1).replace(/_/gu, ' ') : name;
}
