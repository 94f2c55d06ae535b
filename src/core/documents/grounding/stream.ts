/** A word, a number, or a single sign that carries meaning (%, °, ±, …). */
export interface Token {
  /** In the stream's `chars`. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly kind: 'word' | 'sign';
}

/**
 * What a text says, without how it is set: letters and digits case-folded and decomposed (NFKD), signs that carry meaning,
 * and a map back to the text. Punctuation, quotes, white space, emphasis and soft hyphens only separate words or vanish;
 * words hyphenated at a line end are whole.
 */
export interface Stream {
  readonly source: string;
  readonly chars: string;
  /** For each of `chars`, the span of the source it comes from. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** For each of `chars`, the index of its token. */
  readonly tokenOf: readonly number[];
  readonly tokens: readonly Token[];
}

const invisible = /^[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]$/u;
const apostrophe = /^['’‘ʼ＇`´]$/u;
const hyphen = /^[-\u2010\u2011]$/u;
const dash = /^[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]$/u;
const kept = /^[\p{L}\p{N}\p{M}]$/u;
const digit = /^\p{Nd}$/u;
const signs = new Set('%‰°$€£¥<>≤≥=≠≈±×÷+^/&@§');
/** Scripts that set no spaces: a character is a word. */
const wordless =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]$/u;
const raisedSign = /^[⁰¹²³⁴-⁹⁺⁻]$/u;
const fraction = /^[¼-¾⅐-⅞]$/u;

export function readStream(source: string, { skipLinkTargets = false } = {}): Stream {
  const builder = new StreamBuilder(source);
  for (let at = 0; at < source.length;) {
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
    const end = at + character.length;
    at = builder.read(character, at, end, skipLinkTargets);
  }
  return builder.finish();
}

class StreamBuilder {
  private chars = '';
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly tokenOf: number[] = [];
  private readonly tokens: { from: number; to: number; kind: Token['kind'] }[] = [];
  private open = false;

  constructor(private readonly source: string) {}

  /** Takes the character at [at, end) in; returns where to go on. */
  read(character: string, at: number, end: number, skipLinkTargets: boolean): number {
    if (kept.test(character)) this.keep(character, at, end);
    else if (character === '|' && this.open && this.isLetter(end)) this.push('|', at, end, 'word', false);
    else if (invisible.test(character)) return end;
    else if (apostrophe.test(character) && this.open && this.isLetter(end)) return end;
    else if (dash.test(character)) return this.readDash(character, at, end);
    else if (/[.,:]/u.test(character) && this.betweenDigits(at, end)) this.push(character, at, end, 'word', false);
    else if (signs.has(character)) this.push(character, at, end, 'sign', true);
    else if (character === '℃' || character === '℉') this.keepCompatible(character, at, end);
    else if (character === ']' && skipLinkTargets) return this.skipLinkTarget(end);
    else this.open = false;
    return end;
  }

  finish(): Stream {
    const { source, chars, starts, ends, tokenOf } = this;
    const tokens = this.tokens.map(({ from, to, kind }) => ({ from, to, kind, text: chars.slice(from, to) }));
    return { source, chars, starts, ends, tokenOf, tokens };
  }

  private keep(character: string, at: number, end: number): void {
    // 10² is not 102, but m² is m2.
    if (raisedSign.test(character) && digit.test(this.source.charAt(at - 1))) this.push('^', at, at, 'sign', true);
    if (fraction.test(character)) this.open = false;
    if (wordless.test(character)) this.push(character.normalize('NFKC'), at, end, 'sign', true);
    else this.keepCompatible(character, at, end);
  }

  private keepCompatible(character: string, at: number, end: number): void {
    const plain = character.normalize('NFKD').toLowerCase().replaceAll('ß', 'ss').replaceAll('⁄', '/');
    for (const part of plain) {
      if (signs.has(part)) this.push(part, at, end, 'sign', true);
      else if (part.trim() !== '') this.push(part, at, end, 'word', false);
    }
  }

  private readDash(character: string, at: number, end: number): number {
    const before = this.source.charAt(at - 1);
    if (hyphen.test(character) && this.open && this.isLetter(end)) return end;
    const afterBreak = this.open && hyphen.test(character) ? this.afterLineBreak(end) : undefined;
    if (afterBreak !== undefined && this.isLetter(afterBreak)) return afterBreak;
    const next = digit.test(this.source.charAt(end));
    const range = this.digitBefore(at) && digit.test(this.source.charAt(this.skipBlanks(end)));
    const negative = next && !this.digitBefore(at) && (before === '' || /[\s(\[]/u.test(before));
    if (range || negative) this.push('-', at, end, 'sign', true);
    else this.open = false;
    return end;
  }

  private push(part: string, at: number, end: number, kind: Token['kind'], alone: boolean): void {
    if (!this.open || alone) this.tokens.push({ from: this.chars.length, to: this.chars.length, kind });
    const token = this.tokens.at(-1);
    for (let i = 0; i < part.length; i += 1) {
      this.starts.push(at);
      this.ends.push(end);
      this.tokenOf.push(this.tokens.length - 1);
    }
    this.chars += part;
    if (token) token.to = this.chars.length;
    this.open = !alone;
  }

  private skipLinkTarget(end: number): number {
    this.open = false;
    const target = /^\([^()\s]{0,500}(?:\s+"[^"\n]{0,200}")?\)/u.exec(this.source.slice(end, end + 720));
    return end + (target?.[0].length ?? 0);
  }

  private betweenDigits(at: number, end: number): boolean {
    return this.open && digit.test(this.source.charAt(at - 1)) && digit.test(this.source.charAt(end));
  }

  private digitBefore(at: number): boolean {
    let i = at - 1;
    while (i >= 0 && i > at - 4 && /\s/u.test(this.source.charAt(i))) i -= 1;
    return digit.test(this.source.charAt(i));
  }

  private isLetter(at: number): boolean {
    return /^\p{L}/u.test(this.source.slice(at, at + 2));
  }

  private skipBlanks(at: number): number {
    let i = at;
    while (i < at + 4 && /\s/u.test(this.source.charAt(i))) i += 1;
    return i;
  }

  /** Past a line break and the blanks around it, or undefined. */
  private afterLineBreak(at: number): number | undefined {
    const gap = /^[ \t]{0,20}(?:\r\n|\n|\r)[ \t>]{0,40}/u.exec(this.source.slice(at, at + 64));
    return gap ? at + gap[0].length : undefined;
  }
}
