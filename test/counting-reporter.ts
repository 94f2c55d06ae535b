import { writeFileSync } from 'node:fs';
import { reporters, Runner, type Hook, type MochaOptions, type Test } from 'mocha';

/** What a suite counted, for `npm test`, which names the failures once more where its output ends. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
}

/** What stands in the same file until the suite is over: where it would be, should it never end. */
export interface Running {
  readonly running: string;
  /** Where its thread stood still, when it did. */
  readonly stack?: readonly string[];
}

/** Mocha's `spec`, which also writes the counts into the file that `DISTILLERY_TEST_COUNTS` names. */
export default class CountingReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const file = process.env['DISTILLERY_TEST_COUNTS'];
    if (file === undefined || file === '') return;
    const failed: string[] = [];
    for (const begin of [Runner.constants.EVENT_HOOK_BEGIN, Runner.constants.EVENT_TEST_BEGIN]) {
      runner.on(begin, (one: Hook | Test) => {
        const now: Running = { running: one.fullTitle() };
        writeFileSync(file, JSON.stringify(now));
      });
    }
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test: Test, error: Error) => {
      failed.push(`${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const counts: Counts = { passed: passes, failed: failures, skipped: pending, failures: failed };
      writeFileSync(file, JSON.stringify(counts));
    });
  }
}
