import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { scanFile, type BlockScan, type ScanOptions } from './blocks';
import { checkScan } from './check/check-scan';
import type { DatasetError } from './errors';
import { pairScan } from './pairs';
import { rowScan } from './row-scan';

describe('scanning a dataset in blocks', function () {
  this.timeout(60_000);
  let folder: string;
  let bundle: string;
  const thread: NonNullable<ScanOptions['thread']> = {
    from: 0,
    start: (workerData) => new Worker(bundle, { eval: true, workerData }),
  };
  before(async () => {
    const { outputFiles } = await build({
      entryPoints: [join(__dirname, 'blocks.worker.ts')],
      bundle: true,
      // What is loaded when it is needed is found beside the sources.
      packages: 'external',
      platform: 'node',
      write: false,
    });
    bundle = outputFiles[0]?.text ?? '';
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-blocks-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function all<Config, Result>(
    scan: BlockScan<Config, Result>,
    config: Config & { readonly file: string },
    options: ScanOptions,
  ): Promise<{ found: Result; lines: number }[]> {
    const blocks: { found: Result; lines: number }[] = [];
    for await (const { found, lines } of scanFile(config.file, scan, config, options)) {
      blocks.push({ found, lines: lines().length });
    }
    return blocks;
  }

  it('finds the same on threads as on one, whatever the scan', async () => {
    const rows = Array.from({ length: 6_000 }, (_, id) =>
      JSON.stringify({ instruction: `q${id % 5_500} é`, input: '', output: 'a'.repeat(200 + (id % 7)), meta: { id } }),
    );
    const odd = ['{"instruction":"","output":"a"}', ' ', '{"instruction":"q","output":7}', 'no JSON', '{"a":1}\r'];
    const text = `\ufeff${[...rows.slice(0, 3_000), ...odd, ...rows.slice(3_000)].join('\n')}`;
    const file = join(folder, 'rows.jsonl.gz');
    await writeFile(file, gzipSync(text));
    const check = { file, content: true, pairs: true };
    assert.deepEqual(await all(checkScan, check, { thread }), await all(checkScan, check, {}));
    const pairs = { file, label: 'mine' };
    assert.deepEqual(await all(pairScan, pairs, { thread }), await all(pairScan, pairs, {}));
    const config = { file, texts: true, group: 'meta.id' };
    assert.deepEqual(await all(rowScan, config, { thread }), await all(rowScan, config, {}));
  });

  it('passes the errors of a thread on, and ends when it is cancelled', async () => {
    const file = join(folder, 'rows.jsonl');
    await writeFile(file, '{"instruction":"q","output":"a"}\n'.repeat(40_000));
    const missing = { file, content: true, pairs: false, testFile: join(folder, 'none.jsonl') };
    await assert.rejects(all(checkScan, missing, { thread }), (error: DatasetError) => error.code === 'not_found');
    const controller = new AbortController();
    const cancelled = (async () => {
      for await (const { found } of scanFile(file, pairScan, { file }, { thread, signal: controller.signal })) {
        assert.ok(found.pairs > 0);
        controller.abort();
      }
    })();
    await assert.rejects(cancelled, { name: 'AbortError' });
    assert.equal((await readFile(file, 'utf8')).length, 40_000 * 33);
  });
});
