export type DatasetViewErrorCode =
  'edited_row_unreadable' | 'not_open' | 'not_local' | 'bad_query' | 'nothing_to_apply' | 'too_large' | 'text_cut';

/** Something of the viewer cannot be done; the message says what to do instead. */
export class DatasetViewError extends Error {
  override readonly name = 'DatasetViewError';
  constructor(
    readonly code: DatasetViewErrorCode,
    message: string,
  ) {
    super(message);
  }
}
