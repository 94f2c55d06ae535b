/**
 * Tokens as `o200k_base` counts them (GPT-4o and later; Llama 3, Qwen and DeepSeek come within a few percent on English).
 * The counts are those of `gpt-tokenizer`; what is faster here is cutting the text into pieces (o200k's pattern, without
 * a regular expression) and remembering the count of every piece that was seen.
 */
export type CountTokens = (text: string) => number;

let loaded: Promise<CountTokens> | undefined;

/** Takes some 100 ms at first use. */
export function loadTokenCounter(): Promise<CountTokens> {
  return (loaded ??= load());
}

async function load(): Promise<CountTokens> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // What looks like a special token is text here, and must not throw.
  const asText = { disallowedSpecial: new Set<string>() };
  const counter = new PieceCounter((piece) => countTokens(piece, asText));
  return (text) => counter.count(text);
}

/** No word is that long: base64, rules of dashes. Byte-pair merging is quadratic in the length of a piece. */
const LONGEST_PIECE = 512;
/** Distinct pieces remembered: 12 bytes each. */
const REMEMBERED = 1 << 19;

/** Kinds of characters in o200k's pattern. */
const OTHER = 0;
const UPPER = 1;
const LOWER = 2;
/** Letters that are neither (CJK, modifiers): the pattern takes them for both. */
const LETTER = 3;
const DIGIT = 4;
const SPACE = 5;
const BREAK = 6;
/** Combining marks and surrogates: the pattern backtracks over them, which is left to the tokenizer itself. */
const HARD = 7;

class PieceCounter {
  private readonly kinds = kindsOfCharacters();
  private readonly first = new Int32Array(REMEMBERED * 2);
  private readonly second = new Int32Array(REMEMBERED * 2);
  private readonly counts = new Uint16Array(REMEMBERED * 2);
  private remembered = 0;

  constructor(private readonly exactly: CountTokens) {}

  count(text: string): number {
    const { kinds } = this;
    let tokens = 0;
    for (let at = 0; at < text.length;) {
      let end = endOfPiece(text, at, kinds);
      if (end < 0) end = nextWord(text, at);
      tokens += this.pieceTokens(text, at, end);
      at = end;
    }
    return tokens;
  }

  private pieceTokens(text: string, start: number, end: number): number {
    if (end - start === 1 && text.charCodeAt(start) < 128) return 1;
    let a = 0x811c9dc5;
    let b = end - start;
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
    }
    const mask = this.counts.length - 1;
    let slot = (a ^ (a >>> 15)) & mask;
    for (;;) {
      const known = this.counts[slot] ?? 0;
      if (known === 0) break;
      if (this.first[slot] === a && this.second[slot] === b) return known;
      slot = (slot + 1) & mask;
    }
    const tokens = this.inSlices(text.slice(start, end));
    if (this.remembered < REMEMBERED && tokens < 0xffff) {
      this.remembered++;
      this.first[slot] = a;
      this.second[slot] = b;
      this.counts[slot] = tokens;
    }
    return tokens;
  }

  /** Exact up to `LONGEST_PIECE` characters without a space; beyond, a token too many for every slice at most. */
  private inSlices(text: string): number {
    if (text.length <= LONGEST_PIECE) return this.exactly(text);
    let tokens = 0;
    for (let at = 0; at < text.length; at += LONGEST_PIECE) tokens += this.exactly(text.slice(at, at + LONGEST_PIECE));
    return tokens;
  }
}

/** Where a space follows a word: no piece reaches over that, whatever the characters. */
function nextWord(text: string, at: number): number {
  for (let space = text.indexOf(' ', at + 1); space >= 0; space = text.indexOf(' ', space + 1)) {
    if (/\S/u.test(text.charAt(space - 1))) return space;
  }
  return text.length;
}

/** The end of the piece that begins at `at` in o200k's pattern, or -1 where only the pattern itself can tell. */
function endOfPiece(text: string, at: number, kinds: Uint8Array): number {
  const kind = kinds[text.charCodeAt(at)] ?? HARD;
  if (kind === HARD) return -1;
  const letters =
    kind === UPPER || kind === LOWER || kind === LETTER ? at : kind === DIGIT || kind === BREAK ? -1 : at + 1;
  if (letters >= 0 && letters < text.length) {
    const end = endOfWord(text, letters, kinds);
    if (end !== letters) return end;
  }
  if (kind === DIGIT) return endOfDigits(text, at, kinds);
  const marks = kind === SPACE && text.charCodeAt(at) === 0x20 ? at + 1 : at;
  if (kindAt(text, marks, kinds) === HARD) return -1;
  if (kindAt(text, marks, kinds) === OTHER) return endOfMarks(text, marks, kinds);
  return endOfSpace(text, at, kinds);
}

/** `[Lu…]*[Ll…]+` or else `[Lu…]+[Ll…]*`, and a contraction behind it. `start` when there is no letter. */
function endOfWord(text: string, start: number, kinds: Uint8Array): number {
  let at = start;
  let lastLetter = -1;
  for (;;) {
    const kind = kindAt(text, at, kinds);
    if (kind === LETTER) lastLetter = at;
    else if (kind !== UPPER) break;
    at++;
  }
  if (kindAt(text, at, kinds) === LOWER) {
    for (let kind = kindAt(text, at, kinds); kind === LOWER || kind === LETTER; kind = kindAt(text, at, kinds)) at++;
  } else if (lastLetter >= 0) at = lastLetter + 1;
  if (kindAt(text, at, kinds) === HARD) return -1;
  return at === start ? start : endOfContraction(text, at);
}

function endOfContraction(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x27) return at;
  const one = text.slice(at + 1, at + 2).toLowerCase();
  if (one === 's' || one === 't' || one === 'm' || one === 'd') return at + 2;
  const two = text.slice(at + 1, at + 3).toLowerCase();
  return two === 're' || two === 've' || two === 'll' ? at + 3 : at;
}

function endOfDigits(text: string, start: number, kinds: Uint8Array): number {
  let at = start;
  while (at < start + 3 && kindAt(text, at, kinds) === DIGIT) at++;
  return at;
}

/** ` ?[^\s\p{L}\p{N}]+[\r\n/]*` */
function endOfMarks(text: string, start: number, kinds: Uint8Array): number {
  let at = start;
  while (kindAt(text, at, kinds) === OTHER) at++;
  if (kindAt(text, at, kinds) === HARD) return -1;
  while (kindAt(text, at, kinds) === BREAK || text.charCodeAt(at) === 0x2f) at++;
  return at;
}

/** `\s*[\r\n]+`, or else `\s+(?!\S)`, or else `\s+`. */
function endOfSpace(text: string, start: number, kinds: Uint8Array): number {
  let at = start;
  let lastBreak = -1;
  for (let kind = kindAt(text, at, kinds); kind === SPACE || kind === BREAK; kind = kindAt(text, at, kinds)) {
    if (kind === BREAK) lastBreak = at;
    at++;
  }
  if (lastBreak >= 0) return lastBreak + 1;
  return at === text.length || at === start + 1 ? at : at - 1;
}

/** Past the end there is a kind that ends everything. */
function kindAt(text: string, at: number, kinds: Uint8Array): number {
  return at < text.length ? (kinds[text.charCodeAt(at)] ?? HARD) : END;
}
const END = 8;

function kindsOfCharacters(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  for (let code = 0; code < kinds.length; code++) kinds[code] = kindOf(code, String.fromCharCode(code));
  return kinds;
}

function kindOf(code: number, character: string): number {
  if ((code >= 0xd800 && code <= 0xdfff) || /\p{M}/u.test(character)) return HARD;
  if (code === 10 || code === 13) return BREAK;
  if (/\s/u.test(character)) return SPACE;
  if (/[\p{Lu}\p{Lt}]/u.test(character)) return UPPER;
  if (/\p{Ll}/u.test(character)) return LOWER;
  if (/\p{L}/u.test(character)) return LETTER;
  return /\p{N}/u.test(character) ? DIGIT : OTHER;
}
