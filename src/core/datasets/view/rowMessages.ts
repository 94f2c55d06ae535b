import { withEdits } from './edits';
import { oneLine, previewCells, sliceWhole } from './preview';
import type { RowReview } from './reviewState';
import type { ReadRow } from './rowReader';
import type { Row } from './rowText';
import { trimValue, type Cut } from './trim';

const BAD_DETAIL_CHARACTERS = 50_000;

/** A row on its way to the table. */
export function previewMessage(
  { line, range, row }: ReadRow,
  columns: readonly string[],
  review: RowReview | undefined,
) {
  return {
    line,
    state: row.state,
    bytes: range.end - range.start,
    cells: previewCells(edited(row, review), columns),
    problem: row.state === 'bad' ? row.problem : null,
    text: row.state === 'bad' ? oneLine(row.text) : '',
    review: review ?? null,
  };
}

/** A row on its way to the detail pane. */
export function detailMessage(
  { line, range, row }: ReadRow,
  review: RowReview | undefined,
  other?: { readonly read: ReadRow; readonly review: RowReview | undefined },
) {
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
    review: review ?? null,
    otherHalf: other ? otherHalfMessage(other.read, other.review) : null,
  };
}

function otherHalfMessage({ line, row }: ReadRow, review: RowReview | undefined) {
  const own = edited(row, review);
  const { value, cuts } = trimValue(own.state === 'ok' ? own.value : undefined);
  return { line, json: JSON.stringify(value), cuts };
}

/** The table shows a row as its review wants it; the detail pane is sent both, to show what was changed. */
function edited(row: Row, review: RowReview | undefined): Row {
  return row.state === 'ok' && review ? { ...row, value: withEdits(row.value, review.edits) } : row;
}
