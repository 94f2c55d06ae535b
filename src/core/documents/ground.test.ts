import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ground } from './ground';

const passage = `# Care of the pump
The modern pump must not be opened while the inlet pressure is above 2.5 bar. Never remove the cap — it is hot. Some valves close at 40 °C, but all filters are able to with-
stand 120 °C for 30 minutes. Dr. Hansen tested the “Model X1” in Rotterdam; it used 5 mW. The casing may be painted. Pressures of -5 kPa are safe. See [the manual](https://example.org/a) first. The area is 10² m². The ﬁrst two litres are unfiltered and prescribed for cleaning.`;

describe('a true quote', () => {
  const cases: readonly (readonly ['verified' | 'repaired', string, string])[] = [
    ['verified', 'The modern pump must not be opened', 'The modern pump must not be opened'],
    ['verified', 'all filters are able to withstand 120 ℃', 'all filters are able to with-\nstand 120 °C'],
    ['verified', 'TESTED THE "MODEL X1" IN ROTTERDAM', 'tested the “Model X1” in Rotterdam'],
    ['verified', 'Never remove the cap - it is hot.', 'Never remove the cap — it is hot.'],
    ['verified', '"…The casing may be painted…"', 'The casing may be painted'],
    ['verified', 'Pressures of −5 kPa\u00a0are safe', 'Pressures of -5 kPa are safe'],
    ['verified', 'The first two\u00ad litres', 'The ﬁrst two litres'],
    ['repaired', 'The rnodern purnp must not be 0pened', 'The modern pump must not be opened'],
    ['repaired', 'Th e modern pumpmust not be opened', 'The modern pump must not be opened'],
    ['repaired', 'Some va1ves close at 4O °C', 'Some valves close at 40 °C'],
    ['repaired', 'the inlet pressurc is above 2.5 bar', 'the inlet pressure is above 2.5 bar'],
    ['repaired', 'tested the “Model X1” in Rotterdarn', 'tested the “Model X1” in Rotterdam'],
    ['repaired', 'See the manual first', 'See [the manual](https://example.org/a) first'],
  ];
  for (const [status, quote, own] of cases) {
    it(`is ${status}: ${quote}`, () => {
      const found = ground(quote, passage);
      assert.equal(found.status, status);
      assert.equal(found.quote, own);
      assert.ok('start' in found && passage.slice(found.start, found.end) === own);
    });
  }

  it('is verified wherever it begins and ends between words, in any text', () => {
    const words = fc.array(
      fc.constantFrom('pump', 'valve', 'opens', 'Hansen', '7', '2.5', 'bar', '—', '中文', 'é', 'not', '%', 'ends.'),
      { minLength: 3, maxLength: 30 },
    );
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (parts, a, b) => {
        const from = a % parts.length;
        const to = from + 1 + (b % (parts.length - from));
        const quote = parts.slice(from, to).join(' ');
        // A quote that leaves out the "not" before it is the one exception.
        if (parts[from - 1] === 'not' || !/[\p{L}\p{N}]/u.test(quote)) return;
        const text = parts.join(' ');
        const found = ground(quote, text);
        assert.equal(found.status, 'verified');
        assert.equal(found.quote.trim(), quote);
        assert.ok('start' in found && text.slice(found.start, found.end) === found.quote);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a fabricated quote is unverified', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['negation dropped', 'The modern pump must be opened'],
    ['negation dropped before it', 'Remove the cap — it is hot.'],
    ['negation added', 'The casing may not be painted'],
    ['negating prefix', 'all filters are unable to withstand'],
    ['negating prefix dropped', 'The first two litres are filtered'],
    ['number', 'the inlet pressure is above 3.5 bar'],
    ['decimal point', 'the inlet pressure is above 25 bar'],
    ['digit', 'withstand 120 °C for 3 minutes'],
    ['exponent', 'The area is 102 m²'],
    ['unit', 'Some valves close at 40 °F'],
    ['case of a unit', 'it used 5 MW'],
    ['sign', 'Pressures of 5 kPa are safe'],
    ['quantifier', 'Some filters are able to withstand'],
    ['modal', 'The casing must be painted'],
    ['name', 'Dr. Hanson tested the Model X1'],
    ['a letter of a name that print confuses', 'tested the “Model X1” in Rofterdam'],
    ['code', 'tested the “Model X2” in Rotterdam'],
    ['antonym', 'The modern pump must not be closed'],
    ['a word of nearly the same letters', 'litres are unfiltered and proscribed for cleaning'],
    ['synonym', 'The new pump must not be opened'],
    ['order', 'the cap — is it hot'],
    ['word inserted', 'The casing may always be painted'],
    ['two halves', 'Never remove the cap while the inlet pressure is above 2.5 bar'],
    ['middle left out', 'Some valves close at 40 °C … for 30 minutes'],
    ['never said', 'The crew sleeps aboard in winter'],
    ['nothing', ' … '],
  ];
  for (const [what, quote] of cases) {
    it(`${what}: ${quote}`, () => {
      const found = ground(quote, passage);
      assert.equal(found.status, 'unverified');
      assert.equal(found.quote, quote);
    });
  }

  it('and it is said where it parts from the text', () => {
    const found = ground('The casing must be painted', passage);
    assert.deepEqual(found.status === 'unverified' && found.difference, { quote: 'must', passage: 'may' });
  });
});
