/** What print, scans and fingers do to letters. */

/** Spellings that look alike on paper: one or two letters each, in both directions. */
const lookAlikes = directions(
  `r-i c-e c-o e-o h-b h-n t-f t-l t-r r-t l-i i-j l-j u-n u-v v-y g-q s-a a-o a-e n-m n-r p-n k-h f-l f-i s-z x-k b-o d-o
   rn-m nn-m in-m ni-m vv-w cl-d ii-u li-h ln-h ri-n tt-n lc-k fi-n ti-n cl-a ll-u il-u`,
);

/** Of these, what print confuses so often that even a name is believed to be the same. */
const strong = directions('c-e l-i i-j f-t l-t g-q rn-m cl-d vv-w ii-u li-h ri-n');

function directions(list: string): ReadonlySet<string> {
  return new Set(
    list.split(/\s+/u).flatMap((pair) => {
      const [one = '', other = ''] = pair.split('-');
      return [`${one}-${other}`, `${other}-${one}`];
    }),
  );
}

const digitLetters: ReadonlyMap<string, string> = new Map([
  ['0', 'o'],
  ['1', 'l'],
  ['2', 'z'],
  ['5', 's'],
  ['6', 'b'],
  ['8', 'b'],
  ['9', 'g'],
  ['|', 'l'],
]);

/** A word in which letters were read as digits: `con5ume`, `va1ve`. */
export function withoutDigits(word: string): string {
  return word.replace(/[\d|]/gu, (digit) => digitLetters.get(digit) ?? digit);
}

/** One spelling for all words that are printed nearly the same: `rn` and `m`, `I` and `l`, with and without accents. */
export function shape(word: string): string {
  return withoutDigits(word)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('cl', 'd')
    .replaceAll('ii', 'u')
    .replaceAll('i', 'l')
    .replace(/\p{M}/gu, '');
}

export interface WearOptions {
  /** Two neighbours that changed places count once. */
  readonly swaps?: boolean;
  /** In a name only what print very often confuses counts as alike: Hansen is not Hanson. */
  readonly name?: boolean;
}

/** Edit distance in which spellings that look alike cost half (optimal string alignment, with pairs of letters). */
export function wear(one: string, other: string, { swaps = true, name = false }: WearOptions = {}): number {
  const columns = other.length + 1;
  if (Math.abs(one.length - other.length) > 3) return Infinity;
  const plain = name ? 2 : 1;
  const cost = new Float64Array((one.length + 1) * columns).fill(Infinity);
  const at = (r: number, c: number) => cost[r * columns + c] ?? Infinity;
  for (let r = 0; r <= one.length; r += 1) {
    for (let c = 0; c <= other.length; c += 1) {
      let best = r + c === 0 ? 0 : Infinity;
      if (r > 0) best = Math.min(best, at(r - 1, c) + plain);
      if (c > 0) best = Math.min(best, at(r, c - 1) + plain);
      if (r > 0 && c > 0) {
        best = Math.min(best, at(r - 1, c - 1) + (one.charAt(r - 1) === other.charAt(c - 1) ? 0 : plain));
        for (const [i, j] of steps) {
          if (i > r || j > c) continue;
          const before = at(r - i, c - j);
          if (before + 0.5 < best && looksAlike(one.slice(r - i, r), other.slice(c - j, c), name)) best = before + 0.5;
        }
        const crossed = swaps && r > 1 && c > 1 && one.charAt(r - 1) === other.charAt(c - 2);
        if (crossed && one.charAt(r - 2) === other.charAt(c - 1)) best = Math.min(best, at(r - 2, c - 2) + plain);
      }
      cost[r * columns + c] = best;
    }
  }
  return at(one.length, other.length);
}

const steps = [
  [1, 1],
  [1, 2],
  [2, 1],
] as const;

function looksAlike(a: string, b: string, name: boolean): boolean {
  if (strong.has(`${a}-${b}`)) return true;
  return !name && (lookAlikes.has(`${a}-${b}`) || a === b + b || b === a + a);
}
