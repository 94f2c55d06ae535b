import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runPipeline } from '../../src/core/engine/run';
import { riddles } from './example';
import { content, linesOf, said, scripted, temporaryFolder } from './lab';

describe('the example in CONTRIBUTING.md', () => {
  it('is the file that is tested here', async () => {
    const read = (name: string): Promise<string> => readFile(path.join(import.meta.dirname, name), 'utf8');
    const example = await read('example.ts');
    assert.ok((await read('../../CONTRIBUTING.md')).includes(example));
    assert.ok(example.split('\n').length - 1 <= 60, 'a page');
  });

  it('runs', async () => {
    const place = await temporaryFolder();
    const teacher = scripted((request) => {
      const solution = /arch/.test(content(request)) ? 'arch' : 'bell';
      if (content(request).startsWith('Solve')) return said('Arch');
      return said(JSON.stringify({ riddle: `What is it? (${solution === 'arch' ? 'a-r-c-h' : 'b-e-l-l'})`, solution }));
    });
    const report = await runPipeline(riddles(['arches', 'bells']), {
      folder: place.folder,
      teachers: { generator: [teacher], validator: [teacher] },
      config: {},
      inputs: [],
      seed: 1,
      budget: { run: 1 },
      prices: { 'lab/scripted': { input: 1, output: 2 } },
      concurrency: 4,
      resume: [],
    });
    assert.equal(report.status, 'completed');
    assert.deepEqual([report.counts.ok, report.counts.rejected], [1, 1]);
    assert.equal((await linesOf(place.folder, 'riddles.jsonl')).length, 1);
    await place.remove();
  });
});
