import type { JobRecord } from '../records/training';

/** The job folder's README: the one command first. */
export function jobReadme(job: JobRecord, seconds: number | undefined): string {
  const { plan, spec } = job;
  const lines = [
    `# ${job.name}`,
    '',
    'Run it by hand, with the Python of the training environment, from this folder:',
    '',
    '```sh',
    'python trainer/launch.py run',
    '```',
    '',
    'The same command again goes on from the last checkpoint. `python trainer/launch.py start` lets it run on its own,',
    '`status` and `cancel` look after it. With Distillery: `distillery jobs watch ' + job.name + '`.',
    '',
    '| | |',
    '|---|---|',
    `| base model | ${spec.model} |`,
    `| method | ${spec.method}${plan.stage === 'dpo' ? ', preferences (DPO)' : ''} |`,
    `| rows | ${plan.train_rows} to train on, ${plan.validation_rows} held out |`,
    `| longest row | ${plan.longest_row_tokens} tokens (o200k); cut at ${plan.cutoff_length} |`,
    `| steps | at most ${plan.max_steps}, evaluated every ${plan.eval_steps} |`,
    `| stops | after ${spec.patience} evaluations without an improvement of ${spec.min_delta}, or when the last five lie within ${spec.convergence_spread * 100} % |`,
    ...(plan.memory_gb === null ? [] : [`| memory | about ${plan.memory_gb.toFixed(1)} GB |`]),
    ...(seconds === undefined ? [] : [`| time | about ${duration(seconds)}, a rough estimate |`]),
    '',
    ...plan.notes.map((note) => `- ${note}`),
    ...(plan.notes.length > 0 ? [''] : []),
    '| file | what |',
    '|---|---|',
    '| `data/` | the rows, and `dataset_info.json` |',
    '| `train.yaml` | LLaMA-Factory’s configuration; the loss covers the answers only |',
    '| `trainer.json` | the stopping settings; changed ones count from the next start on |',
    '| `trainer/` | launcher and stopping callback |',
    '| `output/` | adapter, checkpoints, `trainer_log.jsonl`, TensorBoard’s `runs/` |',
    '| `progress.jsonl`, `run.log` | what happens |',
    '| `training_summary.json` | how it ended, and the best checkpoint, which the adapter is |',
  ];
  return `${lines.join('\n')}\n`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
