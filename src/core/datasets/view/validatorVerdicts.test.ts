import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QaRow, RowStatus, ValidationRow } from '../../records/distill';
import { parseQuery } from './query';
import { rowHash } from './reviewLog';
import { ReviewState } from './reviewState';
import { scan } from './scan';
import { sortRows } from './sortRows';
import { gatherStatistics } from './statistics';
import { ValidatorVerdicts } from './validatorVerdicts';

const never = new AbortController().signal;

describe('What the validator of a run said', () => {
  let folder: string;
  let dataset: string;
  const golden = [0, 1, 2, 3].map((nth) =>
    JSON.stringify({ instruction: `Question ${nth}?`, output: `Answer ${nth}.`, source: 'chunk_000001' }),
  );

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'validator-'));
    const save = (name: string, rows: readonly unknown[]) =>
      writeFile(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await save('run.json', [{}]);
    await save('generated_qa_pairs.jsonl', [0, 1, 2].map(pair));
    await save('validation_results.jsonl', [
      verdict(0, 'approved', 0.9),
      verdict(1, 'rejected', 0.2),
      verdict(2, 'approved', 0.5),
    ]);
    dataset = join(folder, 'golden_dataset.jsonl');
    await writeFile(dataset, golden.join('\n'));
  });
  after(() => rm(folder, { recursive: true }));

  async function find(query: string, review = new ReviewState()): Promise<number[]> {
    await using file = await open(dataset);
    const validator = await ValidatorVerdicts.around(dataset, never);
    const found: number[] = [];
    for await (const { lines } of scan(file, parseQuery(query), review, { offset: 0, line: 0 }, never, validator)) {
      found.push(...lines);
    }
    return found;
  }

  it('can be asked for like a field of the row', async () => {
    assert.deepEqual(await find('validator.status:approved'), [0, 2]);
    assert.deepEqual(await find('validator.status:="rejected"'), [1]);
    assert.deepEqual(await find('validator.confidence:<0.6'), [1, 2]);
    assert.deepEqual(await find('validator.cost:>0.2'), [1, 2]);
    assert.deepEqual(await find('missing:validator.status'), [3]);
  });

  it('finds the rows on which the person decided otherwise', async () => {
    const review = new ReviewState();
    const judged = (line: number) => [{ line, row: rowHash(Buffer.from(golden[line] ?? '')) }];
    const common = { at: '', by: '', kind: 'verdict' as const };
    review.add({ ...common, op: 'a', verdict: 'rejected', rows: judged(0) });
    review.add({ ...common, op: 'b', verdict: 'approved', rows: judged(1) });
    review.add({ ...common, op: 'c', verdict: 'approved', rows: judged(2) });
    review.add({ ...common, op: 'd', verdict: 'rejected', rows: judged(3) });
    assert.deepEqual(await find('is:disputed', review), [0, 1]);
    assert.deepEqual(await find('-is:disputed', review), [2, 3]);
    assert.deepEqual(await find('is:disputed'), []);
  });

  it('sorts the most uncertain rows first, and is counted in the statistics', async () => {
    await using file = await open(dataset);
    const validator = await ValidatorVerdicts.around(dataset, never);
    const order = { field: 'validator.confidence', descending: false };
    const sorted: number[] = [];
    for await (const lines of sortRows(file, order, undefined, never, () => undefined, validator))
      sorted.push(...lines);
    assert.deepEqual(sorted, [1, 2, 0, 3]);
    const statistics = await gatherStatistics(file, never, () => undefined, validator);
    assert.deepEqual(statistics.validator, [
      { value: 'approved', rows: 2 },
      { value: 'rejected', rows: 1 },
    ]);
    const cost = statistics.fields.find(({ name }) => name === 'validator.cost');
    assert.deepEqual([cost?.present, cost?.missing, cost?.histogram?.sum], [3, 1, 0.75]);
    assert.equal((await gatherStatistics(file, never, () => undefined)).validator, null);
    assert.equal(await ValidatorVerdicts.around(join(tmpdir(), 'nowhere', 'a.jsonl'), never), undefined);
  });
});

function pair(nth: number): QaRow {
  return {
    qa_id: `chunk_000001_qa_${nth}`,
    question: `Question ${nth}?`,
    // The validator corrected the third answer: its row is known by its question.
    answer: nth === 2 ? 'What it was before.' : `Answer ${nth}.`,
    reasoning: '',
    difficulty: 'easy',
    evidence: [],
    source: { file: 'a.md', sha256: '', chunk_id: 'chunk_000001', start: 0, end: 1 },
    confidence: 1,
    teacher: 'test',
    cost_estimate: nth / 8,
    timestamp: '2026-11-21T11:00:00.000Z',
  };
}

function verdict(nth: number, status: RowStatus, confidence: number): ValidationRow {
  const approved = status === 'approved';
  const judged = { grounded: approved, no_hallucination: true, complete: true, approved };
  return {
    qa_id: `chunk_000001_qa_${nth}`,
    checks: { evidence: 'verified', not_empty: true, stands_alone: true, duplicate_of: null },
    validation: { ...judged, errors: [], corrections: null, confidence },
    status,
    reason: approved ? '' : 'ungrounded',
    cost_estimate: nth / 8,
  };
}
