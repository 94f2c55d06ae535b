import type { Random } from './random';

/**
 * What scanning does to print. The mix is ours, after what is reported of OCR errors: four in five are look-alikes (one
 * for one, one for two), then lost and added blanks, lost narrow letters, and one in twenty is an arbitrary letter. A digit is only taken for a letter that looks
 * like it (0/O, 1/l/I): a digit read as another digit is another number, and no checker could call that a true quote.
 */
const lookAlikes: Readonly<Record<string, readonly string[]>> = {
  m: ['rn', 'nn', 'in'],
  n: ['u', 'ri', 'h'],
  u: ['n', 'ii', 'v'],
  w: ['vv'],
  d: ['cl'],
  l: ['1', 'I', 'i', '|'],
  i: ['l', 'j', '1'],
  I: ['l', '1'],
  e: ['c', 'o'],
  c: ['e', 'o'],
  o: ['0', 'e', 'c'],
  O: ['0'],
  h: ['b', 'li'],
  b: ['h', '6'],
  a: ['o', 's'],
  t: ['f', 'l', 'r'],
  f: ['t'],
  g: ['q', '9'],
  q: ['g'],
  v: ['y', 'u'],
  y: ['v'],
  s: ['5', 'a'],
  S: ['5'],
  B: ['8'],
  r: ['t', 'i'],
  k: ['lc'],
  '0': ['O', 'o'],
  '1': ['l', 'I'],
  ',': ['.'],
  '.': [','],
};

const pairs: readonly (readonly [string, string])[] = [
  ['rn', 'm'],
  ['cl', 'd'],
  ['vv', 'w'],
  ['li', 'h'],
  ['ri', 'n'],
  ['fi', 'ﬁ'],
];

/** Each letter is read wrong with probability `rate`. */
export function scan(text: string, rate: number, random: Random): string {
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    const letter = text.charAt(i);
    if (!random.chance(rate)) {
      out += letter;
      continue;
    }
    const pair = pairs.find(([from]) => text.startsWith(from, i));
    if (pair && random.chance(0.7)) {
      out += pair[1];
      i += 1;
    } else out += misread(letter, text.charAt(i - 1), text.charAt(i + 1), random);
  }
  return out;
}

function misread(letter: string, before: string, after: string, random: Random): string {
  const inNumber = /\d/u.test(before) && /\d/u.test(after);
  if (/\s/u.test(letter)) return inNumber || /\d/u.test(before + after) ? letter : '';
  if (/[.,:]/u.test(letter)) return inNumber ? letter : (random.pick(lookAlikes[letter] ?? [letter]) ?? letter);
  if (/[01]/u.test(letter)) return random.pick(lookAlikes[letter] ?? []) ?? letter;
  if (!/\p{L}/u.test(letter)) return letter;
  const kind = random.next();
  if (kind < 0.8) return random.pick(lookAlikes[letter] ?? [letter]) ?? letter;
  if (kind < 0.9) return /\p{L}/u.test(before + after) ? `${letter} ` : letter;
  // Narrow letters drop out; a scan that loses an m has lost the word.
  if (kind < 0.95) return /[iltjfr]/u.test(letter) && /\p{L}/u.test(before + after) ? '' : letter;
  return String.fromCharCode(97 + random.below(26));
}

/** Breaks lines at `width` as a printer does, hyphenating the words that do not fit. */
export function setInColumn(text: string, width: number, eol: string, random: Random): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u)) {
    const room = width - line.length - 1;
    if (word.length <= room) {
      line += line === '' ? word : ` ${word}`;
      continue;
    }
    const letters = /^\p{L}{6,}/u.exec(word)?.[0].length ?? 0;
    const cut = Math.min(letters - 3, Math.max(3, room - 1));
    if (letters > 0 && room > 4 && random.chance(0.8)) {
      lines.push(`${line} ${word.slice(0, cut)}-`);
      line = word.slice(cut);
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].filter((part) => part !== '').join(eol);
}

export function withLigatures(text: string): string {
  return text
    .replaceAll('ffi', 'ﬃ')
    .replaceAll('ffl', 'ﬄ')
    .replaceAll('fi', 'ﬁ')
    .replaceAll('fl', 'ﬂ')
    .replaceAll('ff', 'ﬀ')
    .replaceAll('...', '…');
}

/** Other quotes, dashes, blanks and invisible characters for those that stand there. */
export function resetTypography(text: string, random: Random): string {
  const swap = (options: readonly string[]) => () => random.pick(options) ?? '';
  return text
    .replace(/["“”]/gu, swap(['"', '“', '”', '„', '«', "''"]))
    .replace(/['’]/gu, swap(["'", '’', '‘']))
    .replace(/ [–—-] | ?— ?/gu, swap([' – ', ' — ', '—', ' -- ', ' - ']))
    .replace(/(?<=\p{L})-(?=\p{L})/gu, swap(['-', '\u2010', '\u2011']))
    .replace(/ /gu, () =>
      random.chance(0.15) ? (random.pick(['\u00a0', '  ', '\n', '\u2009', '\t', '\r\n']) ?? ' ') : ' ',
    )
    .replace(/(?<=\p{L}{3})(?=\p{L}{3})/gu, () => (random.chance(0.05) ? '\u00ad' : ''));
}

export function recase(text: string, random: Random): string {
  const kind = random.below(4);
  if (kind === 0) return text.toUpperCase();
  if (kind === 1) return text.toLowerCase();
  if (kind === 2) return text.replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase());
  return text.charAt(0) === text.charAt(0).toUpperCase()
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text.charAt(0).toUpperCase() + text.slice(1);
}
