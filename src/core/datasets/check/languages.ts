/** A row of the sample. */
export interface Sampled {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const MOST = 2000;
/** Shorter texts are guessed wrong too often. */
export const SHORTEST = 80;
export const LONGEST = 600;

/** An even sample of a stream whose length nobody knows: every n-th row, n doubling whenever the sample is full. */
export class LanguageSample {
  private rows: Sampled[] = [];
  private stride = 1;
  private seen = 0;

  add(file: string, line: number, text: string): void {
    if (text.length < SHORTEST || this.seen++ % this.stride !== 0) return;
    this.rows.push({ file, line, text: text.slice(0, LONGEST) });
    if (this.rows.length < MOST) return;
    this.rows = this.rows.filter((_, index) => index % 2 === 0);
    this.stride *= 2;
  }

  /** Rows that are surely in another language than most: the language of the sample, and theirs. */
  async strangers(): Promise<
    { readonly main: string; readonly rows: readonly (Sampled & { readonly language: string })[] } | undefined
  > {
    if (this.rows.length === 0) return undefined;
    const { detectAll } = await import('tinyld/light');
    const guessed = this.rows.flatMap((row) => {
      const [best, second] = detectAll(row.text);
      const sure = best !== undefined && best.accuracy >= 0.15 && best.accuracy >= 3 * (second?.accuracy ?? 0);
      return sure ? [{ ...row, language: best.lang }] : [];
    });
    const counts = new Map<string, number>();
    for (const { language } of guessed) counts.set(language, (counts.get(language) ?? 0) + 1);
    const [most] = [...counts].sort((a, b) => b[1] - a[1]);
    if (!most) return undefined;
    return { main: most[0], rows: guessed.filter(({ language }) => language !== most[0]) };
  }
}
