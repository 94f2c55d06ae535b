import assert from 'node:assert/strict';
import { guidanceFor, parseGuidance, withBuiltIn } from './guidance';

describe('guidance', () => {
  it('is found by category, by a part of its name, and else is the default', () => {
    const guidance = withBuiltIn(
      parseGuidance('default: Be plain.\ncategories:\n  Poetry: Keep the metre.\n', 'g.yaml'),
    );
    assert.equal(guidanceFor(guidance, 'poetry').text, 'Keep the metre.');
    assert.match(guidanceFor(guidance, 'math_word_problems').text, /calculation/);
    assert.ok(guidanceFor(guidance, 'GSM8K').finalNumber);
    assert.deepEqual(guidanceFor(guidance, 'cooking'), { text: 'Be plain.', finalNumber: false, known: false });
  });
  it('says which categories have a final number', () => {
    const guidance = withBuiltIn(
      parseGuidance('categories: { physics: { guidance: Units., final_number: true }, algebra: Show it. }', 'g.yaml'),
    );
    assert.ok(guidanceFor(guidance, 'physics').finalNumber);
    assert.ok(guidanceFor(guidance, 'algebra').finalNumber);
    assert.ok(!guidanceFor(guidance, 'writing').finalNumber);
  });
  for (const [what, yaml, says] of [
    ['a typo', 'catgories: { a: text }', /g\.yaml: catgories: .*\n.*A guidance file has/s],
    ['broken YAML', 'categories: { a: text', /g\.yaml:1:\d+: /],
    ['no text', 'categories: { a: 7 }', /g\.yaml: categories\.a: /],
    ['a list', '- a', /g\.yaml: the file: /],
    ['a cycle', 'categories: &a { x: *a }', /g\.yaml: /],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => parseGuidance(yaml, 'g.yaml'), says));
  }
});
