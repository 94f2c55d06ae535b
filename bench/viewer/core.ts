import { execFileSync } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DatasetFile } from '../../src/core/datasets/view/datasetFile';
import { parseQuery } from '../../src/core/datasets/view/query';
import { ReviewState } from '../../src/core/datasets/view/reviewState';
import { scan } from '../../src/core/datasets/view/scan';
import { generate } from './generate';

/**
 * Index, jumps and search of the viewer's core against `wc -l` on the same file in the same cache state.
 *
 *   npx tsx bench/viewer/core.ts --rows 100000            about 150 MB
 *   npx tsx bench/viewer/core.ts --rows 700000            a gigabyte
 *   npx tsx bench/viewer/core.ts --rows 2000000 --bytes 500
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    bytes: { type: 'string', default: '1500' },
    folder: { type: 'string', default: '/tmp/viewer/bench' },
  },
});

const never = new AbortController().signal;
const rows = Number(values.rows);
const file = path.join(values.folder, `rows-${rows}-${values.bytes}.jsonl`);

async function main(): Promise<void> {
  await mkdir(values.folder, { recursive: true });
  await generate(file, rows, Number(values.bytes));
  const wc = best(3, () => execFileSync('wc', ['-l', file]));
  console.log(`wc -l                       ${wc.toFixed(0)} ms (best of 3)`);

  const before = process.memoryUsage();
  const started = performance.now();
  let firstRows = 0;
  const dataset = await DatasetFile.open(file, undefined, () => {
    if (firstRows === 0 && dataset.state.lines > 50) firstRows = performance.now() - started;
  });
  await dataset.indexAll();
  const indexed = performance.now() - started;
  const after = process.memoryUsage();
  const { lines, size } = dataset.state;
  console.log(`first rows                  ${firstRows.toFixed(0)} ms`);
  console.log(
    `index of ${lines} lines, ${(size / 1e9).toFixed(2)} GB  ${indexed.toFixed(0)} ms = ${(indexed / wc).toFixed(1)} × wc -l`,
  );
  console.log(`index memory                ${(dataset.indexBytes / lines).toFixed(1)} bytes a line`);
  console.log(
    `RSS growth                  ${((after.rss - before.rss - dataset.indexBytes) / 1e6).toFixed(0)} MB beyond the index`,
  );
  await jumps(dataset);
  await dataset.close();
  await searches(size);
}

async function jumps(dataset: DatasetFile): Promise<void> {
  const times: number[] = [];
  for (let jump = 0; jump < 300; jump++) {
    const line = (jump * 7919 * 104729) % (dataset.state.lines - 64);
    const started = performance.now();
    await dataset.previews(Array.from({ length: 64 }, (_, at) => line + at));
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  console.log(`a page of 64 rows           median ${times[150]?.toFixed(1)} ms, p99 ${times[297]?.toFixed(1)} ms`);
}

async function searches(size: number): Promise<void> {
  for (const query of [
    'needle-in-the-haystack',
    'PASSAGE 4242 say',
    'difficulty:hard',
    'confidence:<0.1',
    'has:question',
    '-difficulty:hard',
  ]) {
    await using handle = await open(file);
    const started = performance.now();
    const cpu = process.cpuUsage();
    let first: number | undefined;
    let found = 0;
    for await (const { lines } of scan(handle, parseQuery(query), new ReviewState(), { offset: 0, line: 0 }, never)) {
      found += lines.length;
      if (lines.length > 0) first ??= performance.now() - started;
    }
    const taken = performance.now() - started;
    const speed = (size / 1e6 / taken).toFixed(2);
    const { user, system } = process.cpuUsage(cpu);
    const byCpu = (size / 1e3 / (user + system)).toFixed(2);
    console.log(
      `${query.padEnd(27)} ${speed} GB/s (${byCpu} by CPU), first hit ${first?.toFixed(0) ?? '-'} ms, ${found} found`,
    );
  }
}

/** The shortest of a few runs, in milliseconds. */
function best(runs: number, work: () => void): number {
  return Math.min(
    ...Array.from({ length: runs }, () => {
      const started = performance.now();
      work();
      return performance.now() - started;
    }),
  );
}

void main();
