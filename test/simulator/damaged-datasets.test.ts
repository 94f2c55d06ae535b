import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkFiles } from '../../src/core/datasets/check/check';
import { combineFiles } from '../../src/core/datasets/combine';
import { decontaminate } from '../../src/core/datasets/decontaminate';
import { dedupeFiles } from '../../src/core/datasets/dedupe';
import { DatasetError } from '../../src/core/datasets/errors';
import { exportDataset } from '../../src/core/datasets/formats';
import { previewPairs, writePairs } from '../../src/core/datasets/pairs';
import { isObject, readRows } from '../../src/core/datasets/rows';
import { splitFile } from '../../src/core/datasets/split';
import { seededRandom } from '../../src/core/engine/random';

/**
 * Damaged files through every step: `FUZZ_FILES=10000 FUZZ_SEED=1 npx mocha test/simulator/damaged-datasets.test.ts`. A file with
 * its seed is `FUZZ_FILES=1 FUZZ_SEED=<that seed>`.
 */
const files = Number(process.env['FUZZ_FILES'] ?? 300);
/** Most of the time goes to opening and closing files. */
const AT_ONCE = 8;
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);

describe('damaged datasets', function () {
  this.timeout(Math.max(300_000, files * 2_000));
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-fuzz-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function worker(seeds: number[]): Promise<void> {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const place = join(folder, String(seed));
      await mkdir(place);
      await everyStep(place, seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
      await rm(place, { recursive: true });
    }
  }

  it(`never crash a step, and no row of ${files} files goes without being written or named`, async () => {
    const seeds = Array.from({ length: files }, (_, index) => firstSeed + index);
    await Promise.all(Array.from({ length: AT_ONCE }, () => worker(seeds)));
  });

  it('never hang, not even in a page of Parquet that is unpacked without an end', async () => {
    const random = randomOf(26_322);
    assert.ok(isParquet(random));
    await assert.rejects(checkFiles({ files: [await parquet(folder, random)] }), /time without an end\. It is damaged/);
  });
});

/** The same file for the same seed, on any machine. */
function randomOf(seed: number): () => number {
  return seededRandom(seed * 0x9e3779b9);
}

function isParquet(random: () => number): boolean {
  return random() < 0.1;
}

async function everyStep(folder: string, seed: number): Promise<void> {
  const random = randomOf(seed);
  if (isParquet(random)) return all(new Steps(folder, await parquet(folder, random), undefined));
  const bytes = damaged(random);
  const truth = linesOf(bytes);
  const kind = truth === undefined ? 'lines' : pick(random, ['lines', 'lines', 'lines', 'gzip', 'torn gzip', 'array']);
  const file = join(folder, kind === 'array' ? 'rows.json' : kind === 'lines' ? 'rows.jsonl' : 'rows.jsonl.gz');
  await writeFile(file, packed(bytes, kind, random));
  await all(new Steps(folder, file, kind === 'lines' || kind === 'gzip' ? truth : undefined));
}

/** Parquet has no check sums that all writers set: what a damaged page holds cannot be known, only that no step breaks. */
async function parquet(folder: string, random: () => number): Promise<string> {
  const file = join(folder, 'rows.parquet');
  const rows = () => [SEEDS[0], SEEDS[1]];
  const card = { title: 'Fuzz', provenance: [], method: [] };
  await exportDataset({ splits: [{ name: 'train', rows }], format: 'parquet', out: file, card });
  await writeFile(file, damage(await readFile(file), random));
  return file;
}

async function all(steps: Steps): Promise<void> {
  await steps.check();
  await steps.preview();
  await steps.pairs();
  await steps.convert();
  await steps.combine();
  await steps.split();
  await steps.dedupe('exact');
  await steps.dedupe('near');
  await steps.decontaminate();
}

function packed(bytes: Buffer, kind: string, random: () => number): Buffer {
  if (kind === 'lines') return bytes;
  if (kind === 'array') return Buffer.from(`[${bytes.toString('utf8').split('\n').join(',\n')}]`);
  const whole = gzipSync(bytes);
  return kind === 'gzip' ? whole : whole.subarray(0, Math.floor(random() * whole.length));
}

/** A line that is not blank, as a reader of nothing but bytes and `JSON.parse` sees it. */
interface TrueLine {
  readonly number: number;
  readonly text: string;
  readonly good: boolean;
}

/** Undefined for UTF-16, which is refused as a whole. */
function linesOf(bytes: Buffer): TrueLine[] | undefined {
  if (bytes.length > 1 && [0xfffe, 0xfeff].includes(bytes.readUInt16BE(0))) return undefined;
  const start = bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  const lines: TrueLine[] = [];
  for (let from = start, number = 1; from < bytes.length; number++) {
    const found = bytes.indexOf(10, from);
    const end = found < 0 ? bytes.length : found;
    const crlf = found >= 0 && end > from && bytes[end - 1] === 13;
    const line = bytes.subarray(from, crlf ? end - 1 : end);
    from = end + 1;
    const text = line.toString('utf8');
    if (isUtf8(line) && text.trim() === '') continue;
    lines.push({ number, text, good: isUtf8(line) && isRow(text) });
  }
  return lines;
}

function isRow(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** The steps on one file, each held to it: what it writes and what it names are all the rows there are. */
class Steps {
  constructor(
    private readonly folder: string,
    private readonly file: string,
    /** Undefined where only the steps can say what the rows are. */
    private readonly truth: readonly TrueLine[] | undefined,
  ) {}

  async check(): Promise<void> {
    const result = await orRefusal(checkFiles({ files: [this.file], listed: Infinity }));
    if (result instanceof DatasetError || !this.truth) return;
    assert.equal(result.totals.rows, this.truth.length);
    const broken = new Set(['bad_json', 'not_object', 'invalid_utf8', 'too_long']);
    const named = result.problems.filter(({ code }) => broken.has(code)).map(({ line }) => line);
    assert.deepEqual(named, bad(this.truth));
  }

  async preview(): Promise<void> {
    const lines: number[] = [];
    const done = async () => {
      for await (const pair of previewPairs(this.file)) lines.push(pair.line);
    };
    const refusal = await orRefusal(done());
    if (!(refusal instanceof DatasetError) && this.truth) assert.deepEqual(lines, numbers(this.truth));
  }

  async pairs(): Promise<void> {
    const out = join(this.folder, 'pairs.jsonl');
    const result = await this.writes(writePairs([this.file], out), [out]);
    if (result && this.truth) assert.equal((await rowsOf(out)).length, this.truth.length * 2);
  }

  async convert(): Promise<void> {
    const out = join(this.folder, 'messages');
    const rows = () => values(this.file);
    const splits = [{ name: 'train', rows }];
    const card = { title: 'Fuzz', provenance: [], method: [] };
    const result = await this.writes(exportDataset({ splits, format: 'messages', out, card }), [
      join(out, 'train.jsonl'),
    ]);
    if (result && this.truth) assert.equal((await rowsOf(join(out, 'train.jsonl'))).length, this.truth.length);
  }

  async combine(): Promise<void> {
    const out = join(this.folder, 'combined.jsonl');
    const result = await this.writes(combineFiles({ files: [this.file], out }), [out]);
    if (result && this.truth) assert.deepEqual(await rowsOf(out), texts(this.truth));
  }

  async split(): Promise<void> {
    const names = ['train', 'validation', 'test'];
    const out = names.map((name) => join(this.folder, 'split', `${name}.jsonl`));
    const ratios = { train: 60, validation: 20, test: 20 };
    const result = await this.writes(splitFile({ file: this.file, out: join(this.folder, 'split'), ratios }), out);
    if (!result || !this.truth) return;
    const rows = (await Promise.all(out.map(rowsOf))).flat();
    assert.deepEqual(rows.toSorted(), texts(this.truth).toSorted());
  }

  async dedupe(mode: 'exact' | 'near'): Promise<void> {
    const out = join(this.folder, `${mode}.jsonl`);
    const gone = new Set<number>();
    const onDuplicate = ({ row }: { row: { line: number } }) => gone.add(row.line);
    const result = await this.writes(dedupeFiles({ files: [this.file], out, mode, onDuplicate }), [out]);
    if (result && this.truth) assert.deepEqual(await rowsOf(out), texts(this.truth, gone));
  }

  async decontaminate(): Promise<void> {
    const against = join(this.folder, 'test.jsonl');
    await writeFile(against, `${JSON.stringify(SEEDS[1])}\n`);
    const out = join(this.folder, 'clean.jsonl');
    const gone = new Set<number>();
    const onLeak = ({ row }: { row: { line: number } }) => gone.add(row.line);
    const result = await this.writes(
      decontaminate({ file: this.file, against: [against], out, ngram: 13, threshold: 0.8, allow: [], onLeak }),
      [out],
    );
    if (result && this.truth) assert.deepEqual(await rowsOf(out), texts(this.truth, gone));
  }

  /** Whether it wrote. A refusal writes nothing, and says which line is to blame where a line is. */
  private async writes(step: Promise<unknown>, outputs: readonly string[]): Promise<boolean> {
    const result = await orRefusal(step);
    const there = await readdir(this.folder, { recursive: true });
    assert.ok(!there.some((name) => name.endsWith('.part')), `half a file: ${there.join(', ')}`);
    if (!(result instanceof DatasetError)) {
      if (this.truth) assert.deepEqual(bad(this.truth), [], 'a line that is no row went unnoticed');
      return true;
    }
    for (const output of outputs) assert.ok(!there.includes(output.slice(this.folder.length + 1)), output);
    if (result.code === 'broken_rows') {
      const [first] = result.rows;
      assert.ok(first && first.line > 0, result.message);
      if (this.truth) assert.ok(numbers(this.truth).includes(first.line), result.message);
    }
    return false;
  }
}

/** What a step resolves with, or why it refuses the file. Anything else that is thrown is a defect. */
async function orRefusal<Result>(step: Promise<Result>): Promise<Result | DatasetError> {
  return step.catch((error: unknown) => {
    if (error instanceof DatasetError) return error;
    throw error;
  });
}

async function* values(file: string): AsyncGenerator {
  for await (const { value } of readRows(file)) yield value;
}

async function rowsOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\n').slice(0, -1);
}

function bad(truth: readonly TrueLine[]): number[] {
  return numbers(truth.filter(({ good }) => !good));
}

function numbers(truth: readonly TrueLine[]): number[] {
  return truth.map(({ number }) => number);
}

function texts(truth: readonly TrueLine[], without: ReadonlySet<number> = new Set()): string[] {
  return truth.filter(({ number }) => !without.has(number)).map(({ text }) => text);
}

const LONG = 'The moon is held to the earth by gravity and moves round it once in about twenty seven days of ours';
const SEEDS: readonly object[] = [
  {
    instruction: 'Why does it rain?',
    input: '',
    output: 'Clouds fall.',
    id: 2 ** 60,
    meta: { source: 'a', n: [1, 2] },
  },
  { instruction: LONG, input: 'Über “quotes” 😀', output: `${LONG} \n\t"x" \\`, reasoning: 'é', difficulty: 'easy' },
  {
    messages: [
      { role: 'user', content: 'Hello?' },
      { role: 'assistant', content: '雨' },
    ],
  },
  {
    conversations: [
      { from: 'human', value: 'a' },
      { from: 'gpt', value: 'b' },
    ],
  },
  { prompt: 'p', completion: 'c' },
  { prompt: 'p', chosen: 'c', rejected: 'r' },
];

/** What is put into files: each of these has broken some reader of JSON lines. */
const NASTY: readonly (string | Uint8Array)[] = [
  ...['\n', '\r\n', '\r', '\n\n \t\n', '\ufeff', '\u2028', '\u0000', '\u0085', '"', '\\', '{', '}', '[', ']', ',', ':'],
  ...[
    '\\ud83d',
    '\\udc00',
    '\\u0000',
    '\\x',
    '1e999',
    '-',
    '9007199254740993',
    'NaN',
    'null',
    '{}',
    '[]',
    '{"a":1,"a":2}',
  ],
  ...['"__proto__":{"x":1},', '"constructor":1,', '"instruction":[],', '"meta":"text",', '['.repeat(3000), '\u00a0'],
  ...[Uint8Array.of(0xff), Uint8Array.of(0xc3), Uint8Array.of(0xed, 0xa0, 0x80), Uint8Array.of(0xf0, 0x9f)],
];

function damaged(random: () => number): Buffer {
  const seeds = random() < 0.5 ? [pick(random, SEEDS)] : SEEDS;
  const rows = Array.from({ length: 1 + Math.floor(random() * 12) }, () => JSON.stringify(pick(random, seeds)));
  return damage(Buffer.from(rows.join(pick(random, ['\n', '\n', '\r\n'])) + pick(random, ['\n', '', '\r\n'])), random);
}

function damage(whole: Buffer, random: () => number): Buffer {
  let bytes = whole;
  for (let times = Math.floor(random() * 5); times > 0; times--) {
    const at = Math.floor(random() * (bytes.length + 1));
    const length = random() < 0.3 ? Math.floor(random() * 40) : 0;
    const put = random() < 0.8 ? Buffer.from(pick(random, NASTY)) : Buffer.of(Math.floor(random() * 256));
    const where = random() < 0.1 ? 0 : at;
    bytes = Buffer.concat([bytes.subarray(0, where), put, bytes.subarray(where + length)]);
  }
  return random() < 0.1 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
}

function pick<Item>(random: () => number, items: readonly [Item, ...Item[]] | readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}
