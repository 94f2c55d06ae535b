import { createHash } from 'node:crypto';
import { type Message, type Teacher, type TeacherReply, type TeacherRequest, teacherName } from '../teachers/teacher';
import type { InvalidReply, Stage } from './pipeline';
import { requestOf } from './request';

/** An ask, ready to be sent or recalled. */
export interface Prepared {
  /** Identifies the ask in the journal; the same on every run. */
  readonly key: string;
  readonly request: TeacherRequest;
}

/** The sampling seed of an ask, 31 bits: votes on the same prompt differ, runs do not. */
export function seedFor(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readUInt32BE(0) >>> 1;
}

export function prepare<In, Out>(
  of: { readonly unitId: string; readonly runSeed: number; readonly vote: number },
  stage: Stage<In, Out>,
  input: In,
  teacher: Teacher,
): Prepared {
  const { task, ...unseeded } = requestOf(stage, input);
  const wire = { ...unseeded, seed: seedFor(of.runSeed, of.unitId, stage.name, of.vote) };
  const name = teacherName(teacher);
  const identity: unknown[] = [of.unitId, stage.name, name, of.vote, wire];
  // The offline teacher reads the task, not the prose.
  if (teacher.provider === 'offline') identity.push(task ?? null);
  const key = createHash('sha256').update(JSON.stringify(identity)).digest('base64url').slice(0, 27);
  return { key, request: { ...wire, ...(task ? { task } : {}) } };
}

/** The second attempt: the reply that cannot be used, and why. */
export function withError(request: TeacherRequest, reply: TeacherReply, error: InvalidReply): TeacherRequest {
  const messages: Message[] = [...request.messages];
  if (reply.text.trim() !== '') messages.push({ role: 'assistant', content: reply.text });
  messages.push({
    role: 'user',
    content: `That reply cannot be used. ${error.message}\nAnswer the request again, whole and corrected${
      request.schema ? ', as JSON of the required shape and nothing else' : ''
    }.`,
  });
  return { ...request, messages };
}
