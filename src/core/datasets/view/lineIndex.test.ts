import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { extendIndex, LineIndex } from './lineIndex';

const never = new AbortController().signal;

function indexOf(parts: readonly Buffer[]): LineIndex {
  const index = new LineIndex();
  for (const part of parts) index.add(part);
  return index;
}

/** What an editor calls lines: a newline at the end starts none. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

describe('The line index', () => {
  const content = fc.array(fc.constantFrom('a', 'é', '😀', '\n', '\r\n', '{"a":1}'), { maxLength: 60 });

  it('finds the same lines as splitting the text, however the bytes arrive', () => {
    fc.assert(
      fc.property(content, fc.integer({ min: 1, max: 9 }), (pieces, size) => {
        const text = pieces.join('');
        const bytes = Buffer.from(text);
        const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        const index = indexOf(parts);
        const found = Array.from({ length: index.lines }, (_, line) => {
          const { start, end } = index.range(line);
          return bytes.toString('utf8', start, end);
        });
        assert.deepEqual(found, linesOf(text));
      }),
    );
  });

  it('tells the line of every byte', () => {
    fc.assert(
      fc.property(content, (pieces) => {
        const bytes = Buffer.from(pieces.join(''));
        const index = indexOf([bytes]);
        for (let at = 0; at < bytes.length; at++) {
          const before = bytes.subarray(0, at).filter((byte) => byte === 10).length;
          assert.equal(index.lineAt(at), before);
        }
      }),
    );
  });

  it('is the same after it was kept and loaded, and goes on from there', () => {
    const whole = Buffer.from('{"a":1}\n{"b":2}\nhalf');
    const kept = indexOf([whole]);
    const loaded = LineIndex.fromOffsets(kept.toOffsets(), kept.scanned);
    loaded.add(Buffer.from(' and half\nend'));
    assert.equal(loaded.lines, 4);
    assert.deepEqual(loaded.range(2), { start: 16, end: 29 });
  });

  it('takes at most 16 bytes a line for 200,000 lines', () => {
    const index = indexOf([Buffer.from('{}\n'.repeat(200_000))]);
    assert.equal(index.lines, 200_000);
    assert.ok(index.bytes / index.lines <= 16, `${index.bytes / index.lines} bytes a line`);
  });

  it('refuses a line that is not there', () => {
    assert.throws(() => indexOf([Buffer.from('a\n')]).range(1), RangeError);
  });

  it('goes on where it stopped when a file grows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'line-index-'));
    try {
      const path = join(folder, 'rows.jsonl');
      await writeFile(path, `${'x'.repeat(1_500_000)}\n1\n2`);
      await using file = await open(path);
      const index = new LineIndex();
      await extendIndex(index, file, never);
      assert.equal(index.lines, 3);
      await writeFile(path, '3\n4\n', { flag: 'a' });
      await extendIndex(index, file, never);
      assert.equal(index.lines, 4);
      const { start, end } = index.range(2);
      assert.equal(end - start, 2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
