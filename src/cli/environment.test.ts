import assert from 'node:assert/strict';
import { duplexPair, PassThrough, Readable } from 'node:stream';
import { readEnvironment } from './environment';
import type { Io } from './io';

describe('what an editor hands over', () => {
  const handover = '{"keys":{},"models":true}\n';
  const io = { stdout: new PassThrough(), stderr: new PassThrough(), env: {}, cwd: '/' };

  it('has one line to its window for all runs of a process', async () => {
    let opened = 0;
    const editorPipe: Io['editorPipe'] = () => {
      opened += 1;
      return duplexPair()[0];
    };
    const runs = [1, 2].map(() =>
      readEnvironment({ ...io, stdin: Readable.from([handover]), editorPipe }, { keysStdin: true }),
    );
    const [first, second] = await Promise.all(runs);
    assert.equal(opened, 0, 'an estimate asks nobody');
    assert.ok(first?.editor && second?.editor);
    assert.equal(first.editor(), second.editor());
    assert.equal(opened, 1);
  });

  it('is nothing to ask where it says so, or there is no pipe', async () => {
    for (const line of ['{"keys":{}}\n', handover]) {
      const { editor } = await readEnvironment({ ...io, stdin: Readable.from([line]) }, { keysStdin: true });
      assert.equal(editor, undefined);
    }
  });
});
