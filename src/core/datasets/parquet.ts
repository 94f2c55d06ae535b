import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DatasetError } from './errors';

/** The exit code of a reader that has said on stderr what is wrong. */
export const GAVE_A_REASON = 65;

const MOST_MEGABYTES = 4096;

/**
 * The rows of a Parquet file as the bytes of JSON lines. A process of its own reads them: a damaged page can make the
 * library loop without an end, or grow an array until V8 ends its whole process, whichever thread it was.
 * @throws {DatasetError} `unreadable`
 */
export async function* parquetBytes(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const child = spawn(process.execPath, [`--max-old-space-size=${MOST_MEGABYTES}`, ...reader(), path], {
    // In the editor, Node is what VS Code's own program becomes with this.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    killSignal: 'SIGKILL',
    ...(signal ? { signal } : {}),
  });
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]);
  // Whoever waits for it gets the error; until then it must not count as unhandled.
  ended.catch(() => undefined);
  try {
    for await (const block of child.stdout) if (Buffer.isBuffer(block)) yield block;
    const [, reason] = await ended;
    if (child.exitCode === 0) return;
    throw unreadable(path, child.exitCode === GAVE_A_REASON ? reason : undefined);
  } finally {
    child.kill('SIGKILL');
  }
}

/** Beside the bundle. From source, which only tests run, there is none. */
function reader(): string[] {
  const bundled = join(__dirname, 'workers', 'parquet.js');
  return existsSync(bundled) ? [bundled] : ['--require', 'tsx/cjs', join(__dirname, 'parquet.worker.ts')];
}

function unreadable(path: string, reason: string | undefined): DatasetError {
  if (reason !== undefined) {
    return new DatasetError('unreadable', `${path} cannot be read as Parquet: ${reason}. Write it anew.`);
  }
  return new DatasetError(
    'unreadable',
    `${path} cannot be read as Parquet: a part of it would take more than ${MOST_MEGABYTES / 1024} GB of memory, or ` +
      'time without an end. It is damaged, or its row groups are too large. Write it anew, with smaller row groups.',
  );
}
