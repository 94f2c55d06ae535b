/** What a text says, reduced to what can be compared: stems of content words, numbers, negations. */

const stop = new Set(
  `a an the and or but nor of to in on at by for from with as into onto over under about than then that this these those it its they them their there here
  is are was were be been being am do does did done has have had having can could will would may might must shall should
  what which who whom whose when where why how much many long often what's you your we our i he she his her him if so such also only just
  because since while whether up out off per each any some all both more most very too not no never none neither without cannot n't s t`.split(
    /\s+/u,
  ),
);

const numberWords: Readonly<Record<string, string>> = {
  zero: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  thirteen: '13',
  fourteen: '14',
  fifteen: '15',
  sixteen: '16',
  seventeen: '17',
  eighteen: '18',
  nineteen: '19',
  twenty: '20',
  thirty: '30',
  forty: '40',
  fifty: '50',
  sixty: '60',
  seventy: '70',
  eighty: '80',
  ninety: '90',
  hundred: '100',
  thousand: '1000',
  million: '1000000',
  half: '½',
};

/** Same letters for the same words: NFKC, lower case, straight quotes, plain hyphens and single spaces. */
export function normalise(text: string): string {
  return text
    .replaceAll('\u00ad', '')
    .replace(/(\p{Ll})[-‐]\s*\n\s*(?=\p{Ll})/gu, '$1')
    .normalize('NFKC')
    .replace(/[‘’‛′]/gu, "'")
    .replace(/[“”„«»″]/gu, '"')
    .replace(/[‐‑‒–—―−]/gu, '-')
    .replace(/[*_`]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
}

/** A text with its stems and numbers, each worked out once and only if asked for. */
export class Said {
  readonly text: string;
  private known: { readonly stems: ReadonlySet<string>; readonly numbers: ReadonlySet<string> } | undefined;

  constructor(text: string) {
    this.text = normalise(text);
  }

  get stems(): ReadonlySet<string> {
    return this.count().stems;
  }

  get numbers(): ReadonlySet<string> {
    return this.count().numbers;
  }

  private count(): { readonly stems: ReadonlySet<string>; readonly numbers: ReadonlySet<string> } {
    this.known ??= { stems: stemsIn(words(this.text)), numbers: numbersIn(words(this.text)) };
    return this.known;
  }
}

function words(normalised: string): string[] {
  return normalised.match(/-?\d[\d.,⁄/]*\d|\d|[½¼¾]|[\p{L}\p{M}]+(?:'[\p{L}]+)?/gu) ?? [];
}

/** Stems of the words that carry meaning, numbers left out. */
export function contentStems(text: string): Set<string> {
  return stemsIn(words(normalise(text)));
}

function stemsIn(list: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const word of list)
    if (!/\d|[½¼¾]/u.test(word) && !stop.has(word) && !Object.hasOwn(numberWords, word)) found.add(stem(word));
  return found;
}

/** Numbers in one spelling: "1,000" and "1000", "two" and "2". */
export function numbers(text: string): Set<string> {
  return numbersIn(words(normalise(text)));
}

function numbersIn(list: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const word of list) {
    if (/\d|[½¼¾]/u.test(word)) found.add(word.replace(/(?<=\d),(?=\d{3})/gu, '').replace(/^-/u, ''));
    else if (Object.hasOwn(numberWords, word)) found.add(numberWords[word] ?? word);
  }
  return found;
}

export function isNegated(text: string): boolean {
  return /\b(?:not|no|never|none|neither|nor|nothing|nobody|without|cannot|hardly|unable|fails? to)\b|n't\b/u.test(
    normalise(text),
  );
}

/** The share of `part` that is in `whole`; 1 when there is nothing to find. */
export function overlap(part: ReadonlySet<string>, whole: ReadonlySet<string>): number {
  if (part.size === 0) return 1;
  let found = 0;
  for (const word of part) if (whole.has(word)) found += 1;
  return found / part.size;
}

/** Cuts English inflection, British and American spelling alike. Crude, but the same for both texts that are compared. */
export function stem(word: string): string {
  const irregular = Object.hasOwn(irregulars, word) ? irregulars[word] : undefined;
  let root = irregular ?? word.replace(/'s?$|'(?=\p{L})/gu, '');
  if (root.length > 3)
    root = root
      .replace(/ies$/u, 'y')
      .replace(/(?<=s|x|z|ch|sh)es$/u, '')
      .replace(/(?<![su])s$/u, '');
  if (root.length > 4) root = root.replace(/ied$/u, 'y').replace(/(?:ed|ing)$/u, '');
  root = root.replace(/([b-df-hj-np-tv-z])\1$/u, '$1').replace(/e$/u, '');
  return root.replace(/our$/u, 'or').replace(/is$/u, 'iz');
}

const irregulars: Readonly<Record<string, string>> = Object.fromEntries(
  `became become began begin bought buy brought bring broke break broken break built build came come caught catch chose choose chosen choose drew draw drawn draw
  drove drive driven drive fell fall fallen fall felt feel found find gave give given give went go gone go grew grow grown grow held hold kept keep knew know known know
  laid lay led lead left leave lost lose made make meant mean met meet paid pay ran run rose rise risen rise said say saw see seen see sent send sold sell spent spend
  spoke speak spoken speak stood stand taught teach thought think threw throw thrown throw took take taken take told tell won win wore wear worn wear wrote write written write
  bore bear born bear died die children child people person men man women woman feet foot teeth tooth mice mouse`
    .split(/\s+/u)
    .reduce<[string, string][]>(
      (pairs, word, i, all) => (i % 2 === 0 ? [...pairs, [word, all[i + 1] ?? word]] : pairs),
      [],
    ),
);
