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
const END = 8;
/** A code unit that Unicode keeps free. */
const END_OF_TEXT = 0xffff;

class PieceCounter {
  private readonly kinds = kindsOfCharacters();
  private readonly first = new Int32Array(REMEMBERED * 2);
  private readonly second = new Int32Array(REMEMBERED * 2);
  private readonly counts = new Uint16Array(REMEMBERED * 2);
  private remembered = 0;
  private bytes = Buffer.alloc(0);
  private codes = new Uint16Array(0);

  constructor(private readonly exactly: CountTokens) {}

  count(text: string): number {
    // The sentinel of the pattern is no character that text has; where it does, nothing is gained here.
    if (text.includes('\uffff')) return this.inSlices(text);
    const codes = this.codesOf(text);
    let tokens = 0;
    for (let at = 0; at < text.length;) {
      let end = endOfPiece(codes, at, this.kinds);
      if (end < 0) end = nextWord(text, at);
      tokens += this.pieceTokens(text, codes, at, end);
      at = end;
    }
    return tokens;
  }

  /** The text as numbers with a sentinel behind it: the pattern then needs no look at the length. */
  private codesOf(text: string): Uint16Array {
    if (text.length >= this.codes.length) {
      this.bytes = Buffer.from(new ArrayBuffer((text.length + 1) * 3));
      this.codes = new Uint16Array(this.bytes.buffer, 0, this.bytes.length >> 1);
    }
    this.bytes.write(text, 'utf16le');
    this.codes[text.length] = END_OF_TEXT;
    return this.codes;
  }

  private pieceTokens(text: string, codes: Uint16Array, start: number, end: number): number {
    if (end - start === 1 && (codes[start] ?? 0) < 128) return 1;
    let a = 0x811c9dc5;
    let b = end - start;
    for (let at = start; at < end; at++) {
      const code = codes[at] ?? 0;
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
function endOfPiece(codes: Uint16Array, at: number, kinds: Uint8Array): number {
  const kind = kindAt(codes, at, kinds);
  if (kind === HARD) return -1;
  const letters =
    kind === UPPER || kind === LOWER || kind === LETTER ? at : kind === DIGIT || kind === BREAK ? -1 : at + 1;
  if (letters >= 0) {
    const end = endOfWord(codes, letters, kinds);
    if (end !== letters) return end;
  }
  if (kind === DIGIT) return endOfDigits(codes, at, kinds);
  const marks = kind === SPACE && codes[at] === 0x20 ? at + 1 : at;
  if (kindAt(codes, marks, kinds) === HARD) return -1;
  if (kindAt(codes, marks, kinds) === OTHER) return endOfMarks(codes, marks, kinds);
  return endOfSpace(codes, at, kinds);
}

/** `[Lu…]*[Ll…]+` or else `[Lu…]+[Ll…]*`, and a contraction behind it. `start` when there is no letter. */
function endOfWord(codes: Uint16Array, start: number, kinds: Uint8Array): number {
  let at = start;
  let lastLetter = -1;
  for (;;) {
    const kind = kindAt(codes, at, kinds);
    if (kind === LETTER) lastLetter = at;
    else if (kind !== UPPER) break;
    at++;
  }
  if (kindAt(codes, at, kinds) === LOWER) {
    for (let kind = kindAt(codes, at, kinds); kind === LOWER || kind === LETTER; kind = kindAt(codes, at, kinds)) at++;
  } else if (lastLetter >= 0) at = lastLetter + 1;
  if (kindAt(codes, at, kinds) === HARD) return -1;
  return at === start ? start : endOfContraction(codes, at);
}

function endOfContraction(codes: Uint16Array, at: number): number {
  if (codes[at] !== 0x27) return at;
  const rest = String.fromCharCode(codes[at + 1] ?? 0, codes[at + 2] ?? 0).toLowerCase();
  if (/^[stmd]/.test(rest)) return at + 2;
  return rest === 're' || rest === 've' || rest === 'll' ? at + 3 : at;
}

function endOfDigits(codes: Uint16Array, start: number, kinds: Uint8Array): number {
  let at = start;
  while (at < start + 3 && kindAt(codes, at, kinds) === DIGIT) at++;
  return at;
}

/** ` ?[^\s\p{L}\p{N}]+[\r\n/]*` */
function endOfMarks(codes: Uint16Array, start: number, kinds: Uint8Array): number {
  let at = start;
  while (kindAt(codes, at, kinds) === OTHER) at++;
  if (kindAt(codes, at, kinds) === HARD) return -1;
  while (kindAt(codes, at, kinds) === BREAK || codes[at] === 0x2f) at++;
  return at;
}

/** `\s*[\r\n]+`, or else `\s+(?!\S)`, or else `\s+`. */
function endOfSpace(codes: Uint16Array, start: number, kinds: Uint8Array): number {
  let at = start;
  let lastBreak = -1;
  for (let kind = kindAt(codes, at, kinds); kind === SPACE || kind === BREAK; kind = kindAt(codes, at, kinds)) {
    if (kind === BREAK) lastBreak = at;
    at++;
  }
  if (lastBreak >= 0) return lastBreak + 1;
  return kindAt(codes, at, kinds) === END || at === start + 1 ? at : at - 1;
}

function kindAt(codes: Uint16Array, at: number, kinds: Uint8Array): number {
  return kinds[codes[at] ?? END_OF_TEXT] ?? END;
}

function kindsOfCharacters(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  for (let code = 0; code < kinds.length; code++) kinds[code] = kindOf(code, String.fromCharCode(code));
  return kinds;
}

function kindOf(code: number, character: string): number {
  if (code === END_OF_TEXT) return END;
  if ((code >= 0xd800 && code <= 0xdfff) || /\p{M}/u.test(character)) return HARD;
  if (code === 10 || code === 13) return BREAK;
  if (/\s/u.test(character)) return SPACE;
  if (/[\p{Lu}\p{Lt}]/u.test(character)) return UPPER;
  if (/\p{Ll}/u.test(character)) return LOWER;
  if (/\p{L}/u.test(character)) return LETTER;
  return /\p{N}/u.test(character) ? DIGIT : OTHER;
}
