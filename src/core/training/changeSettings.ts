import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type JobRecord, trainingSpec } from '../records/training';
import { TrainingError } from './errors';
import { changeJob, ended, readJob } from './job';

/** What may differ from one start of a job to the next: its keys in `train.yaml`. */
const trainerKeys: Readonly<Record<string, readonly string[]>> = {
  batch_size: ['per_device_train_batch_size', 'per_device_eval_batch_size'],
  accumulation: ['gradient_accumulation_steps'],
  cutoff_length: ['cutoff_len'],
};
/** Those that our callback reads. */
const stoppingKeys: readonly string[] = ['patience', 'min_delta', 'convergence_spread'];

const trainerFile = z.looseObject({ stopping: z.record(z.string(), z.number()), config: z.unknown() });

/**
 * Changes a job that does not run, before it goes on: a smaller batch after memory ran out, another patience.
 * @throws {TrainingError} `wrong_state`, `bad_spec`
 */
export async function changeSettings(folder: string, values: Readonly<Record<string, unknown>>): Promise<JobRecord> {
  const known = [...Object.keys(trainerKeys), ...stoppingKeys];
  const other = Object.keys(values).filter((name) => !known.includes(name));
  if (other.length > 0)
    throw new TrainingError('bad_spec', `${other.join(', ')} cannot change any more. What can: ${known.join(', ')}.`);
  const before = await readJob(folder);
  if (before.state !== 'prepared' && !ended.has(before.state))
    throw new TrainingError(
      'wrong_state',
      `${before.name} is ${before.state}: its settings can change when it has ended.`,
    );
  const spec = trainingSpec.safeParse({ ...before.spec, ...values });
  if (!spec.success) {
    const faults = spec.error.issues.map(({ path: field, message }) => `${field.join('.')}: ${message}`);
    throw new TrainingError('bad_spec', `${faults.join('; ')}. Nothing was changed.`);
  }
  const yaml = parseDocument(await readFile(path.join(folder, 'train.yaml'), 'utf8'));
  for (const [name, value] of Object.entries(values)) for (const key of trainerKeys[name] ?? []) yaml.set(key, value);
  await writeFile(path.join(folder, 'train.yaml'), yaml.toString());
  const file = path.join(folder, 'trainer.json');
  const told = trainerFile.parse(JSON.parse(await readFile(file, 'utf8')));
  const { patience, min_delta, convergence_spread } = spec.data;
  const stopping = { ...told.stopping, patience, min_delta, convergence_spread };
  await writeFile(file, `${JSON.stringify({ ...told, stopping, config: spec.data }, null, 2)}\n`);
  return changeJob(folder, (job) => ({ ...job, spec: spec.data }));
}
