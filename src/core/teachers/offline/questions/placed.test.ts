import assert from 'node:assert/strict';
import { generatePairs } from '../generate';
import { loadTagger, type Tagger } from '../language/tagger';
import { isNamed } from './placed';

describe('A question says where it belongs', () => {
  let tagger: Tagger;
  before(async () => {
    tagger = await loadTagger();
  });
  const questions = (passage: string, ...section: string[]) =>
    generatePairs({ kind: 'distill.generate', passage, section, questions: 5 }, tagger).map(({ question }) => question);

  it('by the title of the document, when it speaks of "the" something', () => {
    assert.deepEqual(questions('The deposit is returned when the key comes back.', 'Rules of Mill Hall'), [
      'In “Rules of Mill Hall”, when is the deposit returned?',
    ]);
  });

  it('by the product that the title names', () => {
    assert.deepEqual(questions('The relief valve opens at 69 bar.', 'Alder 120 Pump: Handbook'), [
      'On the Alder 120 Pump, at what pressure does the relief valve open?',
    ]);
  });

  it('or not at all, when a name in it says so', () => {
    for (const question of questions('Ann Fraser founded the Kessock distillery in 1825.', 'Old Towns'))
      assert.doesNotMatch(question, /Old Towns/u);
    assert.ok(questions('Ann Fraser founded the Kessock distillery in 1825.', 'Old Towns').length > 0);
  });

  it('and is not asked where nothing places it', () => {
    assert.deepEqual(questions('The committee decided in March that the road stays open.'), []);
    assert.deepEqual(questions('The deposit is paid back within seven days.'), []);
  });

  it('what is so everywhere needs no place', () => {
    assert.deepEqual(questions('Leaves are green because they contain chlorophyll.', 'Why Leaves Change'), [
      'Why are leaves green?',
    ]);
  });

  it('by what stands behind the number of a chapter', () => {
    for (const title of ['Chapter 4: The Halvorsen BK-220 Sawmill', '4. The Halvorsen BK-220 Sawmill'])
      assert.deepEqual(questions('Inspect the belt every 50 hours, because it wears quickly.', title).slice(0, 1), [
        'On the Halvorsen BK-220 Sawmill, why should you inspect the belt every 50 hours?',
      ]);
  });

  it('a title that says nothing places nothing', () => {
    for (const title of ['Introduction', 'Chapter 3', 'README', 'What now?'])
      for (const question of questions('The deposit is returned when the key comes back.', title))
        assert.doesNotMatch(question, /“/u);
  });

  it('a command belongs to its handbook', () => {
    assert.deepEqual(questions('If an item arrives damaged, send us a photograph.', 'Guide for Staff'), [
      'In “Guide for Staff”, what should you do if an item arrives damaged?',
    ]);
  });

  it('a month and a unit are no names', () => {
    assert.equal(isNamed('when does the gate close in March'), false);
    assert.equal(isNamed('how many MB does the file take'), false);
    assert.equal(isNamed('when does Ann Fraser come'), true);
  });
});

describe('The person whom a title names', () => {
  let tagger: Tagger;
  before(async () => {
    tagger = await loadTagger();
  });
  const questions = (passage: string, title: string) =>
    generatePairs({ kind: 'distill.generate', passage, section: [title], questions: 5 }, tagger).map(
      ({ question }) => question,
    );

  it('is "she", "her" and the surname', () => {
    assert.deepEqual(questions('She was born in Rimouski in 1868.', 'Marguerite Lachapelle'), [
      'Where was Marguerite Lachapelle born?',
      'When was Marguerite Lachapelle born?',
    ]);
    assert.deepEqual(questions('She wrote. Laval University gave her a medal in 1938.', 'Marguerite Lachapelle'), [
      'When did Laval University give Marguerite Lachapelle a medal?',
    ]);
    assert.deepEqual(questions('Lachapelle died in 1947. She was poor.', 'Marguerite Lachapelle'), [
      'When did Marguerite Lachapelle die?',
    ]);
  });

  it('is nobody in a passage that speaks of a he and a she', () => {
    const passage =
      'He met her in Cork. She was born in Rimouski in 1868. He was tall. She died in 1901. He died in 1902.';
    assert.deepEqual(questions(passage, 'Marguerite Lachapelle'), []);
  });

  it('is no place', () => {
    assert.deepEqual(questions('She was born in Rimouski in 1868.', 'Kettle Ridge'), []);
    assert.deepEqual(questions('She was born in Rimouski in 1868.', 'Lake Ohrid'), []);
  });
});
