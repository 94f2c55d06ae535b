/**
 * Text as a sequence of word hashes: the view of a row in which duplicates and leaks are looked for. Case, punctuation,
 * white space and compatibility forms (NFKC) do not count. A CJK character is a word by itself, because those scripts
 * put no spaces between words.
 */
export class WordSequence {
  /** The words' hashes, in order; only the first `length` are of the text read last. */
  hashes = new Uint32Array(256);
  length = 0;

  read(text: string): this {
    const plain = isAscii(text) ? text : text.normalize('NFKC').toLowerCase();
    const kinds = kindOf();
    let hash = 0;
    let open = false;
    this.length = 0;
    for (let index = 0; index < plain.length; index++) {
      const code = plain.charCodeAt(index);
      const kind = kinds[code];
      if (kind === WORD) {
        // 65-90 are the ASCII capitals that are left when the text was not lower-cased as a whole.
        const lower = code >= 65 && code <= 90 ? code + 32 : code;
        hash = Math.imul((open ? hash : SEED) ^ lower, PRIME);
        open = true;
        continue;
      }
      if (open) this.push(mix(hash));
      open = false;
      if (kind === SINGLE) this.push(mix(Math.imul(SEED ^ code, PRIME)));
    }
    if (open) this.push(mix(hash));
    return this;
  }

  /** A copy of the words of the text read last. */
  toArray(): Uint32Array {
    return this.hashes.slice(0, this.length);
  }

  private push(hash: number): void {
    if (this.length === this.hashes.length) {
      const grown = new Uint32Array(this.hashes.length * 2);
      grown.set(this.hashes);
      this.hashes = grown;
    }
    this.hashes[this.length++] = hash;
  }
}

/** The words themselves with their places in the text, for showing what two texts share. */
export function wordSpans(text: string): { readonly start: number; readonly end: number }[] {
  const kinds = kindOf();
  const spans: { start: number; end: number }[] = [];
  let start = -1;
  for (let index = 0; index <= text.length; index++) {
    const kind = index < text.length ? kinds[text.charCodeAt(index)] : GAP;
    if (kind === WORD) {
      if (start < 0) start = index;
      continue;
    }
    if (start >= 0) spans.push({ start, end: index });
    start = -1;
    if (kind === SINGLE) spans.push({ start: index, end: index + 1 });
  }
  return spans;
}

/** Spreads the bits of a 32-bit integer (the finaliser of MurmurHash3), so that sums and xors of it stay uniform. */
export function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const SEED = 0x811c9dc5;
const PRIME = 0x01000193;
const GAP = 0;
const WORD = 1;
const SINGLE = 2;

let kinds: Uint8Array | undefined;

/** The kind of every UTF-16 code unit. Surrogates count as parts of words: emoji and rare scripts are told apart too. */
function kindOf(): Uint8Array {
  if (kinds) return kinds;
  kinds = new Uint8Array(0x10000);
  for (let code = 0; code < kinds.length; code++) {
    const character = String.fromCharCode(code);
    if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character)) kinds[code] = SINGLE;
    else if ((code >= 0xd800 && code <= 0xdfff) || /[\p{L}\p{N}\p{M}_]/u.test(character)) kinds[code] = WORD;
  }
  return kinds;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}
