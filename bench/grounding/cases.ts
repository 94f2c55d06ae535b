import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { chunkDocument } from '../../src/core/documents/chunk';
import { sentences } from '../../src/core/documents/sentences';
import { type Fabrication, fabrications } from './fabricate';
import { recase, resetTypography, scan, setInColumn, withLigatures } from './noise';
import type { Random } from './random';

export interface Case {
  readonly kind: string;
  readonly passage: string;
  readonly quote: string;
  /** The words of the passage that the quote stands for; undefined for a fabrication. */
  readonly truth: string | undefined;
}

type Disguise = (
  quote: string,
  passage: string,
  random: Random,
) => { readonly quote: string; readonly passage: string; readonly truth?: string };

const inQuote =
  (change: (quote: string, random: Random) => string): Disguise =>
  (quote, passage, random) => ({ quote: change(quote, random), passage });

/** What happens to true quotes on their way from the page to the row. */
const everyday: Readonly<Record<string, Disguise>> = {
  verbatim: inQuote((quote) => quote),
  'part of a sentence': (quote, passage, random) => ({ quote: partOf(quote, random), passage }),
  'scanned, 0.5 % of letters': inQuote((quote, random) => scan(quote, 0.005, random)),
  'scanned, 1 % of letters': inQuote((quote, random) => scan(quote, 0.01, random)),
  'quote clean, page scanned 1 %': (quote, passage, random) => scanPage(quote, passage, 0.01, random),
  ligatures: inQuote(withLigatures),
  'ligatures on the page': (quote, passage) => ({
    quote,
    passage: withLigatures(passage),
    truth: withLigatures(quote),
  }),
  'hyphenated on the page': (quote, passage, random) => inColumn(quote, passage, 34 + random.below(40), random),
  'hyphenated in the quote': inQuote((quote, random) =>
    setInColumn(quote, 30 + random.below(30), random.chance(0.5) ? '\n' : '\r\n', random),
  ),
  'quotes, dashes, white space': inQuote(resetTypography),
  case: inQuote(recase),
  'all of it, with 1 % scanned': inQuote((quote, random) =>
    resetTypography(recase(scan(withLigatures(quote), 0.01, random), random), random),
  ),
};

/** Worse scans than one would distill; reported, not held to the bar. */
const heavy: Readonly<Record<string, Disguise>> = {
  'scanned, 2 % of letters': inQuote((quote, random) => scan(quote, 0.02, random)),
  'scanned, 4 % of letters': inQuote((quote, random) => scan(quote, 0.04, random)),
  'quote clean, page scanned 2 %': (quote, passage, random) => scanPage(quote, passage, 0.02, random),
};

export const trueKinds = Object.keys(everyday);
export const heavyKinds = Object.keys(heavy);
export const falseKinds = Object.keys(fabrications);

/** Passages of 800 characters, as the pipeline cuts them, with the whole sentences in each. */
export function readPassages(root: string): { readonly text: string; readonly sentences: readonly string[] }[] {
  const prose = path.join(root, 'bench', 'grounding', 'prose');
  const files = [
    ...readdirSync(prose).map((name) => path.join(prose, name)),
    ...['handbook.md', 'field-notes.txt'].map((name) => path.join(root, 'examples', name)),
    ...[
      'commander/Readme.md',
      'yaml/README.md',
      'iconv-lite/README.md',
      'typescript/README.md',
      'typescript/LICENSE.txt',
      'parse5/README.md',
      'mammoth/README.md',
      'mocha/README.md',
    ].map((name) => path.join(root, 'node_modules', name)),
  ];
  return files.flatMap((file) =>
    chunkDocument(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).map(({ text }) => ({
      text,
      sentences: wholeSentences(text),
    })),
  );
}

/** Sentences of prose on one line, long enough to be evidence. */
function wholeSentences(text: string): string[] {
  return [...sentences(text)]
    .map(({ start, end }) => text.slice(start, end))
    .filter(
      (sentence) =>
        sentence.length >= 40 &&
        sentence.length <= 400 &&
        /^["“]?\p{Lu}.*[.!?]["”]?$/u.test(sentence) &&
        !/[|`#<[\]]|https?:/u.test(sentence) &&
        !sentence.includes('\n'),
    );
}

export function makeCase(kind: string, passages: ReturnType<typeof readPassages>, random: Random): Case | undefined {
  const page = random.pick(passages);
  const sentence = page && random.pick(page.sentences);
  if (!page || sentence === undefined) return undefined;
  const disguise = everyday[kind] ?? heavy[kind];
  if (disguise) {
    const made = disguise(sentence, page.text, random);
    return { kind, passage: made.passage, quote: made.quote, truth: made.truth ?? sentence };
  }
  const fabrication = fabrications[kind];
  const other = random.pick(page.sentences.filter((candidate) => candidate !== sentence));
  return fabrication && other !== undefined
    ? fabricated(kind, fabrication, page.text, sentence, other, random)
    : undefined;
}

/** Every third is scanned as well, so that noise cannot hide a changed meaning. */
function fabricated(
  kind: string,
  make: Fabrication,
  passage: string,
  sentence: string,
  other: string,
  random: Random,
): Case | undefined {
  const made = make(sentence, other, random);
  if (made === undefined || made.trim() === '') return undefined;
  // By chance the passage may say the fabrication too; then it is none.
  const plain = (text: string) => text.toLowerCase().replace(/\s+/gu, ' ');
  if (kind !== 'negation dropped' && plain(passage).includes(plain(made))) return undefined;
  const quote = random.chance(1 / 3) ? scan(made, 0.01, random) : made;
  return { kind, passage, quote, truth: undefined };
}

function partOf(sentence: string, random: Random): string {
  const words = sentence.split(' ');
  const length = Math.max(4, Math.ceil(words.length * (0.3 + 0.6 * random.next())));
  const from = random.below(Math.max(1, words.length - length));
  return words.slice(from, from + length).join(' ');
}

function scanPage(quote: string, passage: string, rate: number, random: Random): ReturnType<Disguise> {
  const at = passage.indexOf(quote);
  const before = scan(passage.slice(0, at), rate, random);
  const truth = scan(quote, rate, random);
  return { quote, truth, passage: before + truth + scan(passage.slice(at + quote.length), rate, random) };
}

function inColumn(quote: string, passage: string, width: number, random: Random): ReturnType<Disguise> {
  const at = passage.indexOf(quote);
  const truth = setInColumn(quote, width, random.chance(0.5) ? '\n' : '\r\n', random);
  return { quote, truth, passage: `${passage.slice(0, at)}${truth}${passage.slice(at + quote.length)}` };
}
