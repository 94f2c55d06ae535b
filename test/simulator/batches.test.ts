import assert from 'node:assert/strict';
import { createBatchTeacher } from '../../src/core/teachers/create';
import type { BatchResult, BatchTeacher } from '../../src/core/teachers/batch';
import { splitBatch } from '../../src/core/teachers/batch';
import { parseTeacher } from '../../src/core/teachers/spec';
import { generationRequest, keys } from './requests';
import { startSimulator, type Simulator } from './server';
import type { SimulatorOptions } from './options';

const signal = new AbortController().signal;

for (const name of ['openai/gpt-6-luna', 'anthropic/claude-sonnet-5-5']) {
  describe(`batches of ${name}`, () => {
    let simulator: Simulator;
    afterEach(() => simulator.close());

    async function open(options: SimulatorOptions): Promise<BatchTeacher> {
      simulator = await startSimulator({ batchMs: 5, ...options });
      const teacher = await createBatchTeacher(parseTeacher(name), { keys: { env: keys }, env: simulator.env });
      assert.ok(teacher);
      return teacher;
    }

    it('answer every request by its id, at half the price', async () => {
      const teacher = await open({});
      const id = await teacher.submit(requests(20), 'token-1', signal);
      await ended(teacher, id);
      const results = await collect(teacher, id);
      assert.deepEqual(
        results.map((result) => result.id).sort(),
        requests(20)
          .map((request) => request.id)
          .sort(),
      );
      assert.ok(results.every((result) => 'reply' in result && result.reply.text.includes('"pairs"')));
      const bill = simulator.bill.models.get(teacher.model);
      assert.equal(bill?.batched, 20);
      assert.ok(results.every((result) => 'reply' in result && result.reply.usageReported));
    });

    it('tell what may go into a following batch from what was refused', async () => {
      const teacher = await open({ batchErrored: 0.3, batchExpired: 0.3 });
      const id = await teacher.submit(requests(40), 'token-2', signal);
      await ended(teacher, id);
      const results = await collect(teacher, id);
      assert.equal(results.length, 40);
      const failed = results.filter((result) => 'error' in result);
      assert.ok(failed.length > 10 && failed.length < 40);
      assert.ok(failed.every((result) => result.error.passing));
      assert.equal(simulator.bill.answers, 40 - failed.length, 'errors and expired lines are not billed');
    });

    it('are found again by their token after a crash between submitting and writing down the id', async () => {
      const teacher = await open({ batchMs: 3_600_000 });
      const since = new Date();
      const id = await teacher.submit(requests(3), 'token-3', signal);
      const sought = { token: 'token-3', since, size: 3, names: new Set(['r0', 'r1', 'r2']), known: new Set<string>() };
      assert.deepEqual(await teacher.find({ ...sought, alone: true }, signal), { id });
      assert.equal(await teacher.find({ ...sought, token: 'token-4', size: 4 }, signal), 'absent');
    });

    it('are not taken for another of the same size', async () => {
      const teacher = await open({ batchMs: 100 });
      const since = new Date();
      await teacher.submit(requests(3), 'token-6', signal);
      const others = requests(3).map(({ id, request }) => ({ id: `s${id}`, request }));
      const id = await teacher.submit(others, 'token-7', signal);
      const names = new Set(others.map((other) => other.id));
      const sought = { token: 'token-7', since, size: 3, names, known: new Set<string>() };
      let found = await teacher.find(sought, signal);
      while (found === 'unclear') found = await teacher.find(sought, signal);
      assert.deepEqual(found, { id });
    });

    it('can be cancelled, and end', async () => {
      const teacher = await open({ batchMs: 3_600_000 });
      const id = await teacher.submit(requests(3), 'token-5', signal);
      await teacher.cancel(id, signal);
      assert.equal((await teacher.poll(id, signal)).ended, true);
      assert.deepEqual(await collect(teacher, id), []);
      assert.equal(simulator.bill.answers, 0);
    });

    it('reject a wrong key with the sentence of a live request', async () => {
      const teacher = await open({ keys: ['another'] });
      await assert.rejects(teacher.poll('batch_1', signal), { name: 'TeacherError', code: 'wrong_key' });
    });
  });
}

describe('a stream of requests', () => {
  it('is cut into batches by number and by bytes, in order, losing none', () => {
    const parts = [
      ...splitBatch(requests(10), { requests: 4, bytes: 100 }, (request) => (request.id === 'r3' ? 90 : 20)),
    ];
    assert.deepEqual(
      parts.map((part) => part.map((request) => request.id)),
      [['r0', 'r1', 'r2'], ['r3'], ['r4', 'r5', 'r6', 'r7'], ['r8', 'r9']],
    );
  });
});

function requests(count: number) {
  return Array.from({ length: count }, (_, at) => ({ id: `r${at}`, request: generationRequest(at) }));
}

async function ended(teacher: BatchTeacher, id: string): Promise<void> {
  while (!(await teacher.poll(id, signal)).ended);
}

async function collect(teacher: BatchTeacher, id: string): Promise<BatchResult[]> {
  const results: BatchResult[] = [];
  for await (const result of teacher.results(id, signal)) results.push(result);
  return results;
}
