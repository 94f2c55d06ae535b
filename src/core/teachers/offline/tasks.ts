/** What the offline teacher can be asked; the structured twin of a prompt. */
export type OfflineTask = GenerateTask | ValidateTask;

/** Questions about a passage. The reply's text is the generation envelope (`records/envelopes.ts`). */
export interface GenerateTask {
  readonly kind: 'distill.generate';
  readonly passage: string;
  /** Heading path above the passage, outermost first. */
  readonly section: readonly string[];
  /** At most this many pairs. */
  readonly questions: number;
}

/** Does the passage support the answer? The reply's text is the validation envelope. */
export interface ValidateTask {
  readonly kind: 'distill.validate';
  readonly passage: string;
  /** Heading path above the passage: a question may name what only the headings name. */
  readonly section?: readonly string[];
  readonly question: string;
  readonly answer: string;
  readonly evidence: readonly string[];
}
