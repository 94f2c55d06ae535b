import { html, nothing, type TemplateResult } from 'lit';
import { halfOf } from '../../src/core/datasets/view/pairHalves';
import { withoutDisguise } from '../../src/core/datasets/view/preview';
import { readingOf, type Part, type Side } from '../../src/core/datasets/view/shape';
import type { PartTokensMessage, RowDetail } from '../../src/protocol/rows';
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

type Cut = HowToRead['cuts'][number];
type Path = Part['path'];

/** Half of a bidirectional pair, with the other one beside it: forward left, reverse right. */
export function pairReading(
  row: RowDetail,
  value: unknown,
  other: NonNullable<RowDetail['otherHalf']>,
  own: TemplateResult,
  markdown: boolean,
): TemplateResult {
  const otherValue: unknown = JSON.parse(other.json);
  const theirs = rowReading(otherValue, otherValue, { cuts: other.cuts, tokens: undefined, markdown });
  const isForward = halfOf(value)?.direction !== 'reverse';
  const mine = half(isForward ? t('Forward') : t('Reverse'), t('This row'), own);
  const beside = half(isForward ? t('Reverse') : t('Forward'), t('Row {0}', count(other.line + 1)), theirs);
  return html`<div class="halves">${isForward ? [mine, beside] : [beside, mine]}</div>`;
}

function half(title: string, row: string, reading: TemplateResult): TemplateResult {
  return html`<section class="half" aria-label=${`${title} · ${row}`}>
    <h3 class="direction">${title} <span class="tokens">${row}</span></h3>
    ${reading}
  </section>`;
}

/**
 * A row for reading: a conversation, a question with its answer, a preference side by side; else its tree. `before` is
 * the row without its edits, to show what they changed.
 */
export function rowReading(value: unknown, before: unknown, how: HowToRead): TemplateResult {
  const { cuts, tokens } = how;
  const { shape, parts, rest } = readingOf(value);
  if (parts.length === 0) return html`<json-tree .value=${value} .cuts=${cuts} .tokens=${tokens ?? []}></json-tree>`;
  const earlier = readingOf(before).parts;
  const hasRest = Object.keys(rest).length > 0;
  const unseen = cuts.filter((cut) => !isSeen(cut, parts, hasRest ? rest : undefined));
  return html`<div class="reading ${shape}">
      ${parts.filter(({ side }) => !side).map((part) => partTemplate(part, edited(part, earlier), how))}
      ${preference(parts, how)} ${unseen.map(listCut)}
    </div>
    ${hasRest ? html`<json-tree .value=${rest} .cuts=${cuts}></json-tree>` : nothing}`;
}

/** What was chosen and what was rejected, with the words that differ between their ends marked. */
function preference(parts: readonly Part[], how: HowToRead): TemplateResult | typeof nothing {
  const of = (wanted: Side) => parts.filter(({ side }) => side === wanted);
  const [chosen, rejected] = [of('chosen'), of('rejected')];
  const [better, worse] = [chosen.at(-1), rejected.at(-1)];
  if (!better || !worse) return nothing;
  const column = (turns: readonly Part[], show: 'added' | 'removed') =>
    html`<div>
      ${turns.map((turn) =>
        partTemplate(
          turn,
          turn === better || turn === worse ? diffView(worse.text, better.text, show) : turn.text,
          how,
        ),
      )}
    </div>`;
  return html`<div class="halves">${column(chosen, 'added')}${column(rejected, 'removed')}</div>`;
}

/** Whether a cut is told at a part, or in the tree of what is left. */
function isSeen(cut: Cut, parts: readonly Part[], rest: object | undefined): boolean {
  const [key] = cut.path;
  if (key === undefined) return rest !== undefined;
  if (rest && Object.hasOwn(rest, key)) return true;
  return parts.some((part) => begins(cut.path, part.path) || (part.rest && begins(cut.path, restPath(part))));
}

function listCut({ path, total }: Cut): TemplateResult {
  const list = path.length === 0 ? t('Row') : withoutDisguise(path.join('.'));
  return html`<div class="cut">${t('{0}: {1} in all; the rest is not shown here', list, count(total))}</div>`;
}

function begins(path: Path, beginning: Path): boolean {
  return path.length >= beginning.length && beginning.every((step, at) => step === path[at]);
}

/** Where what stands beside a part's text stands in the row. */
function restPath({ path }: Part): Path {
  return path.slice(0, -1);
}

/** A part's text, with what an edit changed in it marked. */
function edited(part: Part, earlier: readonly Part[]): TemplateResult | string {
  const path = JSON.stringify(part.path);
  const was = earlier.find((it) => JSON.stringify(it.path) === path);
  return was && was.text !== part.text ? diffView(was.text, part.text) : part.text;
}

function partTemplate(part: Part, text: TemplateResult | string, how: HowToRead): TemplateResult {
  const { role, name, path, rest, isMissing, notes = [] } = part;
  const { cuts, tokens = [], markdown } = how;
  const cut = cuts.find((it) => begins(it.path, path));
  const counted = tokens.find((it) => it.path.length === path.length && begins(it.path, path));
  return html`<section class="part ${role}">
    <h3>
      ${withoutDisguise(t(heading(name)))}${
        counted ? html`<span class="tokens">${amount(counted.tokens, '1 token', '{0} tokens')}</span>` : nothing
      }
    </h3>
    ${
      isMissing
        ? html`<div class="hint">${t('This teacher gave no answer.')}</div>`
        : html`<div class="text" dir="auto">${typeof text === 'string' ? shownText(text, markdown) : text}</div>`
    }
    ${
      cut
        ? cut.kind !== 'characters'
          ? listCut(cut)
          : html`<div class="cut">${t('{0} characters in all; the rest is not shown here', count(cut.total))}</div>`
        : nothing
    }
    ${notes.map(noteTemplate)}
    ${rest ? html`<json-tree .value=${rest} .cuts=${cuts} .root=${restPath(part)} .open=${4}></json-tree>` : nothing}
  </section>`;
}

function noteTemplate({ by, score, place, text }: NonNullable<Part['notes']>[number]): TemplateResult {
  const said = [by, ...(score === null ? [] : [score]), ...(place === null ? [] : [t('as answer {0}', place + 1)])];
  return html`<div class="note"><strong>${withoutDisguise(said.join(' · '))}</strong> ${withoutDisguise(text)}</div>`;
}

function shownText(text: string, markdown: boolean): TemplateResult | string {
  return markdown ? markdownView(withoutDisguise(text)) : withoutDisguise(text);
}

/** `raw_reasoning` → `Raw reasoning`; names of teachers stay as they are. */
function heading(name: string): string {
  return /^[a-z_]+$/u.test(name) ? name.charAt(0).toUpperCase() + name.slice(1).replace(/_/gu, ' ') : name;
}
