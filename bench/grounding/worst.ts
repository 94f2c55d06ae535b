import { ground } from '../../src/core/documents/ground';

const size = 100_000;

/** Passages of 100 KB made to take long; prints each time, returns the longest, in milliseconds of processor. */
export function worstCases(): number {
  const fill = (text: string) => text.repeat(Math.ceil(size / text.length)).slice(0, size);
  const words = fill('the pump of the third bay was opened at noon and closed again before the night shift came on ');
  const cases: readonly (readonly [string, string, string])[] = [
    ['not there, 200 characters', 'Nothing of this kind was ever said about any ship that went by. '.repeat(3), words],
    [
      'not there, 4,000 characters',
      'Nothing of this kind was ever said about any ship that went by. '.repeat(62),
      words,
    ],
    ['one word of a repeated sentence changed', words.slice(0, 400).replace('noon', 'dawn'), words],
    ['a repeated letter', `${'a'.repeat(400)}b`, fill('a')],
    ['a repeated letter, apart', `${'a '.repeat(400)}b`, fill('a ')],
    [
      'numbers that differ everywhere',
      'Valve 7777 opens at 77.7 bar.',
      Array.from({ length: 4000 }, (_, i) => `Valve ${i} opens at ${i % 50}.5 bar.`).join(' '),
    ],
    ['dots', `x ${'.'.repeat(5000)} y`, fill('. ')],
    ['blanks and line ends', `x ${' \n'.repeat(3000)} y`, fill('- \n')],
    ['quotation marks', `"${'"'.repeat(3000)}a`, fill('"a" ')],
    ['combining marks', `e${'\u0301'.repeat(800)}x`, fill('e\u0301')],
    ['no blanks', `${'abcdefghij'.repeat(40)}x`, fill('abcdefghij')],
    ['the quote is as long as the passage', words.replace('noon', 'dawn'), words],
    ['half the passage, one letter worn', words.slice(7, 50_003).replace('third', 'thjrd'), words],
  ];
  console.log('on a passage of 100 KB'.padEnd(42) + 'CPU ms');
  let longest = 0;
  for (const [name, quote, passage] of cases) {
    const started = process.cpuUsage();
    const { status } = ground(quote, passage);
    const used = process.cpuUsage(started);
    const took = (used.user + used.system) / 1000;
    longest = Math.max(longest, took);
    console.log(`${name.padEnd(40)} ${took.toFixed(0).padStart(5)}  ${status}`);
  }
  console.log('');
  return longest;
}
