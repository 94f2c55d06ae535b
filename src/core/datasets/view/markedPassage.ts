import type { Passage } from './runFolder';

/** A stretch of a passage, quoted as evidence or not. */
export interface Stretch {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** A passage with its quotes marked: where the run says they stand, or else where their words do. */
export function markedPassage(
  passage: Pick<Passage, 'start' | 'text'>,
  quotes: readonly Pick<Passage, 'start' | 'text'>[],
): Stretch[] {
  const stretches: Stretch[] = [];
  let end = 0;
  for (const quote of placed(passage, quotes)) {
    const from = Math.max(end, quote.from);
    if (quote.to <= from) continue;
    if (from > end) stretches.push({ text: passage.text.slice(end, from), isQuoted: false });
    stretches.push({ text: passage.text.slice(from, quote.to), isQuoted: true });
    end = quote.to;
  }
  if (end < passage.text.length) stretches.push({ text: passage.text.slice(end), isQuoted: false });
  return stretches;
}

function placed({ start, text }: Pick<Passage, 'start' | 'text'>, quotes: readonly Pick<Passage, 'start' | 'text'>[]) {
  return quotes
    .filter((quote) => quote.text !== '')
    .map((quote) => {
      const said = quote.start - start;
      const from = said >= 0 && text.startsWith(quote.text, said) ? said : text.indexOf(quote.text);
      return { from, to: from + quote.text.length };
    })
    .filter(({ from }) => from >= 0)
    .sort((a, b) => a.from - b.from || a.to - b.to);
}
