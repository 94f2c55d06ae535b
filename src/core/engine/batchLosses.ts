import { TeacherError } from '../teachers/errors';

/** Results are kept for four weeks: a batch that is not there any more after that is lost. */
export const KEPT_MS = 28 * 24 * 3_600_000;

/** Nobody will ever see the results of this batch. */
export function dropped(why: string): TeacherError {
  return new TeacherError('network', `${why}; it counts as billed.`, { maybeBilled: true });
}

export function unknownBatch(id: string, teacher: string): TeacherError {
  return new TeacherError(
    'not_found',
    `${teacher} knows no batch ${id} with this key. If it was sent with the key of another account, resume with that one. ` +
      'If it is gone, “distillery runs cancel NAME” gives it up: what it holds then counts as billed, and is asked anew.',
  );
}

export function missingResults(id: string, teacher: string): TeacherError {
  return new TeacherError(
    'not_found',
    `${teacher} says that batch ${id} has ended, and does not find its results. If they stay away, ` +
      '“distillery runs cancel NAME” gives it up: what it holds then counts as billed, and is asked anew.',
  );
}

/** The provider took none of a batch: not for what one of its requests is, so none of them is lost. */
export function refusedWhole({ message }: TeacherError, size: number): string {
  const open = size === 1 ? 'request stays' : 'requests stay';
  return `${message} The batch was refused as a whole; its ${size} ${open} open: resume when the cause is mended, or without batches.`;
}

/** The provider was asked, and does not have it. */
export function absent({ code, message }: TeacherError): TeacherError {
  return new TeacherError(code, message);
}
