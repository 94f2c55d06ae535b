import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { MochaOptions, Runner } from 'mocha';
import CountingReporter from './counting-reporter';

/** Counts, in a process of its own, where a thread beside it tells when the suite stands still. */
export default class WatchedReporter extends CountingReporter {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const file = process.env['DISTILLERY_TEST_COUNTS'];
    if (file === undefined || file === '') return;
    const beats = new Int32Array(new SharedArrayBuffer(4));
    setInterval(() => Atomics.add(beats, 0, 1), 500).unref();
    const execArgv = ['--require', 'tsx/cjs'];
    new Worker(path.join(__dirname, 'stuck.worker.ts'), { workerData: { file, beats }, execArgv }).unref();
  }
}
