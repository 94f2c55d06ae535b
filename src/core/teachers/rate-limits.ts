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
  return Number.isNaN(date) ? undefined : Math.max(0, date - theirTime(headers, now));
}

/** Whose headers they are. Every look at a header costs microseconds, at every answer: only those that may be there. */
export type LimitHeaders = 'openai' | 'anthropic';

/** Clocks that differ by less agree: `date` knows whole seconds only, and is as old as the answer is long. */
const CLOCK_SLACK_MS = 5000;

/** A date in a header is of the server's clock; ours may be wrong by hours. */
function theirTime(headers: HeaderReader | undefined, now: number): number {
  const date = Date.parse(headers?.get('date') ?? '');
  return Math.abs(date - now) > CLOCK_SLACK_MS ? date : now;
}

const NAMES: Readonly<Record<LimitHeaders, { readonly requests: Names; readonly tokens: readonly Names[] }>> = {
  openai: { requests: namesOf('x-ratelimit-*-requests'), tokens: [namesOf('x-ratelimit-*-tokens')] },
  anthropic: {
    requests: namesOf('anthropic-ratelimit-requests-*'),
    tokens: [namesOf('anthropic-ratelimit-tokens-*'), namesOf('anthropic-ratelimit-input-tokens-*')],
  },
};

/** OpenAI's `x-ratelimit-*` (Go durations) or Anthropic's `anthropic-ratelimit-*` (RFC 3339). */
export function rateLimits(headers: HeaderReader, whose: LimitHeaders, now = Date.now()): RateLimits | undefined {
  const names = NAMES[whose];
  const requests = window(headers, names.requests, now);
  let tokens: Window | undefined;
  for (const each of names.tokens) tokens ??= window(headers, each, now);
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

interface Names {
  readonly remaining: string;
  readonly limit: string;
  readonly reset: string;
}

function namesOf(pattern: string): Names {
  const name = (what: string): string => pattern.replace('*', what);
  return { remaining: name('remaining'), limit: name('limit'), reset: name('reset') };
}

function window(headers: HeaderReader, names: Names, now: number): Window | undefined {
  const remaining = numberOf(headers.get(names.remaining));
  if (remaining === undefined) return undefined;
  const limit = numberOf(headers.get(names.limit));
  const resetAt = resetTime(headers.get(names.reset), now, () => theirTime(headers, now));
  return { remaining, ...(limit !== undefined && { limit }), ...(resetAt !== undefined && { resetAt }) };
}

/** A duration, a date, or bare seconds (some gateways). */
function resetTime(text: string | null, now: number, theirs: () => number): number | undefined {
  if (!text) return undefined;
  const duration = goDuration(text);
  if (duration !== undefined) return now + duration;
  const seconds = numberOf(text);
  if (seconds !== undefined && seconds < 1e9) return now + seconds * 1000;
  const date = seconds === undefined ? Date.parse(text) : seconds * 1000;
  return Number.isNaN(date) ? undefined : now + date - theirs();
}

function numberOf(text: string | null | undefined): number | undefined {
  if (!text || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
