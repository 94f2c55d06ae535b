import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decontaminate, LeakFinder, type Leak } from './decontaminate';

const HELD_OUT = {
  instruction: 'At which pressure does the second pump of the line hold its load?',
  output: 'The second pump holds forty bar while the valve at the end of the line is closed for the night.',
};
const PLACE = { file: 'x', line: 1 };

function finder(options: ConstructorParameters<typeof LeakFinder>[0] = {}): LeakFinder {
  const made = new LeakFinder(options);
  made.hold(HELD_OUT, { file: 'test.jsonl', line: 1 });
  return made;
}

describe('decontamination', () => {
  it('finds a long passage in common, in any field and any clothes', () => {
    const text = 'Note: THE SECOND PUMP holds forty bar, while the valve at the end of the line is closed. Always.';
    const leak = finder().find({ prompt: 'Summarise.', completion: text }, PLACE);
    assert.equal(leak?.kind, 'ngram');
    assert.equal(leak.shared, 'THE SECOND PUMP holds forty bar, while the valve at the end of the line is closed');
    assert.deepEqual(leak.against, { file: 'test.jsonl', line: 1 });
  });

  it('finds the same question, or nearly, where it is too short for a passage', () => {
    const row = { instruction: 'at which pressure does the second pump of the line hold its load', output: 'Unknown.' };
    assert.equal(finder({ ngram: 50 }).find(row, PLACE)?.kind, 'prompt');
  });

  it('leaves alone what only shares common words', () => {
    const row = {
      instruction: 'At which hour does the night shift of the line end?',
      output: 'At six, while the valve is closed.',
    };
    assert.equal(finder().find(row, PLACE), undefined);
  });

  it('compares without the phrases that are allowed', () => {
    const phrase = 'holds forty bar while the valve at the end';
    const row = { instruction: 'Repeat.', output: HELD_OUT.output };
    assert.ok(finder().find(row, PLACE));
    assert.equal(finder({ allow: [phrase] }).find(row, PLACE), undefined);
    assert.equal(finder({ allow: [HELD_OUT.instruction, HELD_OUT.output] }).find(HELD_OUT, PLACE), undefined);
  });

  it('writes the other rows as they were, and shows every leak pair by pair', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'distillery-leaks-'));
    try {
      const [file, against, out] = ['train', 'test', 'out'].map((name) => join(folder, `${name}.jsonl`));
      assert.ok(file && against && out);
      const kept = '{"instruction":"Who?", "output":"Nobody.","n":1.0}';
      await writeFile(file, `${kept}\n${JSON.stringify({ ...HELD_OUT, n: 2 })}\n`);
      await writeFile(against, JSON.stringify(HELD_OUT));
      const leaks: Leak[] = [];
      const result = await decontaminate({ file, against: [against], out, onLeak: (leak) => leaks.push(leak) });
      assert.deepEqual([result.rows, result.leaks, result.heldOut], [2, 1, 1]);
      assert.equal(await readFile(out, 'utf8'), `${kept}\n`);
      assert.deepEqual(
        leaks.map((leak) => [leak.row.line, leak.against.line]),
        [[2, 1]],
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
