import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { DatasetFile } from '../../core/datasets/view/datasetFile';
import { Review } from '../../core/datasets/view/review';
import { reviewPath } from '../../core/datasets/view/reviewLog';
import { startHub } from '../../../test/simulator/hub';
import { main } from '../main';

interface Printed {
  readonly outputs: readonly { readonly path: string; readonly rows: number }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly totals: { readonly by_code: Readonly<Record<string, number>> };
  readonly problems: readonly { file: string; line: number; column: number; code: string; severity: string }[];
}

/** The command line as a person has it, without a process: its words in, its two streams and exit code out. */
describe('dataset commands', () => {
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'distillery-cli-data-'));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  async function run(argv: readonly string[], env: Record<string, string> = {}) {
    const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const code = await main(argv, { stdout, stderr, stdin, env, cwd });
    const text = (stream: PassThrough) => String(stream.read() ?? '');
    return { code, out: text(stdout), err: text(stderr) };
  }

  async function json(argv: readonly string[], env: Record<string, string> = {}) {
    const { code, out, err } = await run([...argv, '--json'], env);
    assert.equal(out.trimEnd().split('\n').length, 1, out + err);
    return { code, value: JSON.parse(out) as Printed };
  }

  async function rows(name: string, list: readonly object[]): Promise<void> {
    await writeFile(join(cwd, name), list.map((row) => JSON.stringify(row)).join('\n'));
  }

  const qa = (id: number) => ({
    instruction: `Question ${id} of the list?`,
    input: '',
    output: `The answer is ${id}.`,
  });
  const many = (count: number) => Array.from({ length: count }, (_, id) => qa(id));

  it('pairs: exactly twice the rows', async () => {
    await rows('a.jsonl', many(2389));
    const { code, value } = await json(['pairs', 'a.jsonl', '--out', 'pairs.jsonl', '--source-label', 'docs']);
    assert.equal(code, 0);
    assert.deepEqual(value, { outputs: [{ path: 'pairs.jsonl', rows: 4778 }], counts: { rows: 2389, pairs: 4778 } });
  });

  it('pairs: a preview writes nothing, validation names bad rows and exits with 3', async () => {
    await writeFile(join(cwd, 'a.jsonl'), `${JSON.stringify(qa(1))}\n{"instruction":"x"}\n`);
    const shown = await run(['pairs', 'a.jsonl', '--preview', '1']);
    assert.match(shown.out, /line 1, reverse/);
    const bad = await run(['pairs', 'a.jsonl', '--validate']);
    assert.deepEqual(
      [bad.code, /a\.jsonl:2:1: No training format has these fields: instruction/.test(bad.out)],
      [3, true],
    );
    const refused = await run(['pairs', 'a.jsonl', '--out', 'out.jsonl']);
    assert.deepEqual([refused.code, /line 2/.test(refused.err)], [2, true]);
    assert.deepEqual(await readdir(cwd), ['a.jsonl']);
  });

  it('combine, split, dedupe and decontaminate hand rows on', async () => {
    await rows('a.jsonl', many(60));
    await rows('b.jsonl', [...many(10), { ...qa(99), instruction: 'Something else entirely?' }]);
    const combined = await json(['combine', 'a.jsonl', 'b.jsonl', '--out', 'all.jsonl']);
    assert.deepEqual(combined.value.counts, {
      read: 71,
      rows: 71,
      exact_duplicates: 10,
      near_duplicates: 0,
      left_out_for_balance: 0,
    });
    const unique = await json(['dedupe', 'all.jsonl', '--out', 'unique.jsonl', '--mode', 'exact', '--explain']);
    assert.deepEqual(unique.value.counts, { rows: 71, kept: 61, exact: 10, near: 0 });
    const split = await json(['split', 'unique.jsonl', '--out', 'parts', '--ratios', '80,10,10']);
    assert.equal(
      split.value.outputs.reduce((sum, output) => sum + output.rows, 0),
      61,
    );
    const clean = await json(['decontaminate', 'all.jsonl', '--against', 'parts/test.jsonl', '--out', 'clean.jsonl']);
    const counts = clean.value.counts;
    assert.ok(Number(counts['leaks']) > 0 && Number(counts['kept']) + Number(counts['leaks']) === 71);
    const again = await run(['split', 'unique.jsonl', '--out', 'parts']);
    assert.deepEqual([again.code, /is there already/.test(again.err)], [2, true]);
  });

  it('check: problems by line, exit 3 on errors, 0 without', async () => {
    await rows('good.jsonl', many(12));
    assert.equal((await run(['check', 'good.jsonl'])).code, 0);
    await writeFile(join(cwd, 'bad.jsonl'), `${JSON.stringify(qa(1))}\n{"instruction" 1}\n`);
    const { code, value } = await json(['check', 'bad.jsonl']);
    assert.equal(code, 3);
    assert.deepEqual(value.totals, { rows: 2, errors: 1, warnings: 0, by_code: { bad_json: 1 } });
    const [problem] = value.problems;
    assert.deepEqual(
      [problem?.file, problem?.line, problem?.column, problem?.code, problem?.severity],
      ['bad.jsonl', 2, 16, 'bad_json', 'error'],
    );
    const person = await run(['check', 'bad.jsonl']);
    assert.match(person.out, /^bad\.jsonl:2:16: error bad_json: Not JSON/m);
    assert.equal((await run(['check', 'good.jsonl', '--target', 'together'])).code, 3);
  });

  it('check: holds the data to the rules beside it', async () => {
    await rows('train.jsonl', many(3));
    await writeFile(join(cwd, 'distillery.rules.yaml'), 'thresholds: { min_rows: 10 }');
    const { code, value } = await json(['check', 'train.jsonl']);
    assert.equal(code, 3);
    assert.deepEqual(value.totals.by_code, { 'rule:thresholds.min_rows': 1 });
    assert.equal((await run(['check', 'train.jsonl', '--no-rules'])).code, 0);
  });

  it('export: a format with its dataset_info.json and card, of a file or a run, pushed when asked', async () => {
    await rows('golden_dataset.jsonl', many(3));
    const hub = await startHub();
    try {
      const push = ['--push', 'me/data', '--license', 'cc-by-4.0'];
      const environment = { HF_TOKEN: 'hf_simulator', HF_ENDPOINT: hub.url };
      const { code, value } = await json(
        ['export', '.', '--format', 'messages', '--out', 'out', '--system', 'Be brief.', ...push],
        environment,
      );
      assert.equal(code, 0);
      assert.deepEqual(value.outputs, [{ path: join('out', 'train.jsonl'), rows: 3 }]);
      assert.deepEqual((await readdir(join(cwd, 'out'))).sort(), ['README.md', 'dataset_info.json', 'train.jsonl']);
      assert.match(await readFile(join(cwd, 'out', 'README.md'), 'utf8'), /license: cc-by-4\.0/);
      assert.equal(hub.repos.get('me/data')?.visibility, 'private');
      assert.equal((await run(['export', '.', '--format', 'alpaca', '--out', 'b', '--push', 'me/data'])).code, 2);
      for (const out of ['d', 'e.jsonl']) {
        hub.repos.clear();
        const same = ['export', 'golden_dataset.jsonl', '--format', 'alpaca', '--out', out, '--push', 'me/more'];
        hub.failOnce('POST /api/repos/create', 403);
        assert.equal((await run(same, environment)).code, 2);
        assert.match((await run(same, environment)).out, /Pushed to/, 'the same command goes on');
        await rm(join(cwd, out === 'd' ? 'd/train.jsonl' : out));
        await rows(out === 'd' ? 'd/train.jsonl' : out, many(1));
        assert.match((await run(same, environment)).err, /is there already/);
      }
    } finally {
      await hub.close();
    }
  });

  it('apply-review: what was decided in the editor, packed or not, in a new file', async () => {
    await rows('a.jsonl', [{ q: 'one' }, { q: 'two' }, { q: 'three' }]);
    const plain = join(cwd, 'a.jsonl');
    await writeFile(join(cwd, 'b.jsonl.gz'), gzipSync(await readFile(plain)));
    const dataset = await DatasetFile.open(plain, undefined, () => undefined);
    await dataset.indexAll();
    for (const name of ['a.jsonl', 'b.jsonl.gz']) {
      const nothing = await run(['apply-review', name, '--keep', 'approved']);
      assert.match(nothing.err, /No row of .* was approved, rejected or edited yet/);
      const review = await Review.open(dataset, reviewPath(join(cwd, name)));
      await review.judge([0], { kind: 'verdict', verdict: 'rejected' });
      await review.judge([2], { kind: 'edit', path: ['q'], text: 'drei' });
      const { code, value } = await json(['apply-review', name, '--keep', 'not-rejected']);
      assert.deepEqual([code, value.counts], [0, { rows: 2, dropped: 1, edited: 1 }]);
      const written = await readFile(join(cwd, value.outputs[0]?.path ?? ''), 'utf8');
      assert.equal(written, '{"q":"two"}\n{"q":"drei"}\n');
    }
    await dataset.close();
    assert.deepEqual((await readdir(cwd)).filter((name) => /reviewed|tmp/u.test(name)).sort(), [
      'a.reviewed.jsonl',
      'b.reviewed.jsonl',
    ]);
  });

  it('refuse what cannot be meant, in a sentence, and write nothing', async () => {
    await rows('a.jsonl', many(20));
    await writeFile(join(cwd, 'none.jsonl'), '');
    const before = await readdir(cwd);
    for (const [why, ...argv] of [
      ['No row of .*a.jsonl has nope', 'split', 'a.jsonl', '--out', 'o', '--group-by', 'nope'],
      ['No row has the field nope', 'combine', 'a.jsonl', '--out', 'o.jsonl', '--balance', 'nope'],
      ['cannot be held against itself', 'decontaminate', 'a.jsonl', '--against', 'a.jsonl', '--out', 'o.jsonl'],
      ['a file is where its folder should be', 'pairs', 'a.jsonl', '--out', 'a.jsonl/o.jsonl'],
      [
        '20 of 20 rows cannot become preference: row 1: [^;]*$',
        'export',
        'a.jsonl',
        '--format',
        'preference',
        '--out',
        '.',
      ],
      ['There are no rows to export', 'export', 'none.jsonl', '--format', 'alpaca', '--out', '.'],
    ] as const) {
      const { code, err } = await run(argv);
      assert.deepEqual([code, new RegExp(why).test(err.trim())], [2, true], err);
    }
    assert.deepEqual(await readdir(cwd), before);
  });

  it('explain themselves', async () => {
    for (const name of ['pairs', 'combine', 'split', 'dedupe', 'decontaminate', 'apply-review', 'export', 'check']) {
      const { code, out } = await run([name, '--help']);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Usage: distillery ${name}`));
    }
  });
});
