import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { inlineStyle } from './inlineStyle';
import type { CellMessage, RowPreview } from '../../src/protocol/rows';
import type { ShownColumn } from './columnLayout';
import { coreText } from './coreTexts';
import { bytes, count, t } from '../translate';

export interface RowLook {
  /** Place in the view, from 0. */
  readonly position: number;
  /** Undefined while it is on its way. */
  readonly row: RowPreview | undefined;
  readonly columns: readonly ShownColumn[];
  readonly active: boolean;
  readonly selected: boolean;
  /** Pixels from the top of the viewport. */
  readonly offset: number;
  readonly choose: (position: number, extend: boolean) => void;
}

export function rowTemplate({ position, row, columns, active, selected, offset, choose }: RowLook): TemplateResult {
  const classes = {
    row: true,
    active,
    selected,
    [row?.review?.verdict ?? 'open']: true,
    bad: row?.state === 'bad',
    blank: row?.state === 'blank',
  };
  return html`<div
    id="row-${position}"
    class=${classMap(classes)}
    role="row"
    aria-rowindex=${position + 2}
    aria-selected=${selected ? 'true' : 'false'}
    ${inlineStyle({ transform: `translateY(${offset}px)` })}
    @mousedown=${(event: MouseEvent) => choose(position, event.shiftKey)}
  >
    <span role="gridcell" class="line" aria-colindex="1">${row ? count(row.line + 1) : ''}</span>
    <span role="gridcell" class="mark" aria-colindex="2">${row ? stateMark(row) : nothing}</span>
    ${row ? cells(row, columns) : columns.map((_, at) => cell({ type: 'pending', text: '' }, at))}
  </div>`;
}

function stateMark(row: RowPreview): TemplateResult | typeof nothing {
  const { verdict = null, edits = [], note = '', tags = [] } = row.review ?? {};
  if (verdict === 'approved')
    return icon(edits.length > 0 ? 'edit' : 'check', edits.length > 0 ? t('edited and approved') : t('approved'));
  if (verdict === 'rejected') return icon('close', t('rejected'));
  if (edits.length > 0) return icon('edit', t('edited'));
  if (note !== '' || tags.length > 0) return icon('note', [note, ...tags].filter(Boolean).join(' · '));
  if (row.state === 'bad') return icon('warning', t('Not JSON'));
  if (row.state === 'large') return icon('file-zip', t('Large row: only its beginning was read'));
  return nothing;
}

function icon(name: string, label: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" role="img" aria-label=${label} title=${label}></span>`;
}

function cells(row: RowPreview, columns: readonly ShownColumn[]): TemplateResult | TemplateResult[] {
  if (row.state === 'bad') {
    return html`<span role="gridcell" class="problem" aria-colindex="3"
      ><strong>${problemText(row)}</strong> <span class="raw">${row.text}</span></span
    >`;
  }
  if (row.state === 'blank') {
    return html`<span role="gridcell" class="problem" aria-colindex="3">${t('empty line')}</span>`;
  }
  return columns.map(({ width }, at) => {
    const { type, text } = row.cells[at] ?? { type: 'missing', text: '' };
    return cell({ type, text: text.slice(0, Math.ceil(width / NARROWEST)) }, at);
  });
}

/** No letter is narrower, in pixels: what cannot be seen is not laid out either, which is what takes time. */
const NARROWEST = 2.5;

/** While a row is on its way its cells are there already: filling them is quicker than making them. */
function cell({ type, text }: { type: CellMessage['type'] | 'pending'; text: string }, at: number): TemplateResult {
  return html`<span role="gridcell" class="cell ${type}" aria-colindex=${at + 3}
    >${type === 'missing' ? html`<span class="hidden">${t('missing')}</span>` : text}</span
  >`;
}

/** Why a row is bad, as a sentence with its line. */
export function problemText(row: Pick<RowPreview, 'line' | 'problem' | 'bytes'>): string {
  if (!row.problem) return t('line {0}: {1}', count(row.line + 1), bytes(row.bytes));
  return t(
    'line {0}: not JSON (column {1}: {2})',
    count(row.line + 1),
    count(row.problem.column),
    coreText(row.problem.reason),
  );
}
