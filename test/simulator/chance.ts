import { createHash } from 'node:crypto';

/** The first 32 hex digits of a SHA-256: what a request is known by. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Uniform in [0, 1), the same for the same parts: chance that does not depend on the order of requests. */
export function chance(...parts: readonly (string | number)[]): number {
  return createHash('sha1').update(parts.join('\u0001')).digest().readUIntBE(0, 6) / 2 ** 48;
}

export function pick<T>(items: readonly T[], ...parts: readonly (string | number)[]): T | undefined {
  return items[Math.floor(chance(...parts) * items.length)];
}
