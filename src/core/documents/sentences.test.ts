import assert from 'node:assert/strict';
import { sentences } from './sentences';

const split = (text: string) => [...sentences(text)].map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  const whole = [
    'Dr. Wu and Mrs. J. R. Ortega met at 9.30 a.m. in St. Gallen.',
    'See Fig. 3 and No. 7, e.g. the valve of approx. 2.5 mm.',
    'The U.S. Navy bought it from Kessler & Sons Ltd. in 1911.',
    '“Why?” he asked, and left.',
    'It costs 1.250,00 EUR incl. VAT.',
    'He waited … and waited.',
    'Version 2.4.1 of node.js runs here.',
  ];
  for (const text of whole) it(`is one: ${text}`, () => assert.deepEqual(split(text), [text]));

  const several: readonly (readonly string[])[] = [
    ['The pump stops.', 'The lamp goes out!', 'Why?', 'Nobody knows.'],
    ['He said: “Stop.”', 'They stopped.'],
    ['It weighs 5 kg.', '12 men lift it.'],
    ['Bring ropes, hooks, etc.', 'The crew waits.'],
    ['She left at 6 p.m.', 'It was dark.'],
    ['Take vitamin C.', 'It helps.'],
    ['Wait…', 'Now go.'],
  ];
  for (const parts of several)
    it(`are ${parts.length}: ${parts.join(' ')}`, () => assert.deepEqual(split(parts.join(' ')), parts));

  it('need no blank in Chinese and Japanese', () => {
    assert.deepEqual(split('这是第一句。这是第二句！「第三句。」第四句'), [
      '这是第一句。',
      '这是第二句！',
      '「第三句。」',
      '第四句',
    ]);
  });

  it('go on over line ends', () => {
    assert.deepEqual(split('The pump\nstops.\nThe lamp\r\nburns.'), ['The pump\nstops.', 'The lamp\r\nburns.']);
  });
});
