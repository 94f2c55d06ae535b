import type { TeacherError } from '../teachers/errors';
import type { Teacher, TeacherRequest } from '../teachers/teacher';
import type { ReplyLine } from './lines';
import type { Nano } from './money';
import type { StageClosed } from './pipeline';

/** One request on its way. */
export interface Errand {
  readonly unit: number;
  readonly ask: string;
  /** 1: the second try, with the error appended. */
  readonly attempt: number;
  readonly stage: string;
  /** Later stages go first. */
  readonly priority: number;
  readonly teacher: Teacher;
  readonly request: TeacherRequest;
}

export interface Delivery {
  readonly line: ReplyLine;
  /** What attempts without an answer may have cost. */
  readonly lostCost: Nano;
}

/** What became of one attempt: an answer, none and what it may have cost, or the run stops before it is known. */
export type Outcome =
  | { readonly line: ReplyLine }
  | { readonly error: TeacherError; readonly cost: Nano }
  | { readonly closed: StageClosed };

/** Losses that are the run's own doing, not the row's: a row costs the same whether or not its run was interrupted. */
export const INTERRUPTED: ReadonlySet<string> = new Set(['interrupted', 'cancelled']);
