import assert from 'node:assert/strict';
import { generatePairs } from './generate';
import { loadTagger, type Tagger } from './language/tagger';

/** Text, question, answer: one row for each piece of grammar. */
const grammar: readonly (readonly [string, string, string])[] = [
  ['Bakers use yeast because it makes gas.', 'Why do bakers use yeast?', 'because it makes gas'],
  ['Cowper chose granite because sandstone crumbles.', 'Why did Cowper choose granite?', 'because sandstone crumbles'],
  ['Leaves are green because they contain chlorophyll.', 'Why are leaves green?', 'because they contain chlorophyll'],
  [
    'Cartridges cannot be washed, because water opens their pores.',
    'Why can cartridges not be washed?',
    'because water opens their pores',
  ],
  [
    'Petroleum grease must not be used on rubber because it makes rubber swell.',
    'Why must petroleum grease not be used on rubber?',
    'because it makes rubber swell',
  ],
  ['Pure sand melts at 1,700 °C.', 'At what temperature does pure sand melt?', '1,700 °C'],
  ['Seawater has an osmotic pressure of about 27 bar.', 'What is the osmotic pressure of seawater?', 'about 27 bar'],
  ['Lindqvist invented the reversing bottle in 1909.', 'When did Lindqvist invent the reversing bottle?', 'in 1909'],
  [
    'A pendulum is a weight that swings from a fixed point.',
    'What is a pendulum?',
    'a weight that swings from a fixed point',
  ],
  ['Mineral scale consists of calcium carbonate.', 'What does mineral scale consist of?', 'calcium carbonate'],
  [
    'Caffeine keeps people awake by blocking the receptors for adenosine.',
    'How does caffeine keep people awake?',
    'by blocking the receptors for adenosine',
  ],
  [
    'If an item arrives damaged, send us a photograph.',
    'What should you do if an item arrives damaged?',
    'send us a photograph',
  ],
  [
    'Never refuel a boat while passengers are on board.',
    'When should you never refuel a boat?',
    'while passengers are on board',
  ],
  [
    'Three things determine how long bread keeps: salt, acid and air.',
    'Which three things determine how long bread keeps?',
    'salt, acid and air',
  ],
  [
    'A well-kept membrane lasts five to seven years.',
    'How long does a well-kept membrane last?',
    'five to seven years',
  ],
];

describe('A sentence becomes a question', () => {
  let tagger: Tagger;
  before(async () => {
    tagger = await loadTagger();
  });

  const pairsOn = (passage: string) =>
    generatePairs({ kind: 'distill.generate', passage, section: [], questions: 5 }, tagger);

  for (const [text, question, answer] of grammar) {
    it(`${text} → ${question}`, () => {
      const found = pairsOn(text).map((pair) => `${pair.question} ${pair.answer}`);
      assert.ok(found.includes(`${question} ${answer}`), found.join('\n'));
    });
  }

  it('a pronoun becomes what it stands for, with both sentences as evidence', () => {
    const pairs = pairsOn('The relief valve of the boiler protects the tank. It opens at 69 bar.');
    const pair = pairs.find(({ answer }) => answer === '69 bar');
    assert.equal(pair?.question, 'At what pressure does the relief valve of the boiler open?');
    assert.equal(pair.evidence.length, 2);
  });

  it('a sentence that leans on what cannot be known is left alone', () => {
    assert.deepEqual(pairsOn('It destroys them because they are weak. This was done in 1909.'), []);
    assert.deepEqual(pairsOn('I bought my boat because I liked it.'), []);
  });
});
