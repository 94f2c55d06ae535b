import path from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { type TrainingSpec, trainingSpec } from '../../core/records/training';
import { UsageError } from '../exit';
import type { Io } from '../io';
import { readYamlFile } from '../yamlFile';

export interface SpecFlags {
  readonly data?: readonly string[];
  readonly model?: string;
  readonly method?: string;
  readonly spec?: string;
  readonly set?: readonly string[];
}

/** `--spec FILE`, over it `--set key=value`, over both `--data`, `--model` and `--method`. */
export async function readSpec(flags: SpecFlags, io: Io): Promise<TrainingSpec> {
  const fromFile =
    flags.spec === undefined
      ? {}
      : await readYamlFile(path.resolve(io.cwd, flags.spec), 'a training job is a list of “field: value” lines');
  const values = {
    ...fromFile,
    ...readSettings(flags.set ?? []),
    ...(flags.data === undefined ? {} : { datasets: flags.data }),
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.method === undefined ? {} : { method: flags.method }),
  };
  const parsed = trainingSpec.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new UsageError(`The training job is not described well: ${parsed.error.issues.map(said).join('; ')}`);
}

/** The flag to give, or the field and what is wrong with it. */
function said({ path: place, message, code, ...issue }: z.core.$ZodIssue): string {
  const field = place.join('.');
  if (field === 'datasets') return 'name the rows with --data FILE';
  if (field === 'model') return 'name the base model with --model (Qwen/Qwen3-0.6B, or a folder)';
  if (code === 'unrecognized_keys' && 'keys' in issue) {
    return `${String(issue.keys)} is no field; there are ${Object.keys(trainingSpec.shape).join(', ')}`;
  }
  return `${field}: ${message}`;
}

/** `--set` as fields. */
export function readSettings(set: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(set.map(assignment));
}

/** Values are YAML: `epochs=2`, `template=alpaca`. */
function assignment(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set takes field=value, not “${text}”.`);
  const value: unknown = parseDocument(text.slice(at + 1)).toJS({ maxAliasCount: 0 });
  return [text.slice(0, at).trim(), value];
}
