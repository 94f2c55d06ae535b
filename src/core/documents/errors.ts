/** Why a document cannot be used. */
export type DocumentErrorCode =
  | 'not_found'
  | 'no_permission'
  | 'is_directory'
  | 'unreadable'
  | 'empty'
  | 'too_large'
  | 'binary'
  | 'damaged'
  | 'no_text';

/** The message is a sentence for the person: what is wrong with which document, and what to do. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';

  constructor(
    readonly code: DocumentErrorCode,
    /** As the person named it. */
    readonly file: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
