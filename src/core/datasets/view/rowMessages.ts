import { previewCells, sliceWhole } from './preview';
import type { ReadRow } from './rowReader';
import { trimValue, type Cut } from './trim';

const BAD_PREVIEW_CHARACTERS = 240;
const BAD_DETAIL_CHARACTERS = 50_000;

/** A row on its way to the table. */
export function previewMessage({ line, range, row }: ReadRow, columns: readonly string[]) {
  return {
    line,
    state: row.state,
    bytes: range.end - range.start,
    cells: previewCells(row, columns),
    problem: row.state === 'bad' ? row.problem : null,
    text: row.state === 'bad' ? sliceWhole(row.text, BAD_PREVIEW_CHARACTERS) : '',
  };
}

/** A row on its way to the detail pane. */
export function detailMessage({ line, range, row }: ReadRow) {
  const hasValue = row.state === 'ok' || (row.state === 'large' && row.value !== undefined);
  const trimmed: { value: unknown; cuts: Cut[] } | undefined = hasValue ? trimValue(row.value) : undefined;
  return {
    line,
    state: row.state,
    bytes: range.end - range.start,
    json: trimmed ? JSON.stringify(trimmed.value) : null,
    cuts: trimmed?.cuts ?? [],
    problem: row.state === 'bad' ? row.problem : null,
    text: row.state === 'bad' ? sliceWhole(row.text, BAD_DETAIL_CHARACTERS) : '',
  };
}
