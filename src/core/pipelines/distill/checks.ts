import { ground } from '../../documents/ground';
import { standsAlone } from '../../documents/standsAlone';
import type { GeneratedPair } from '../../records/envelopes';
import type { EvidenceRow, ValidationRow } from '../../records/distill';

type Checks = ValidationRow['checks'];

/** A pair after the free checks that need nothing but its own passage. Duplicates are decided later, in turn. */
export interface CheckedPair {
  readonly pair: GeneratedPair;
  /** In the words of the document, offsets into the document. */
  readonly evidence: readonly EvidenceRow[];
  readonly checks: Checks;
  /** Reason code of the first check that failed, or empty. */
  readonly reason: string;
}

/** Runs the free checks: evidence, emptiness, standing alone. A failed check costs no validator call. */
export function checkPair(
  pair: GeneratedPair,
  passage: { readonly text: string; readonly start: number },
): CheckedPair {
  const { evidence, status } = groundAll(pair.evidence, passage);
  const checks: Checks = {
    evidence: status,
    not_empty: pair.question.trim() !== '' && pair.answer.trim() !== '',
    stands_alone: standsAlone(pair.question),
    duplicate_of: null,
  };
  return { pair, evidence, checks, reason: firstFailure(checks) };
}

function firstFailure(checks: Checks): string {
  if (!checks.not_empty) return 'empty';
  if (checks.evidence === 'missing') return 'no_evidence';
  if (checks.evidence === 'unverified') return 'evidence_unverified';
  if (!checks.stands_alone) return 'does_not_stand_alone';
  return '';
}

/** The weakest quote decides: one fabricated quote makes the evidence unverified. */
function groundAll(
  quotes: readonly string[],
  passage: { readonly text: string; readonly start: number },
): { evidence: EvidenceRow[]; status: Checks['evidence'] } {
  const evidence: EvidenceRow[] = [];
  let status: Checks['evidence'] = quotes.some((quote) => quote.trim() !== '') ? 'verified' : 'missing';
  for (const quote of quotes) {
    if (quote.trim() === '') continue;
    const found = ground(quote, passage.text);
    if (found.status === 'unverified') return { evidence: [], status: 'unverified' };
    if (found.status === 'repaired') status = 'repaired';
    evidence.push({
      quote: passage.text.slice(found.start, found.end),
      start: passage.start + found.start,
      end: passage.start + found.end,
    });
  }
  return { evidence, status };
}
