import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countTokens as peer } from 'gpt-tokenizer/encoding/o200k_base';
import { loadTokenCounter, type CountTokens } from './tokens';

const asText = { disallowedSpecial: new Set<string>() };

describe('token counts', () => {
  let count: CountTokens;
  before(async () => {
    count = await loadTokenCounter();
  });

  const characters = fc.constantFrom(
    ...' aBcDé\u01c5ǅ字のʰ12٣½\t\n\r\u00a0\u3000\ufeff\'"/.,-—…!?#'.split(''),
    '\u0301',
    '😀',
    "'s",
    "'LL",
    "'re",
    '\r\n',
    '   ',
    'the ',
    'The',
    '<|endoftext|>',
    '\uffff',
  );

  it('are those of the tokenizer for any text', () => {
    const mixed = fc.array(characters, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(mixed, fc.string({ unit: 'binary' }), fc.lorem()), (text) => {
        assert.equal(count(text), peer(text, asText), JSON.stringify(text));
        assert.equal(count(text), peer(text, asText), 'when remembered');
      }),
      { numRuns: 4000 },
    );
  });

  it('do not take quadratic time for a word without end', () => {
    const base64 = Buffer.from(Array.from({ length: 150_000 }, (_, index) => (index * 7919) % 251)).toString('base64');
    assert.ok(count(base64) > 50_000);
    assert.ok(count('-'.repeat(200_000)) > 100);
    assert.ok(count(`${'\u0301'.repeat(50_000)}😀`) > 1000);
  });
});
