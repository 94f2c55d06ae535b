import { createTeacher } from '../../src/core/teachers/create';
import { runPipeline } from '../../src/core/engine/run';
import { inventStage, words } from './lab';

/**
 * A run in a process of its own, to be killed: `worker.cjs FOLDER URL ROWS CAP`. Ends with 0 when the run is completed,
 * with 3 when it stopped before.
 */
const [folder = '', url = '', rows = '10', cap = '1'] = process.argv.slice(2);

async function main(): Promise<void> {
  const teacher = await createTeacher(
    { provider: 'anthropic', model: 'claude-haiku-5-5' },
    { keys: { env: { ANTHROPIC_API_KEY: 'sk-ant-test' } }, env: { ANTHROPIC_BASE_URL: url }, timeoutMs: 1000 },
  );
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
  });
  process.stdout.write(JSON.stringify(report));
  process.exitCode = report.status === 'completed' ? 0 : 3;
}

void main();
