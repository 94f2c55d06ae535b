/**
 * The order in which `n` chunks are visited: a seeded permutation of 0 … n-1 of which every prefix covers the range evenly,
 * so that a run which its budget stops has seen the whole document and not its beginning.
 *
 * It is the van der Corput sequence in base 2 (bit reversal) with a seeded digital shift, which keeps its discrepancy of
 * O(log m / m) for a prefix of m. Points beyond `n` are left out.
 */
export function visitOrder(n: number, seed: number): number[] {
  const bits = Math.max(0, Math.ceil(Math.log2(Math.max(1, n))));
  const shift = bits === 0 ? 0 : mix(seed) >>> (32 - bits);
  const order: number[] = [];
  for (let i = 0; i < 2 ** bits; i += 1) {
    const index = (reverse(i, bits) ^ shift) >>> 0;
    if (index < n) order.push(index);
  }
  return order;
}

function reverse(value: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit += 1) result = (result << 1) | ((value >>> bit) & 1);
  return result >>> 0;
}

/** Neighbouring seeds give unrelated shifts (the finaliser of MurmurHash3, Appleby). */
function mix(seed: number): number {
  let h = (Math.trunc(seed) ^ Math.trunc(seed / 2 ** 32) ^ 0x9e3779b9) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
