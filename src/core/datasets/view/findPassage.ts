export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a recorded passage stands in a text: at its offsets if it is still there, else the nearest place with the same
 * words. White space may differ, because editors unify line ends and runs may have unwrapped lines.
 */
export function findPassage(
  text: string,
  passage: { start: number; end: number; text: string },
): TextRange | undefined {
  const words = passage.text.trim().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return undefined;
  const pattern = new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')).join('\\s+'), 'gu');
  let best: TextRange | undefined;
  for (const match of text.matchAll(pattern)) {
    const found = { start: match.index, end: match.index + match[0].length };
    if (!best || distance(found, passage) < distance(best, passage)) best = found;
  }
  return best;
}

function distance(found: TextRange, passage: TextRange): number {
  return Math.abs(found.start - passage.start);
}
