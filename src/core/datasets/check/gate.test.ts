import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetError } from '../errors';
import { runGate } from './gate';
import { parseRules, rulesBeside } from './gate-rules';
import { rulesFile } from './rules-file';

describe('the quality gate', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-gate-'));
    file = join(folder, 'train.jsonl');
    const rows = Array.from({ length: 10 }, (_, id) => ({
      instruction: `Question ${id}?`,
      output: id === 3 ? 'Sorry.' : `A long enough answer ${id}.`,
      difficulty: id < 8 ? 'easy' : 'hard',
    }));
    await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function tests(rules: string) {
    const { tests: all, check } = await runGate(file, parseRules(rules, 'rules'));
    return { broken: all.filter(({ pass }) => !pass), all, check };
  }

  it('holds a file to its schema, thresholds, balance and conditions', async () => {
    const { all, broken } = await tests(`
schema: { required: [instruction, output], types: { output: text }, values: { difficulty: [easy, hard] } }
thresholds: { min_rows: 10, max_rows: 10, max: { duplicate: 0 } }
balance: [{ field: difficulty, min_share: 0.2, max_share: 0.8 }]
rows:
  - { name: long-enough, expression: 'size(row.output) >= 10', at_least: 0.9 }`);
    assert.deepEqual(broken, []);
    assert.equal(all.length, 7);
  });

  it('names the rows that break a rule, and counts a broken rule as an error', async () => {
    const { broken, check } = await tests(`
schema: { required: [meta.id], values: { difficulty: [easy] } }
thresholds: { min_rows: 11 }
balance: [{ field: difficulty, min_share: 0.3 }]
rows:
  - { name: no-excuses, expression: '!row.output.startsWith("Sorry")', message: Answers do not apologise. }
  - { name: typo, expression: 'row.outptu == ""' }`);
    const named = broken.map(({ name, lines }) => [name, lines.length]);
    assert.deepEqual(named, [
      ['thresholds.min_rows', 0],
      ['schema', 10],
      ['rows.no-excuses', 1],
      ['rows.typo', 10],
      ['balance.difficulty', 0],
    ]);
    assert.deepEqual(broken[2]?.lines, [4]);
    assert.match(broken[2].message, /Answers do not apologise/);
    assert.match(broken[3]?.message ?? '', /No such key: outptu/);
    assert.equal(check.totals.errors, 5);
    assert.ok(check.problems.some(({ code, line }) => code === 'rule:rows.no-excuses' && line === 4));
  });

  it('finds leaks into the test file that the rules name beside them', async () => {
    await writeFile(join(folder, 'test.jsonl'), '{"instruction":"Question 7?","output":"Other."}');
    await writeFile(join(folder, rulesFile), 'test_file: test.jsonl\nthresholds: { max_errors: 5 }');
    const beside = await rulesBeside(file);
    assert.ok(beside);
    const { tests: all } = await runGate(file, beside.rules);
    assert.deepEqual(
      all.filter(({ pass }) => !pass).map(({ name, lines }) => [name, lines]),
      [['no-leak', [8]]],
    );
  });

  it('refuses rules that it does not understand, by name', () => {
    const cases: [string, RegExp][] = [
      ['max_token: 3', /max_token/],
      ['rows: [{ name: "a b", expression: x }]', /letters, digits/],
      ['thresholds: { max: { duplicate: 2 } }', /thresholds\.max\.duplicate/],
      ['a: [', /not YAML/],
    ];
    for (const [text, expected] of cases) {
      assert.throws(
        () => parseRules(text, 'rules'),
        (error: DatasetError) => expected.test(error.message),
      );
    }
  });

  it('lets no expression do anything but judge its row', async () => {
    for (const expression of ['process.exit(1)', 'row.constructor.constructor("return 1")()', 'while(true){}']) {
      const judged = runGate(file, parseRules(JSON.stringify({ rows: [{ name: 'bad', expression }] }), 'rules'));
      const outcome = await judged.then(
        ({ tests: all }) => all.some(({ name, pass }) => name === 'rows.bad' && !pass),
        (error: unknown) => error instanceof Error && error.name === 'DatasetError',
      );
      assert.ok(outcome, expression);
    }
  });
});
