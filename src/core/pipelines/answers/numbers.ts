/** `1,200`, `-3.5`, `$40`, `12 %`, `.5`, `1e6`, `3/4` at the start of a text. */
const numeral = String.raw`[-−+]?\s?[$€£]?\s?(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?`;
const quantity = new RegExp(String.raw`(?<![\w.])${numeral}(?:\s?/\s?${numeral})?`, 'giu');
const whole = new RegExp(String.raw`^${numeral}(?:\s?/\s?${numeral})?$`, 'iu');

/** The number that a text is, or undefined when it is anything else. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  return whole.test(trimmed) ? valueOf(trimmed) : undefined;
}

/**
 * The number that an answer comes to: after `####`, in `\boxed{}`, after “the answer is”, else the last one in it.
 * Undefined when there is none.
 */
export function finalNumber(answer: string): number | undefined {
  const text = answer.replace(/\\[dt]?frac\{([^{}]+)\}\{([^{}]+)\}/g, '$1/$2').replace(/\\[!,;$%]|\*\*/g, '');
  for (const marked of [text.split('####').slice(1).at(-1), lastOf(text, /\\boxed\{([^{}]*)\}/g), stated(text)]) {
    const first = marked === undefined ? undefined : numbersIn(marked)[0];
    if (first !== undefined) return first;
  }
  return numbersIn(text).at(-1);
}

/** Equal, or equal once rounded as coarsely as the reference is: 3.14159 answers 3.14. */
export function sameNumber(given: number, reference: number): boolean {
  if (Math.abs(given - reference) <= 1e-9 * Math.max(1, Math.abs(reference))) return true;
  const decimals = String(reference).split('.')[1]?.length ?? 0;
  return decimals > 0 && decimals <= 15 && given.toFixed(decimals) === reference.toFixed(decimals);
}

function stated(text: string): string | undefined {
  const found = text
    .split(/\banswer\s*(?:is|=|:)/i)
    .slice(1)
    .at(-1);
  return found?.split('\n')[0];
}

function lastOf(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1];
}

function numbersIn(text: string): number[] {
  return (text.match(quantity) ?? []).map(valueOf).filter(Number.isFinite);
}

function valueOf(written: string): number {
  const [top = '', bottom] = written
    .replace(/[\s,$€£]/g, '')
    .replaceAll('−', '-')
    .split('/');
  return bottom === undefined ? Number(top) : Number(top) / Number(bottom);
}
