import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Context } from 'mocha';
import { runPipeline } from '../../src/core/engine/run';
import { content, linesOf, optionsFor, scripted, sensible, temporaryFolder, wholeLines, words } from './lab';

/** Works on a file system of this size; skips the test where that cannot be had (not Linux, no rights). */
async function onSmallDisk(test: Context, size: string, work: (disk: string) => Promise<void>): Promise<void> {
  const place = await temporaryFolder();
  const disk = path.join(place.folder, 'disk');
  const unmount = smallDisk(disk, size);
  try {
    if (!unmount) test.skip();
    await work(disk);
  } finally {
    unmount?.();
    await place.remove();
  }
}

/** Undefined where it cannot be had. */
function smallDisk(folder: string, size: string): (() => void) | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
    return () => execFileSync('umount', [folder]);
  } catch {
    return undefined;
  }
}

describe('a run whose disk is full', function () {
  this.timeout(60_000);

  it('pauses and says so, loses nothing that was paid for, and goes on when there is room', async function () {
    await onSmallDisk(this, '160k', async (disk) => {
      const ballast = path.join(disk, 'ballast');
      writeFileSync(ballast, Buffer.alloc(64 * 1024));
      const folder = path.join(disk, 'run');
      const first = scripted(sensible);
      const paused = await runPipeline(words(300), optionsFor(folder, first));
      assert.equal(paused.status, 'paused');
      assert.match(paused.reason ?? '', /ENOSPC|no space/i);
      rmSync(ballast);
      // What reached the journal is not asked again.
      const answered = (
        await linesOf(folder, 'journal.jsonl').catch(() => wholeLines(path.join(folder, 'journal.jsonl')))
      )
        .map((line) => line as { type: string; attempt?: number })
        .filter((line) => line.type === 'reply').length;
      assert.ok(answered > 20, `${answered} replies were kept`);
      const second = scripted(sensible);
      const report = await runPipeline(words(60), optionsFor(folder, second));
      assert.equal(report.status, 'completed');
      assert.ok(report.spend_usd * 1e9 >= answered * 100_000);
      const again = second.requests.filter((request) => /^invent w\d$/.test(content(request)));
      assert.equal(again.length, 0, 'the first words were paid for before');
    });
  });

  it('keeps every answer that was on its way, in the room that it set aside', async function () {
    await onSmallDisk(this, '12m', async (disk) => {
      const folder = path.join(disk, 'run');
      const filler = path.join(disk, 'filler');
      let answered = 0;
      // What went out together is answered together: while the disk fills up, as many as may be are on their way.
      const teacher = scripted(async (request, count) => {
        if (count === 0) fill(filler);
        await setImmediate();
        answered += 1;
        return { ...sensible(request), reasoning: 'x'.repeat(2000) };
      });
      const paused = await runPipeline(words(500), optionsFor(folder, teacher, { concurrency: CONCURRENCY }));
      assert.equal(paused.status, 'paused');
      assert.match(paused.reason ?? '', /ENOSPC|no space/i);
      const lines = wholeLines(path.join(folder, 'journal.jsonl'));
      const replies = lines.filter((line) => (line as { type: string }).type === 'reply');
      assert.ok(answered > CONCURRENCY);
      assert.equal(replies.length, answered, 'what was answered is in the journal');
      rmSync(filler);
      const second = scripted(sensible);
      const resumed = await runPipeline(words(500), optionsFor(folder, second));
      assert.equal(resumed.status, 'completed');
      assert.equal(resumed.requests, answered + second.requests.length, 'nothing was asked twice');
      assert.ok(!existsSync(path.join(folder, 'journal.jsonl.reserve')));
    });
  });
});

const CONCURRENCY = 64;

/** Leaves 100 KiB of the disk. */
function fill(file: string): void {
  const { bavail, bsize } = statfsSync(path.dirname(file));
  writeFileSync(file, Buffer.alloc(bavail * bsize - 100 * 1024));
}
