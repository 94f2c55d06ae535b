import { createBatchTeacher, createTeacher } from '../../src/core/teachers/create';
import { runPipeline } from '../../src/core/engine/run';
import { inventStage, words } from './lab';

/**
 * A run in a process of its own, to be killed: `worker.cjs FOLDER URL ROWS CAP live|batch`. Prints its report.
 */
const [folder = '', url = '', rows = '10', cap = '1', mode = 'live'] = process.argv.slice(2);

async function main(): Promise<void> {
  const spec = { provider: 'anthropic', model: 'claude-haiku-5-5' };
  const keys = { env: { ANTHROPIC_API_KEY: 'sk-ant-test' } };
  const context = { keys, env: { ANTHROPIC_BASE_URL: url }, timeoutMs: 30_000 };
  const teacher = await createTeacher(spec, context);
  const batched = await createBatchTeacher(spec, context);
  // Words are twins when they begin alike: enough of them that turns matter.
  const pipeline = words(Number(rows), inventStage, (word) => word.slice(0, 9).toLowerCase());
  const report = await runPipeline(pipeline, {
    folder,
    teachers: { inventor: [teacher], judge: [teacher] },
    config: { rows },
    inputs: [],
    seed: 7,
    budget: { run: Number(cap) },
    concurrency: 16,
    patience: { backoffMs: 2, longestBackoffMs: 10, attempts: 12, timeouts: 12 },
    resume: [],
    ...(batched && {
      batch: {
        teachers: [batched],
        stages: mode === 'batch' ? ['invent', 'judge'] : [],
        pollMs: 5,
        gatherMs: 20,
        most: 25,
      },
    }),
  });
  process.stdout.write(JSON.stringify(report));
}

void main();
