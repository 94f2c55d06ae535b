import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chunkDocument } from '../../src/core/documents/chunk';

/**
 * 10 MB of text → chunks: the time of the processor and the memory beside the text. Run it with `--expose-gc`, so that the
 * memory is what the chunks hold on to and not what happens to lie about.
 */
const megabytes = 10;
const root = path.resolve(__dirname, '..', '..');

const own = ['examples/handbook.md', 'examples/field-notes.txt', 'bench/grounding/prose/lighthouse.txt']
  .map((file) => readFileSync(path.join(root, ...file.split('/')), 'utf8'))
  .join('\n\n');
const fill = (part: string) =>
  Buffer.from(part.repeat(Math.ceil((megabytes * 1e6) / part.length)).slice(0, megabytes * 1e6)).toString();
const texts: readonly (readonly [name: string, part: string, held: boolean])[] = [
  ['prose and Markdown', own, true],
  ['prose, line ends CRLF', own.replaceAll('\n', '\r\n'), true],
  ['one line of words', own.replace(/\s+/gu, ' '), true],
  ['one line without a blank', 'abcdefghij', false],
  ['sentences of one word', 'Hi. ', false],
  ['list items of one letter', '- a\n', false],
  ['headings only', '# a\n', false],
  ['full stops', '.', false],
  ['combining marks', '\u0301', false],
  ['blank lines', '\n', false],
];

let met = true;
console.log('10 MB of'.padEnd(28) + 'CPU ms   wall ms   chunks   memory / text');
chunkDocument(own);
for (const [name, part, held] of texts) {
  const text = fill(part);
  global.gc?.();
  const before = process.memoryUsage();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const chunks = chunkDocument(text);
  const wall = performance.now() - started;
  const used = process.cpuUsage(cpu).user / 1000;
  const after = process.memoryUsage();
  const memory = Math.max(after.heapUsed - before.heapUsed, after.rss - before.rss) / text.length;
  if (held && (used > 1000 || memory > 8)) met = false;
  const row = [
    used.toFixed(0).padStart(6),
    wall.toFixed(0).padStart(9),
    String(chunks.length).padStart(8),
    memory.toFixed(2).padStart(15),
  ];
  console.log(`${name.padEnd(28)}${row.join(' ')}${held ? '' : '   (not held to the bar)'}`);
}
console.log(`\n${met ? 'met   ' : 'MISSED'} ordinary text in less than 1,000 ms of processor and 8 times its memory`);
process.exitCode = met ? 0 : 1;
