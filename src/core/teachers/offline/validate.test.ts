import assert from 'node:assert/strict';
import { validatePair } from './validate';

const passage =
  'The feed pump delivers 1,000 litres of seawater an hour at 55 bar. Cartridges of 5 microns cannot be washed, because the water jet opens their pores. ' +
  'At 25 °C the machine makes 120 litres an hour, whereas at 10 °C it makes only 75 litres an hour. The strainer catches weed, jellyfish and shells. ' +
  'The preservative works by removing oxygen. The valve opens at 69 bar.';

interface Pair {
  readonly question: string;
  readonly answer: string;
  readonly evidence: string;
}

function judge({ question, answer, evidence }: Pair) {
  return validatePair({ kind: 'distill.validate', passage, question, answer, evidence: [evidence] });
}

const pump = 'The feed pump delivers 1,000 litres of seawater an hour at 55 bar.';
const washed = 'Cartridges of 5 microns cannot be washed, because the water jet opens their pores.';
const warm = 'At 25 °C the machine makes 120 litres an hour, whereas at 10 °C it makes only 75 litres an hour.';
const strainer = 'The strainer catches weed, jellyfish and shells.';

describe('The offline validator approves', () => {
  const good: readonly Pair[] = [
    {
      question: 'How many litres of seawater an hour does the feed pump deliver at 55 bar?',
      answer: '1,000 litres',
      evidence: pump,
    },
    { question: 'How many litres does the feed pump deliver an hour?', answer: '1000 litres an hour', evidence: pump },
    {
      question: 'Why can cartridges of 5 microns not be washed?',
      answer: 'because the water jet opens their pores',
      evidence: washed,
    },
    { question: 'How many litres an hour does the machine make at 10 °C?', answer: '75 litres', evidence: warm },
    { question: 'What does the strainer catch?', answer: 'weed, jellyfish and shells', evidence: strainer },
    { question: 'What does the strainer catch?', answer: 'It catches weed, jellyfish and shells.', evidence: strainer },
    {
      question: 'How does the preservative work?',
      answer: 'by removing oxygen',
      evidence: 'The preservative works by removing oxygen.',
    },
  ];
  for (const pair of good) {
    it(`${pair.question} ${pair.answer}`, () => {
      const verdict = judge(pair);
      assert.deepEqual(verdict.errors, []);
      assert.ok(verdict.approved && verdict.grounded && verdict.no_hallucination && verdict.complete);
      assert.equal(verdict.corrections, null);
      assert.ok(verdict.confidence > 0.6);
    });
  }
});

describe('The offline validator rejects', () => {
  const bad: Readonly<Record<string, Pair>> = {
    'a changed number': {
      question: 'How many litres of seawater an hour does the feed pump deliver?',
      answer: '1,200 litres',
      evidence: pump,
    },
    'a changed unit': {
      question: 'At what pressure does the valve open?',
      answer: '69 litres',
      evidence: 'The valve opens at 69 bar.',
    },
    'the figure of the other case': {
      question: 'How many litres an hour does the machine make at 10 °C?',
      answer: '120 litres',
      evidence: warm,
    },
    'a lost negation': {
      question: 'What is said of cartridges of 5 microns?',
      answer: 'Cartridges of 5 microns can be washed',
      evidence: washed,
    },
    'an added negation': {
      question: 'What does the strainer not catch?',
      answer: 'weed, jellyfish and shells',
      evidence: strainer,
    },
    'an invention': {
      question: 'What does the strainer catch?',
      answer: 'weed, jellyfish and submarines',
      evidence: strainer,
    },
    'another opposite word': {
      question: 'How does the preservative work?',
      answer: 'by adding oxygen',
      evidence: 'The preservative works by removing oxygen.',
    },
    'made-up evidence': { question: 'What colour is the pump?', answer: 'blue', evidence: 'The pump is painted blue.' },
    'evidence about something else': {
      question: 'At what pressure does the valve open?',
      answer: '1,000 litres',
      evidence: pump,
    },
    'a question about something else': {
      question: 'How many sailors did the emperor of China send?',
      answer: '1,000 litres',
      evidence: pump,
    },
    'half a list': { question: 'What does the strainer catch?', answer: 'weed', evidence: strainer },
    'an answer that breaks off': {
      question: 'Why can cartridges of 5 microns not be washed?',
      answer: 'because the',
      evidence: washed,
    },
    'no figure where one is asked for': {
      question: 'How many litres an hour does the feed pump deliver?',
      answer: 'seawater',
      evidence: pump,
    },
    'a question that breaks off': {
      question: 'When does the valve open at 69 bar or?',
      answer: '69 bar',
      evidence: 'The valve opens at 69 bar.',
    },
    'a question without a verb': { question: 'What the strainer catch?', answer: 'jellyfish', evidence: strainer },
    'a question about nobody knows what': {
      question: 'How does it work?',
      answer: 'by removing oxygen',
      evidence: 'The preservative works by removing oxygen.',
    },
    'a question with its answer in it': {
      question: 'What does the strainer that catches jellyfish catch?',
      answer: 'jellyfish',
      evidence: strainer,
    },
    'an empty answer': { question: 'What does the strainer catch?', answer: ' ', evidence: strainer },
    'no evidence': { question: 'What does the strainer catch?', answer: 'weed, jellyfish and shells', evidence: '' },
  };
  for (const [name, pair] of Object.entries(bad)) {
    it(name, () => {
      const verdict = judge(pair);
      assert.equal(verdict.approved, false);
      assert.ok(!(verdict.grounded && verdict.no_hallucination && verdict.complete));
      assert.ok(verdict.errors.length > 0);
    });
  }

  it('and mends what the evidence itself mends', () => {
    assert.equal(judge(bad['a changed number'] ?? assert.fail()).corrections?.answer, '1,000 litres');
    assert.equal(judge(bad['half a list'] ?? assert.fail()).corrections?.answer, 'weed, jellyfish and shells');
    assert.equal(judge(bad['an invention'] ?? assert.fail()).corrections, null);
  });
});
