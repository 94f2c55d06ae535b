/**
 * - `not_found`, `unreadable`: the input file.
 * - `not_utf8`: UTF-16 or binary where text rows were expected.
 * - `unwritable`: the output's place.
 * - `exists`: the output is there already; nothing is ever overwritten.
 * - `broken_rows`: rows that a step cannot work on.
 * - `wrong_format`: rows are not of the format that was named, or of none that is known.
 * - `mixed_schema`: files or rows do not agree on their columns.
 * - `wrong_usage`: options that make no sense together.
 * - `empty`: no rows.
 * - `refused`: a server said no.
 */
export type DatasetErrorCode =
  | 'not_found'
  | 'unreadable'
  | 'not_utf8'
  | 'unwritable'
  | 'exists'
  | 'broken_rows'
  | 'wrong_format'
  | 'mixed_schema'
  | 'wrong_usage'
  | 'empty'
  | 'refused';

/** What went wrong with a dataset, in a sentence that says what to do. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  constructor(
    readonly code: DatasetErrorCode,
    message: string,
    /** The rows that are at fault, by file and 1-based line, where rows are at fault. */
    readonly rows: readonly RowProblem[] = [],
  ) {
    super(message);
  }
}

/** Something wrong with one row, where it is. Lines and columns are 1-based; columns count UTF-16 code units. */
export interface RowProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
