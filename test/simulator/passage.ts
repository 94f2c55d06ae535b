import { chance } from './chance';

/** Sentences that can be asked about, as verbatim slices of the document. */
export function sentencesOf(document: string): string[] {
  const found = document.match(/[^.!?\n]+(?:\n(?!\n)[^.!?\n]+)*[.!?]+/g) ?? [];
  const usable = found.map((sentence) => sentence.trim()).filter((sentence) => wordsOf(sentence).length >= 4);
  if (usable.length > 0) return usable;
  const whole = document.trim();
  return whole === '' ? [] : [whole.slice(0, 300)];
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * A sentence that says something else than the document: a number is changed, a negation is put in, or two halves of
 * different sentences are joined.
 */
export function fabricated(sentence: string, others: readonly string[], key: string): string {
  if (/\d/.test(sentence)) return sentence.replace(/\d+/, (digits) => String(Number(digits) + 7));
  const verb = /\b(is|are|was|were|can|must|may|will|has|have)\b/;
  if (verb.test(sentence)) return sentence.replace(verb, '$1 never');
  const other = others[Math.floor(chance(key, 'other') * others.length)] ?? 'Elsewhere the opposite was observed.';
  return `${half(sentence, 0)} ${half(other, 1)}`;
}

function half(sentence: string, which: 0 | 1): string {
  const words = sentence.split(/\s+/);
  const middle = Math.ceil(words.length / 2);
  return (which === 0 ? words.slice(0, middle) : words.slice(middle)).join(' ');
}

const NEGATION = /^(?:not|no|never|none|nor|without|cannot)$/;

/**
 * How far a document supports a claim, 0..1: the share of its content words that one sentence, or two in a row, have. A number
 * or a negation that the document does not have there makes it unsupported.
 */
export function support(claim: string, document: string): number {
  const claimed = wordsOf(claim);
  const content = claimed.filter((word) => word.length > 3 || /\d/.test(word));
  if (content.length === 0) return 0;
  const all = new Set(wordsOf(document));
  if (content.some((word) => /\d/.test(word) && !all.has(word))) return 0;
  const negations = claimed.filter((word) => NEGATION.test(word));
  const sentences = sentencesOf(document).map((sentence) => new Set(wordsOf(sentence)));
  const share = (window: ReadonlySet<string>) => content.filter((word) => window.has(word)).length / content.length;
  let best = 0;
  for (const [at, sentence] of sentences.entries()) {
    if (negations.some((word) => !sentence.has(word))) continue;
    best = Math.max(best, share(sentence));
    // A claim may take from two sentences in a row, but not its negation from the one and the rest from the other.
    if (negations.length === 0) best = Math.max(best, share(new Set([...sentence, ...(sentences[at + 1] ?? [])])));
  }
  return best;
}
