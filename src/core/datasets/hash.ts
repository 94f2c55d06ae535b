/**
 * Two 53-bit hashes of a text: 106 bits tell any number of rows apart, and a number is the cheapest key that a Map can
 * have. MurmurHash3 (x86, 128 bits) over the UTF-8 bytes, four bytes a step. Not for anything worth forging.
 */
export interface Fingerprint {
  readonly low: number;
  readonly high: number;
}

let bytes = Buffer.from(new ArrayBuffer(1 << 16));
let words = new Int32Array(bytes.buffer);

export function fingerprint(text: string): Fingerprint {
  return fingerprintOfParts([text]);
}

/** Of the parts joined by line feeds, without joining them. @param ascii whether they surely are: the same, and faster */
export function fingerprintOfParts(parts: readonly string[], ascii = false): Fingerprint {
  let most = 32;
  // Three bytes hold any UTF-16 code unit.
  for (const part of parts) most += part.length * 3 + 1;
  if (most > bytes.length) {
    bytes = Buffer.from(new ArrayBuffer((most + 15) & ~15));
    words = new Int32Array(bytes.buffer);
  }
  let length = 0;
  for (const part of parts) {
    length += bytes.write(part, length, ascii ? 'latin1' : 'utf8');
    bytes[length++] = 10;
  }
  length = Math.max(0, length - 1);
  bytes.fill(0, length, (length + 15) & ~15);
  let a = 0x239b961b;
  let b = 0xab0e9789;
  let c = 0x38b34ae5;
  let d = 0xa1e38b93;
  for (let index = 0; index < (length + 15) >> 4; index++) {
    const at = index << 2;
    a = rotate(a ^ scramble(words[at] ?? 0, 0x239b961b), 19) + b;
    a = (Math.imul(a, 5) + 0x561ccd1b) | 0;
    b = rotate(b ^ scramble(words[at + 1] ?? 0, 0xab0e9789), 17) + c;
    b = (Math.imul(b, 5) + 0x0bcaa747) | 0;
    c = rotate(c ^ scramble(words[at + 2] ?? 0, 0x38b34ae5), 15) + d;
    c = (Math.imul(c, 5) + 0x96cd1c35) | 0;
    d = rotate(d ^ scramble(words[at + 3] ?? 0, 0xa1e38b93), 13) + a;
    d = (Math.imul(d, 5) + 0x32ac3b17) | 0;
  }
  // Each lane has seen a quarter of the text: only the sum has seen all of it.
  const all = finish((a ^ length) + b + c + d);
  a = finish(a + all);
  b = finish(b + a);
  c = finish(c + b);
  d = finish(d + c);
  return { low: joined(a, b), high: joined(c, d) };
}

/** One 53-bit hash: for choosing, where a collision does no harm. */
export function hash53(text: string): number {
  return fingerprint(text).low;
}

/** Uniform in [0, 1), the same for the same text and seed on every machine. */
export function unitHash(text: string, seed: number): number {
  return hash53(`${seed}\u0000${text}`) / 2 ** 53;
}

function scramble(word: number, factor: number): number {
  return Math.imul(rotate(Math.imul(word, factor), 15), 0x9e3779b1);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function finish(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function joined(high: number, low: number): number {
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}
