import type { Said } from '../lexical';
import type { ValidateTask } from '../tasks';

export type Criterion = 'grounded' | 'no_hallucination' | 'complete';

export interface Fault {
  readonly criterion: Criterion;
  /** A sentence for the person. */
  readonly says: string;
  /** How sure we are that it is one. */
  readonly sure: number;
}

/** A pair beside its passage, reduced to what the checks compare. */
export interface Case {
  readonly task: ValidateTask;
  /** The question without its setting, as it was written. */
  readonly body: string;
  readonly passage: Said;
  readonly evidence: Said;
  readonly question: Said;
  readonly answer: Said;
}

/** A line of it, for a message. */
export function short(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
