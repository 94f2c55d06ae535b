import { statSync } from 'node:fs';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { GAVE_A_REASON } from './parquet';
import { parquetText } from './parquet-rows';

/** `node parquet.js FILE`: its rows as JSON lines on stdout, or why not on stderr. */
async function main(path: string): Promise<void> {
  const alive = watched(QUIET_SECONDS + Math.ceil(statSync(path).size / SLOWEST_BYTES_A_SECOND));
  for await (const text of parquetText(path, alive)) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }
}

const QUIET_SECONDS = 10;
const SLOWEST_BYTES_A_SECOND = 10e6;

/**
 * Ends this process when it has stood still for so long, or when nobody is left to read what it says: a thread sees
 * that, while this one hangs in a loop.
 */
function watched(seconds: number): () => void {
  const quiet = new Int32Array(new SharedArrayBuffer(4));
  const alive = () => void Atomics.store(quiet, 0, 0);
  new Worker(WATCHMAN, { eval: true, workerData: { quiet, seconds, parent: process.ppid } }).unref();
  // Waiting for a disk or a reader is no loop.
  setInterval(alive, 500).unref();
  return alive;
}

const WATCHMAN = `
  const { quiet, seconds, parent } = require('node:worker_threads').workerData;
  setInterval(() => {
    try {
      process.kill(parent, 0);
      if (Atomics.add(quiet, 0, 1) < seconds) return;
    } catch { /* Nobody is left to read. */ }
    process.kill(process.pid, 'SIGKILL');
  }, 1000);`;

// Whoever started this decides what Ctrl-C means.
process.on('SIGINT', () => undefined);
main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = GAVE_A_REASON;
});
