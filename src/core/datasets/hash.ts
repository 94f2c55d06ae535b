/**
 * Two independent 53-bit hashes of a text (cyrb53's two lanes, run twice): 106 bits tell millions of rows apart, and a
 * number is the cheapest key that a Map can have. Not for anything that somebody could want to forge.
 */
export interface Fingerprint {
  readonly low: number;
  readonly high: number;
}

export function fingerprint(text: string): Fingerprint {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  let c = 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
    c = Math.imul(c ^ code, 2246822519) + 0x165667b1;
  }
  a = finish(a, b);
  b = finish(b, a);
  c = finish(c ^ text.length, a);
  const d = finish(c, b);
  return { low: joined(b, a), high: joined(c, d) };
}

/** One 53-bit hash: for choosing, where a collision does no harm. */
export function hash53(text: string): number {
  return fingerprint(text).low;
}

/** Uniform in [0, 1), the same for the same text and seed on every machine. */
export function unitHash(text: string, seed: number): number {
  return hash53(`${seed}\u0000${text}`) / 2 ** 53;
}

function finish(first: number, second: number): number {
  const mixed = Math.imul(first ^ (first >>> 16), 2246822507) ^ Math.imul(second ^ (second >>> 13), 3266489909);
  return mixed ^ (mixed >>> 16);
}

function joined(high: number, low: number): number {
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}
