import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quotable, redact } from './redact';

describe('what a provider says', () => {
  it('loses keys, masked keys and whatever looks like a key', () => {
    for (const text of [
      'Incorrect API key provided: sk-proj-abcdef1234567890.',
      'Your api key: ****-key is invalid',
      'key sk-pr********wxyz was refused',
      'Authorization: Bearer abc.def-ghi',
      'token eyJhbGciOiJI.eyJzdWIiOiIx.abc',
    ])
      assert.doesNotMatch(redact(text), /abcdef|1234|\*|wxyz|ghi|eyJ/, text);
  });

  it('loses every piece of the given key that is eight characters or longer', () => {
    const hex = fc.bigInt({ min: 16n ** 15n, max: 16n ** 40n }).map((value) => value.toString(16));
    fc.assert(
      fc.property(hex, fc.nat(), fc.nat(), fc.string(), (key, from, length, around) => {
        const start = from % (key.length - 8);
        const piece = key.slice(start, start + 8 + (length % 8));
        const clean = redact(`${around} x${piece}y ${around}`, [key]);
        assert.ok(!clean.includes(piece));
      }),
    );
  });

  it('is one short line without the words of the prompt', () => {
    const secret = 'The launch code is PELICAN-4711 and must not leak.';
    const said = quotable(
      `Flagged input:\n "${secret}" violates policy ${'x'.repeat(1000)}`,
      [],
      [`Read this. ${secret}`],
    );
    assert.doesNotMatch(said, /PELICAN|4711|\n/);
    assert.match(said, /^Flagged input: "…" violates policy/);
    assert.ok(said.length <= 300);
  });
});
