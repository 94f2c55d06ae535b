import type { Candidate } from './questions/frame';

/** Below this a question is better not asked. */
const threshold = 0.65;

/** The best candidates, no two about the same sentence unless they ask for different things, no two alike. */
export function choose(candidates: readonly Candidate[], most: number): Candidate[] {
  const chosen: Candidate[] = [];
  const good = candidates
    .map((candidate, order) => ({ candidate, order }))
    .filter(({ candidate }) => candidate.score >= threshold)
    .sort((a, b) => b.candidate.score - a.candidate.score || a.order - b.order);
  for (const second of [false, true]) {
    for (const { candidate } of good) {
      if (chosen.length >= most) break;
      if (
        chosen.some(
          (other) =>
            tooAlike(other, candidate) ||
            (other.origin === candidate.origin && !(second && asksElse(other, candidate))),
        )
      )
        continue;
      chosen.push(candidate);
    }
  }
  return chosen.sort((a, b) => a.answer.start - b.answer.start);
}

/** A second question about a sentence must be a good one, and its answer must be another part of the sentence. */
function asksElse(first: Candidate, second: Candidate): boolean {
  const apart = first.answer.end <= second.answer.start || second.answer.end <= first.answer.start;
  return apart && second.score >= 0.8 && first.origin.startsWith('s');
}

function tooAlike(a: Candidate, b: Candidate): boolean {
  if (a.answer.start === b.answer.start && a.answer.end === b.answer.end) return true;
  const left = contentWords(a.question);
  const right = contentWords(b.question);
  // "When was she born?" beside "Where was she born?"
  if (asks(a.question) !== asks(b.question)) return false;
  const shared = [...left].filter((word) => right.has(word)).length;
  return (
    shared / Math.max(1, Math.min(left.size, right.size)) > 0.85 &&
    a.origin.charAt(0) === b.origin.charAt(0) &&
    a.origin.charAt(0) === 's'
  );
}

/** The question word, after whatever places the question. */
function asks(question: string): string {
  return (
    /\b(?:when|where|who|whom|why|how)\b/iu
      .exec(question.replace(/^(?:In “[^”]*”|On [^,]*), /u, ''))?.[0]
      .toLowerCase() ?? 'what'
  );
}

function contentWords(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}
