import { TeacherError } from '../../teachers/errors';
import { type Teacher, type TeacherReply, type TeacherRequest, teacherName } from '../../teachers/teacher';
import { fewestTeachers } from './options';

export interface LeaveOut {
  /** So many failures in a row, over at least this long, and the teacher is out. */
  readonly failures: number;
  readonly silenceMs: number;
  /** The same for one that never answered: it is most likely not there. */
  readonly neverAnsweredMs: number;
  /** A provider that asks to wait longer than this is not waited for. */
  readonly longestWaitMs: number;
}

/** Shorter than the engine's own patience, which would pause the run for all teachers. */
const leaveOut: LeaveOut = { failures: 4, silenceMs: 30_000, neverAnsweredMs: 5000, longestWaitMs: 5 * 60_000 };

/**
 * The same teachers, each of which is left out of the rest of the run once it is down (its key is revoked, its credit used
 * up, nothing but failures) while at least two others stand. The last two are not left out: without them the run pauses,
 * as any run does. What was lost is asked again with `--retry-failed`.
 * @param tell hears once of each teacher that is left out.
 */
export function leavingOut(
  teachers: readonly Teacher[],
  tell: (sentence: string) => void,
  limits: LeaveOut = leaveOut,
): readonly Teacher[] {
  let standing = teachers.length;
  const mayLeave = (): boolean => {
    if (standing <= fewestTeachers) return false;
    standing--;
    return true;
  };
  return teachers.map((teacher) => new DispensableTeacher(teacher, mayLeave, tell, limits));
}

class DispensableTeacher implements Teacher {
  readonly provider: string;
  readonly model: string;
  readonly deployment: string;
  #out: string | undefined;
  #failures = 0;
  #since: number | undefined;
  #everAnswered = false;

  constructor(
    private readonly teacher: Teacher,
    private readonly mayLeave: () => boolean,
    private readonly tell: (sentence: string) => void,
    private readonly limits: LeaveOut,
  ) {
    this.provider = teacher.provider;
    this.model = teacher.model;
    this.deployment = teacher.deployment;
  }

  async complete(request: TeacherRequest, signal: AbortSignal): Promise<TeacherReply> {
    if (this.#out !== undefined) throw new TeacherError('left_out', this.#out);
    try {
      const reply = await this.teacher.complete(request, signal);
      this.#everAnswered = true;
      this.#failures = 0;
      this.#since = undefined;
      return reply;
    } catch (error) {
      const sentence = error instanceof TeacherError ? this.#outAfter(error) : undefined;
      if (sentence === undefined || !(error instanceof TeacherError)) throw error;
      throw new TeacherError('left_out', sentence, error.details);
    }
  }

  inputTokenBound(request: TeacherRequest, tight: boolean): number {
    return this.teacher.inputTokenBound(request, tight);
  }

  /** Why the teacher is out, if it is after this error. */
  #outAfter(error: TeacherError): string | undefined {
    if (error.code === 'cancelled') return undefined;
    if (this.#out === undefined && this.#isDown(error) && this.mayLeave()) {
      this.#out = `${teacherName(this)} is left out from here on: ${error.message}`;
      this.tell(this.#out);
    }
    return this.#out;
  }

  #isDown(error: TeacherError): boolean {
    if (error.concernsAll) return true;
    if ((error.details.retryAfterMs ?? 0) > this.limits.longestWaitMs) return true;
    // Being pushed back is not being down.
    if (!error.passing || error.code === 'rate_limited') return false;
    const now = performance.now();
    this.#failures++;
    this.#since ??= now;
    const patience = this.#everAnswered ? this.limits.silenceMs : this.limits.neverAnsweredMs;
    return this.#failures >= this.limits.failures && now - this.#since >= patience;
  }
}
