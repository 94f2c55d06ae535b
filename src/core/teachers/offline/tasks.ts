/** What the offline teacher can be asked; the structured twin of a prompt. */
export type OfflineTask = GenerateTask | ValidateTask | CascadeRawTask | CascadeFormatTask | CascadeGoldenTask;

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

/** A case at a point of a domain's axes, reasoned through. The reply's text is the raw trace. */
export interface CascadeRawTask {
  readonly kind: 'cascade.raw';
  readonly domain: string;
  readonly values: Readonly<Record<string, string>>;
  readonly difficulty: 'easy' | 'medium' | 'hard';
}

/** A trace as one structured example: the formatter's envelope (`records/cascade.ts`). */
export interface CascadeFormatTask {
  readonly kind: 'cascade.format';
  readonly trace: string;
  readonly difficulty: 'easy' | 'medium' | 'hard';
}

/** Is the example sound? The golden check's verdict. */
export interface CascadeGoldenTask {
  readonly kind: 'cascade.golden';
  readonly instruction: string;
  readonly reasoning_chain: string;
  readonly trinary_logic: {
    readonly premise_a: string;
    readonly premise_b: string;
    readonly premise_c: string;
    readonly resolution: string;
  };
}
