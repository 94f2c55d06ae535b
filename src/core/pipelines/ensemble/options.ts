export interface EnsembleOptions {
  /** `provider/model`, in the order in which they are asked. */
  readonly teachers: readonly string[];
  /** What a good answer is; goes to the judges. */
  readonly rubric: string;
  /** A row whose answer scores less needs review. */
  readonly threshold: number;
  /** So does a row on which the teachers agree less than this. */
  readonly minAgreement: number;
  readonly startIndex: number;
  readonly maxExamples?: number;
}

export const ensembleDefaults = { threshold: 0.7, minAgreement: 0.5 } as const;
/** The best answer wins by itself when it leads by so much; else one is written from all. */
export const clearMargin = 0.1;
/** Best and worst make a preference pair when their scores differ by so much. */
export const preferenceMargin = 0.2;
/** Fewer are no ensemble; more have no letter that a reader keeps apart. */
export const fewestTeachers = 2;
export const mostTeachers = 8;

export const ensembleBudget = {
  run: 10,
  shares: { answer: 0.4, judge: 0.3, synthesize: 0.1 },
  reserve: 0.2,
} as const;

export const defaultRubric = `Correct: every statement is true and every step follows.
Complete: it answers all that is asked, and adds nothing that is not.
Reasoned: it shows the reasons that its reader needs.`;
