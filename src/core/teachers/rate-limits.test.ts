import assert from 'node:assert/strict';
import { goDuration, rateLimits, retryAfter } from './rate-limits';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('rate-limit headers', () => {
  it('of OpenAI: counts and Go durations', () => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    });
    assert.deepEqual(rateLimits(headers, 'openai', now), {
      requests: { remaining: 59, limit: 60, resetAt: now + 1000 },
      tokens: { remaining: 149_984, limit: 150_000, resetAt: now + 360_000 },
    });
  });

  it('of Anthropic: counts and RFC 3339', () => {
    const headers = new Headers({
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-11-21T12:00:07Z',
      'anthropic-ratelimit-input-tokens-remaining': '1000',
    });
    assert.deepEqual(rateLimits(headers, 'anthropic', now), {
      requests: { remaining: 0, limit: 50, resetAt: now + 7000 },
      tokens: { remaining: 1000 },
    });
  });

  it('are absent where a server has none', () => {
    assert.equal(rateLimits(new Headers(), 'anthropic', now), undefined);
    assert.equal(rateLimits(new Headers({ 'x-ratelimit-remaining-requests': 'soon' }), 'openai', now), undefined);
  });

  it('name how long to wait in milliseconds, seconds or as a date', () => {
    const wait = (headers: Record<string, string>) => retryAfter(new Headers(headers), now);
    assert.equal(wait({ 'retry-after-ms': '1500', 'retry-after': '9' }), 1500);
    assert.equal(wait({ 'retry-after': '300' }), 300_000);
    assert.equal(wait({ 'retry-after': '0.5' }), 500);
    assert.equal(wait({ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }), 30_000);
    assert.equal(wait({ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }), 0);
    assert.equal(wait({ 'retry-after': 'later' }), undefined);
    assert.equal(wait({}), undefined);
  });

  it('are told in dates of the server’s clock, however wrong ours is', () => {
    const headers = new Headers({
      date: 'Sat, 21 Nov 2026 15:00:00 GMT',
      'retry-after': 'Sat, 21 Nov 2026 15:00:30 GMT',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-11-21T15:00:07Z',
    });
    assert.equal(retryAfter(headers, now), 30_000);
    assert.equal(rateLimits(headers, 'anthropic', now)?.requests?.resetAt, now + 7000);
  });

  it('read durations as Go writes them', () => {
    const read = ['120ms', '1s', '6m0s', '1h2m3.5s', '0s', '15µs', '1', 'x1s', ''].map(goDuration);
    assert.deepEqual(read, [120, 1000, 360_000, 3_723_500, 0, 0.015, undefined, undefined, undefined]);
  });
});
