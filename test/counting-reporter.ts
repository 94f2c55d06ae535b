import { writeFileSync } from 'node:fs';
import { reporters, Runner, type MochaOptions } from 'mocha';

/** What a suite counted, for `npm test`. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Mocha's `spec`, which also writes the counts into the file that `DISTILLERY_TEST_COUNTS` names. */
export default class CountingReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const file = process.env['DISTILLERY_TEST_COUNTS'];
    if (file === undefined || file === '') return;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const counts: Counts = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(file, JSON.stringify(counts));
    });
  }
}
