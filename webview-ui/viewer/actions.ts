import { queryFieldIs, queryMissing } from '../../src/core/datasets/view/queryText';
import type { Edit } from '../../src/core/datasets/view/reviewState';
import type { Deed } from '../../src/protocol/rows';
import type { CopyFormat } from '../../src/protocol/viewer';
import { host } from './host';
import type { ViewerSession } from './session';
import { amount, count, t } from '../translate';

/** What the actions need from the panel they act in. */
export interface Desk {
  readonly session: ViewerSession;
  /** Places of the chosen rows in the view: one, or the selected stretch. */
  readonly chosen: { readonly first: number; readonly last: number };
  readonly columns: readonly string[];
  /** Asks for a line of text. */
  ask(label: string, value?: string): Promise<string | undefined>;
  /** Makes the row at a place the active one. */
  go(position: number): void;
  query(text: string): void;
}

/** The clipboard is no place for more rows. */
const MOST_COPIED = 10_000;

/** One key, one verdict: the next row is there before the verdict is on the disk, or the next key is pressed. */
export async function judge(desk: Desk, verdict: 'approved' | 'rejected'): Promise<void> {
  const { chosen } = desk;
  desk.go(chosen.last + 1);
  await judgeChosen(desk, { kind: 'verdict', verdict }, chosen);
}

export async function judgeAll(desk: Desk, verdict: 'approved' | 'rejected'): Promise<void> {
  await desk.session.attempt(async () => {
    const { rows } = await host.call('judgeAll', { deed: { kind: 'verdict', verdict } });
    if (rows > 0)
      desk.session.notice = amount(rows, '1 row judged; u takes it back.', '{0} rows judged as one; u takes it back.');
  });
}

/** The edited row alone is approved, whatever else is selected. */
export async function saveAndApprove({ session }: Desk, line: number, edits: readonly Edit[]): Promise<boolean> {
  for (const edit of edits) if (!(await session.judge(line, { kind: 'edit', ...edit }))) return false;
  return session.judge(line, { kind: 'verdict', verdict: 'approved' });
}

export async function undo(desk: Desk): Promise<void> {
  const [line] = await desk.session.undo();
  if (line === undefined) return;
  const { position } = await host.call('positionOf', { line });
  if (position !== null) desk.go(position);
}

export async function writeNote(desk: Desk): Promise<void> {
  const { detail } = desk.session;
  if (!detail) return;
  const { chosen } = desk;
  const text = await desk.ask(t('Note on row {0}', count(detail.line + 1)), detail.review?.note);
  if (text !== undefined) await judgeChosen(desk, { kind: 'note', text: text.trim() }, chosen);
}

export async function setTags(desk: Desk): Promise<void> {
  const { detail } = desk.session;
  if (!detail) return;
  const label = t('Tags of row {0}, with commas between them', count(detail.line + 1));
  const { chosen } = desk;
  const text = await desk.ask(label, detail.review?.tags.join(', '));
  if (text === undefined) return;
  const tags = [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
  await judgeChosen(desk, { kind: 'tags', tags }, chosen);
}

export async function goToRow(desk: Desk): Promise<void> {
  const text = await desk.ask(t('Go to row'));
  const row = Number(text?.replace(/[\s,.]/gu, ''));
  if (Number.isInteger(row) && row >= 1) await goToLine(desk, row - 1);
}

/** Makes a line, from 0, the active one, when the table shows it. */
export async function goToLine(desk: Desk, line: number): Promise<void> {
  await desk.session.attempt(async () => {
    const { position } = await host.call('positionOf', { line });
    if (position !== null) desk.go(position);
    else desk.session.notice = t('Row {0} is not among the rows that are shown.', count(line + 1));
  });
}

/** Shows the rows that are like this one in a field: what a verdict for all of them would be about. */
export async function showLike(desk: Desk): Promise<void> {
  const { detail } = desk.session;
  if (!detail?.json) return;
  const field = await desk.ask(t('Rows like this one in the field'), likelyField(desk.columns));
  if (!field) return;
  const { text } = await host.call('fieldText', { line: detail.line, field });
  desk.query(text === null ? queryMissing(field) : queryFieldIs(field, text));
}

export async function copyAs(desk: Desk, format?: CopyFormat): Promise<void> {
  const chosen = format ?? (await desk.ask(t('Copy as json, markdown, csv or tsv'), 'json'))?.trim().toLowerCase();
  const known = (['json', 'markdown', 'csv', 'tsv'] as const).find((name) => name === chosen);
  if (!known) return;
  await desk.session.attempt(async () => {
    const { first, last } = desk.chosen;
    if (last - first >= MOST_COPIED) {
      throw new Error(t('At most {0} rows can be copied at once. Select fewer of them.', count(MOST_COPIED)));
    }
    const { lines } = await host.call('lines', { start: first, count: last - first + 1 });
    if (lines.length === 0) return;
    const { rows } = await host.call('copy', { lines, columns: [...desk.columns], format: known });
    const copied = amount(rows, '1 row copied.', '{0} rows copied.');
    const left = lines.length - rows;
    desk.session.notice =
      left === 0 ? copied : `${copied} ${amount(left, '1 line is no row.', '{0} lines are no rows.')}`;
  });
}

async function judgeChosen(desk: Desk, deed: Deed, chosen = desk.chosen): Promise<void> {
  if (!(await desk.session.judgeStretch(chosen, deed))) desk.go(chosen.last);
}

function likelyField(columns: readonly string[]): string {
  return columns.find((name) => /^(?:source|category|template|difficulty|reason|status)$/iu.test(name)) ?? '';
}
