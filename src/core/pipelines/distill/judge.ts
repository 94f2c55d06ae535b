import { AskFailed, asked, StageClosed, type UnitContext } from '../../engine/pipeline';
import type { RowStatus } from '../../records/distill';
import type { GeneratedPair, Validation } from '../../records/envelopes';
import { checkPair } from './checks';
import type { Admitted } from './duplicates';
import type { DistillOptions } from './options';
import { isApproved, validate } from './stages';

/** A pair with its final status. `pair` stays as generated; `golden` is what an approved pair became. */
export interface Judged extends Admitted {
  readonly status: RowStatus;
  readonly verdict: Validation | null;
  readonly golden: GeneratedPair | null;
  readonly validationUsd: number;
  readonly lost?: AskFailed;
  /** The stage closed before a verdict: the unit is worked again when the run goes on. */
  readonly open?: boolean;
}

interface Passage {
  readonly text: string;
  readonly section: readonly string[];
  readonly start: number;
}

/** The validator's part: sampled, voted on, corrected once when asked for. */
export async function judge(
  pair: Admitted,
  passage: Passage,
  run: UnitContext,
  options: DistillOptions,
): Promise<Judged> {
  // Drawn for every pair, so that the sample does not depend on which checks fail.
  const sampled = run.random() < options.validateFraction;
  const unjudged = { ...pair, verdict: null, golden: null, validationUsd: 0 };
  if (pair.reason !== '') return { ...unjudged, status: 'rejected' };
  if (!sampled) return { ...unjudged, status: 'unvalidated', reason: 'not_sampled' };
  const judged = await asked(verdictOn(pair, passage, run, options));
  if (judged instanceof StageClosed) return { ...unjudged, status: 'unvalidated', reason: judged.reason, open: true };
  if (judged instanceof AskFailed) {
    return { ...unjudged, status: 'failed', reason: judged.code, lost: judged, validationUsd: judged.costUsd };
  }
  return judged;
}

async function verdictOn(pair: Admitted, passage: Passage, run: UnitContext, options: DistillOptions): Promise<Judged> {
  const first = await vote(pair.pair, passage, run, options.votes, 0);
  const judged = { ...pair, verdict: first.verdict, validationUsd: first.usd };
  if (isApproved(first.verdict)) return { ...judged, status: 'approved', golden: pair.pair };

  const corrected = options.applyCorrections ? correctedPair(pair.pair, first.verdict, passage) : undefined;
  if (!corrected) return { ...judged, status: 'rejected', reason: 'validator', golden: null };
  const second = await vote(corrected, passage, run, options.votes, options.votes);
  const both = { ...judged, validationUsd: first.usd + second.usd };
  return isApproved(second.verdict)
    ? { ...both, status: 'approved', verdict: second.verdict, golden: corrected }
    : { ...both, status: 'rejected', reason: 'validator', golden: null };
}

/** Majority of `votes`, ending as soon as it is decided; a tie is a no. The verdict is the first of the winning side. */
async function vote(
  { question, answer, evidence }: GeneratedPair,
  passage: Passage,
  run: UnitContext,
  votes: number,
  firstVote: number,
): Promise<{ verdict: Validation; usd: number }> {
  const approving: Validation[] = [];
  const refusing: Validation[] = [];
  let usd = 0;
  for (let k = 0; k < votes && approving.length * 2 <= votes && refusing.length * 2 < votes; k++) {
    const cast = await run.ask(
      validate,
      { passage: passage.text, section: passage.section, question, answer, evidence },
      { vote: firstVote + k },
    );
    usd += cast.costUsd;
    (isApproved(cast.value) ? approving : refusing).push(cast.value);
  }
  const [verdict] = approving.length > refusing.length ? approving : refusing;
  if (!verdict) throw new RangeError(`votes must be a whole number of at least 1, not ${votes}.`);
  return { verdict, usd };
}

/** The validator's correction, when it passes the free checks too; its evidence stays the original one. */
function correctedPair(pair: GeneratedPair, verdict: Validation, passage: Passage): GeneratedPair | undefined {
  if (!verdict.corrections) return undefined;
  const { question, answer } = verdict.corrections;
  const corrected = { ...pair, question, answer };
  return checkPair(corrected, passage).reason === '' ? corrected : undefined;
}
