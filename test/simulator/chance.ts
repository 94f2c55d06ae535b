import { hash } from 'node:crypto';

/** The first 32 hex digits of a SHA-256: what a request is known by. */
export function hashOf(text: string): string {
  return hash('sha256', text).slice(0, 32);
}

/**
 * Uniform in [0, 1), the same for the same parts: chance that does not depend on the order of requests. FNV-1a with a
 * final mix: an answer draws some fifty times, so a cryptographic hash would be most of what the simulator does.
 */
export function chance(...parts: readonly (string | number)[]): number {
  let state = 0x811c9dc5;
  for (const part of parts) {
    const text = String(part);
    for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
    state = Math.imul(state ^ 0x1f, 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x7feb352d);
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}

export function pick<T>(items: readonly T[], ...parts: readonly (string | number)[]): T | undefined {
  return items[Math.floor(chance(...parts) * items.length)];
}
