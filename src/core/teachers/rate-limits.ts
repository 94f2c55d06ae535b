import type { RateLimits } from './teacher';

/** The part of `Headers` that is read here. */
export interface HeaderReader {
  get(name: string): string | null;
}

/** How long a response asks us to wait, in milliseconds: `retry-after-ms`, `retry-after` in seconds or as a date. */
export function retryAfter(headers: HeaderReader | undefined, now = Date.now()): number | undefined {
  const milliseconds = numberOf(headers?.get('retry-after-ms'));
  if (milliseconds !== undefined) return Math.max(0, milliseconds);
  const value = headers?.get('retry-after')?.trim();
  if (!value) return undefined;
  const seconds = numberOf(value);
  if (seconds !== undefined) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** OpenAI's `x-ratelimit-*` (Go durations) or Anthropic's `anthropic-ratelimit-*` (RFC 3339), whichever is there. */
export function rateLimits(headers: HeaderReader, now = Date.now()): RateLimits | undefined {
  const requests =
    window(headers, 'x-ratelimit-*-requests', now) ?? window(headers, 'anthropic-ratelimit-requests-*', now);
  const tokens =
    window(headers, 'x-ratelimit-*-tokens', now) ??
    window(headers, 'anthropic-ratelimit-tokens-*', now) ??
    window(headers, 'anthropic-ratelimit-input-tokens-*', now);
  if (!requests && !tokens) return undefined;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/** A Go duration (`6m0s`, `120ms`, `1h2m3.5s`) in milliseconds. */
export function goDuration(text: string): number | undefined {
  let total = 0;
  let read = 0;
  for (const [part, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (UNITS[unit ?? ''] ?? 0);
    read += part.length;
  }
  return read > 0 && read === text.length ? total : undefined;
}

type Window = NonNullable<RateLimits['requests']>;

function window(headers: HeaderReader, pattern: string, now: number): Window | undefined {
  const remaining = numberOf(headers.get(pattern.replace('*', 'remaining')));
  if (remaining === undefined) return undefined;
  const limit = numberOf(headers.get(pattern.replace('*', 'limit')));
  const resetAt = resetTime(headers.get(pattern.replace('*', 'reset')), now);
  return { remaining, ...(limit !== undefined && { limit }), ...(resetAt !== undefined && { resetAt }) };
}

/** A duration, a date, or bare seconds (some gateways). */
function resetTime(text: string | null, now: number): number | undefined {
  if (!text) return undefined;
  const duration = goDuration(text);
  if (duration !== undefined) return now + duration;
  const seconds = numberOf(text);
  if (seconds !== undefined) return seconds > 1e9 ? seconds * 1000 : now + seconds * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date;
}

function numberOf(text: string | null | undefined): number | undefined {
  if (!text || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
