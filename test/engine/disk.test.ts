import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runPipeline } from '../../src/core/engine/run';
import { content, linesOf, optionsFor, scripted, sensible, temporaryFolder, wholeLines, words } from './lab';

/** A file system of this size, or undefined where it cannot be had (not Linux, no rights). */
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
    const place = await temporaryFolder();
    const disk = path.join(place.folder, 'disk');
    const unmount = smallDisk(disk, '160k');
    if (!unmount) {
      await place.remove();
      this.skip();
    }
    try {
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
    } finally {
      unmount();
      await place.remove();
    }
  });
});
