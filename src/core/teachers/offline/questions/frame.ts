import type { Difficulty } from '../../../records/envelopes';
import type { Clause } from '../language/clause';
import type { Lead } from '../language/lead';
import type { Mentions } from '../language/mentions';
import type { Referent } from '../language/protagonist';
import type { Range } from '../language/token';
import type { Replacement } from '../language/wording';
import type { Sentence } from '../passage';

/** A half-open range of the passage. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A question that could be asked, and how good it looks. */
export interface Candidate {
  readonly question: string;
  readonly answer: Span;
  readonly evidence: readonly Span[];
  readonly reasoning: string;
  readonly difficulty: Difficulty;
  readonly score: number;
  /** Sentences or lists that the answer comes from: one question each is enough. */
  readonly origin: string;
}

/** A sentence ready to be asked about. */
export interface Frame {
  readonly sentence: Sentence;
  readonly clause: Clause | undefined;
  readonly lead: Lead | undefined;
  /** Where the main clause begins. */
  readonly main: number;
  readonly imperative: boolean;
  readonly referent: Referent | undefined;
  readonly mentions: Mentions;
  /** Not the sentence's first clause, so that a pronoun in it may mean the first one's subject. */
  readonly second?: boolean;
}

export interface Draft {
  readonly score: number;
  readonly difficulty: Difficulty;
  readonly reasoning: string;
  /** Token range of the answer. */
  readonly answer: Range;
  /** Token ranges whose words the question uses. */
  readonly uses: readonly Range[];
  /** Says something about particular things although its subject is general: "a technician visits the tower". */
  readonly local?: boolean;
  /** The answer and what is kept are whole pieces of the clause (`parts.ts`). */
  readonly parted?: boolean;
  /** About a name within the sentence, not about what the sentence says. */
  readonly apart?: boolean;
  /** Writes the question once its references are clear. */
  readonly write: (replacements: readonly Replacement[]) => string;
}
