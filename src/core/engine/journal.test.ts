import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { temporaryFolder } from '../../../test/engine/lab';
import { readHistory } from './history';
import { Journal } from './journal';
import type { JournalLine } from './lines';

const sent = (seq: number, ask: string): JournalLine => ({
  type: 'sent',
  seq,
  unit: seq,
  ask,
  stage: 's',
  teacher: 't/m',
  attempt: 0,
  reserved: 1,
});

describe('the journal', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  let file = '';
  beforeEach(async () => {
    place = await temporaryFolder();
    file = path.join(place.folder, 'journal.jsonl');
  });
  afterEach(async () => await place.remove());

  it('gives every line back from its place, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { minLength: 1, maxLength: 30 }),
        async (asks) => {
          const journal = await Journal.open(file, 0);
          const lines = asks.map((ask, seq) => ({ line: sent(seq, ask), place: journal.append(sent(seq, ask)) }));
          await journal.durable();
          const reader = await journal.reader();
          for (const { line, place: at } of lines) {
            assert.deepEqual(JSON.parse((await reader.read(at)).toString('utf8')), line);
            assert.deepEqual(JSON.parse((await journal.read(at)).toString('utf8')), line);
          }
          await journal.close();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('repairs a tail torn at any byte, and keeps every whole line', async () => {
    const whole = ['eins', 'zwei – ü', '三'].map((ask, seq) => `${JSON.stringify(sent(seq, ask))}\n`).join('');
    const bytes = Buffer.from(whole);
    for (let end = 0; end <= bytes.length; end += 7) {
      await writeFile(file, bytes.subarray(0, end));
      const journal = await Journal.open(file, 0);
      journal.append(sent(99, 'after'));
      await journal.close();
      const text = await readFile(file, 'utf8');
      const kept = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
      assert.deepEqual(text.split('\n').slice(0, -1), [...kept, JSON.stringify(sent(99, 'after'))]);
    }
  });

  it('is read to its end though a power cut left a hole in it', async () => {
    await writeFile(file, `${JSON.stringify(sent(0, 'a'))}\n${'\0'.repeat(3000)}\n${JSON.stringify(sent(1, 'b'))}\n`);
    const history = await readHistory(file);
    assert.equal(history.tally.requests, 2);
    assert.equal(history.damaged, 1);
    assert.equal(history.nextSeq, 2);
  });

  it('keeps lines that are longer than a block', async () => {
    await writeFile(file, '');
    const long = 'x'.repeat(3 * 1024 * 1024);
    await appendFile(file, `${JSON.stringify(sent(0, long))}\n${JSON.stringify(sent(1, 'b'))}\n`);
    assert.deepEqual(
      [...(await readHistory(file)).unanswered.values()].map(({ ask }) => ask.length),
      [long.length, 1],
    );
  });

  it('makes durable in groups what comes together', async () => {
    const journal = await Journal.open(file);
    const began = performance.now();
    await Promise.all(
      Array.from({ length: 500 }, async (_, seq) => {
        journal.append(sent(seq, 'a'));
        await journal.durable();
      }),
    );
    // 500 separate syncs would take a second on the fastest disk of this kind.
    assert.ok(performance.now() - began < 1000);
    await journal.close();
  });
});
