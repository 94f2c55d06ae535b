import { TeacherError } from '../teachers/errors';

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

/** The provider was asked, and does not have it. */
export function absent({ code, message }: TeacherError): TeacherError {
  return new TeacherError(code, message);
}
