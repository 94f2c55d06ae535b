import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { similarity } from './near';
import { findTwins, twinGraph } from './twins';

describe('the twins of a file', () => {
  it('are grouped at any threshold without being looked for again', async () => {
    const base = Array.from({ length: 30 }, (_, word) => `word${word}`);
    const changed = (count: number) =>
      base.map((word, index) => (index % 10 === 0 && index < count * 10 ? `other${index}` : word)).join(' ');
    const texts = [changed(0), 'Nothing like it at all.', changed(1), changed(2), changed(0)];
    const folder = await mkdtemp(join(tmpdir(), 'distillery-twins-'));
    try {
      const file = join(folder, 'a.jsonl');
      await writeFile(
        file,
        `\n${texts.map((output) => JSON.stringify({ prompt: 'q', completion: output })).join('\n')}`,
      );
      const graph = twinGraph(await findTwins(file, 0.6), 0.6);
      assert.deepEqual([...graph.lines], [2, 3, 4, 5, 6]);
      assert.deepEqual(graph.groups(1), [[0, 4]]);
      assert.deepEqual(graph.groups(0.7), [[0, 2, 3, 4]]);
      const near = similarity(`q\n${texts[0] ?? ''}`, `q\n${texts[2] ?? ''}`);
      assert.deepEqual(graph.groups(near), [[0, 2, 3, 4]]);
      assert.deepEqual(graph.groups(near + 0.01), [[0, 4]]);
      assert.deepEqual([graph.count(0.7), graph.count(1)], [3, 1]);
      assert.ok([...graph.links(0.6)].every(({ similarity: found }) => found >= 0.6));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
