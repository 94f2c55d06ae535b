import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { exportDataset, rowFormat } from '../../src/core/datasets/formats';
import { type Lab, openLab } from './lab';

const loaded = z.record(z.string(), z.array(z.object({ shown: z.string(), learnt: z.string() })));
const row = { instruction: 'Why does it “rain”?', input: 'It is 12 °C.', output: 'Clouds "fall".' };
const preference = { prompt: 'Why?', chosen: 'So.', rejected: 'No.' };

describe('Exports in the loader of the real trainer', function () {
  this.timeout(20 * 60_000);
  let lab: Lab;
  let seen: z.infer<typeof loaded>;

  before(async () => {
    lab = await openLab();
    const folders = rowFormat.options.map((format) => path.join(lab.folder, format));
    for (const [index, format] of rowFormat.options.entries()) {
      await exportDataset({
        splits: [{ name: 'train', rows: () => [format === 'preference' ? preference : row] }],
        format,
        rowFormat: format,
        out: folders[index] ?? '',
        card: { title: 'Test', provenance: [], method: [] },
      });
    }
    // All in one process: starting the trainer is most of the time.
    const script = path.join(import.meta.dirname, 'load_exports.py');
    const { stdout } = await promisify(execFile)(lab.python, [script, lab.model, ...folders], { env: lab.env });
    seen = loaded.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  });
  after(() => rm(lab.folder, { recursive: true, force: true }));

  for (const format of rowFormat.options) {
    it(`${format}: the question is shown and the answer is learnt`, () => {
      const ranked = format === 'preference';
      const rows = seen[format];
      assert.equal(rows?.length, 1);
      const [found] = rows;
      assert.ok(found);
      assert.ok(found.shown.includes(ranked ? preference.prompt : row.instruction), found.shown);
      assert.ok(ranked || found.shown.includes(row.input), found.shown);
      assert.ok(found.learnt.includes(ranked ? preference.chosen : row.output), found.learnt);
      assert.ok(!found.learnt.includes(ranked ? preference.prompt : row.instruction), found.learnt);
    });
  }
});
