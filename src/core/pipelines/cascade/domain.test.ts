import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { builtInDomain } from './builtIn';
import { DomainError, parseDomain } from './domain';

const rest = `
difficulty: { easy: easy ones, medium: medium ones, hard: hard ones }
rubric: [It reasons well., It decides well.]
examples:
  - { scenario: A horse limps after a long ride in the hills., premise_a: a sprain, premise_b: a stone, premise_c: neither, resolution: look first }
`;
const head = `name: veterinary
title: veterinary practice
description: Animals and their keepers.
`;
const axes = `axes:
  animal: [a horse, a cow, a dog]
  complaint: [limping, cough, fever]
  place: [stable, clinic, meadow]
`;

describe('a domain file', () => {
  it('reads a domain of one’s own', () => {
    assert.deepEqual(Object.keys(parseDomain(head + axes + rest, 'own.yaml').axes), ['animal', 'complaint', 'place']);
  });

  it('reads the template that a person starts from, and it has points enough for an ordinary run', async () => {
    const file = path.join(import.meta.dirname, '../../../../media/templates/cascade-domain.yaml');
    assert.equal(parseDomain(await readFile(file, 'utf8'), 'template.yaml', 10_000).name, 'veterinary');
  });

  const faults: readonly (readonly [string, string, RegExp])[] = [
    [
      'a key with a typo',
      head.replace('title', 'titel') + axes + rest,
      /^own\.yaml:1:1: title: It is missing\.\nown\.yaml:2:1: titel: There is no such key\. A domain has name, title/m,
    ],
    ['broken YAML', `${head}axes:\n  animal: [a horse, a cow\n${rest}`, /^own\.yaml:\d+:\d+: /],
    ['the same key twice', `${head}title: again\n${axes}${rest}`, /^own\.yaml:4:1: .*unique/],
    ['one axis', `${head}axes:\n  animal: [a horse, a cow]\n${rest}`, /^own\.yaml:4:1: axes: 1 axes are too few/],
    [
      'a value twice',
      head + axes.replace('a dog', 'a cow') + rest,
      /^own\.yaml:5:3: axes\.animal: “a cow” stands there twice/,
    ],
    [
      'a value that is no text',
      head + axes.replace('a dog', '7') + rest,
      /^own\.yaml:5:28: axes\.animal\.2: It must be a text\.$/m,
    ],
    ['nothing', '', /^own\.yaml:1:1: /],
    ['a name with a blank', head.replace('veterinary', 'my vets') + axes + rest, /^own\.yaml:1:1: name: /],
  ];
  for (const [what, yaml, says] of faults) {
    it(`refuses ${what}, with line and column`, () => {
      assert.throws(
        () => parseDomain(yaml, 'own.yaml'),
        (error: unknown) => (error instanceof DomainError && says.test(error.message)) || assert.fail(String(error)),
      );
    });
  }

  it('refuses a bomb of aliases at once, and says what to do', () => {
    const levels = Array.from({ length: 12 }, (_, k) =>
      k === 0 ? 'l0: &l0 [boom, boom]' : `l${k}: &l${k} [${Array.from({ length: 10 }, () => `*l${k - 1}`).join(', ')}]`,
    );
    assert.throws(() => parseDomain(levels.join('\n'), 'own.yaml'), /own\.yaml.*instead of using aliases/s);
  });

  it('refuses a cycle', () => {
    assert.throws(() => parseDomain(`${head}axes: &a\n  animal: *a\n${rest}`, 'own.yaml'), DomainError);
  });

  it('refuses more samples than the axes have points for', () => {
    assert.throws(() => parseDomain(head + axes + rest, 'own.yaml', 500), /only 81 different points.*500 samples/);
  });

  it('reads what it ships', async () => {
    for (const name of ['medical', 'legal', 'scientific', 'financial'])
      assert.equal(parseDomain(await builtInDomain(name), name, 10_000).name, name);
  });
});
