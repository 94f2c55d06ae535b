import { processIo } from './io';
import { main } from './main';

/** The entry of `dist/cli.js`. The exit code is set, not forced: a pipe on Windows and macOS is written asynchronously. */
async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), processIo);
}

void run();
