import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type TrainingSpec, trainingSpec } from '../../core/records/training';
import { UsageError } from '../exit';
import type { Io } from '../io';

export interface SpecFlags {
  readonly data?: readonly string[];
  readonly model?: string;
  readonly method?: string;
  readonly spec?: string;
  readonly set?: readonly string[];
}

/** `--spec FILE`, over it `--set key=value`, over both `--data`, `--model` and `--method`. */
export async function readSpec(flags: SpecFlags, io: Io): Promise<TrainingSpec> {
  const fromFile = flags.spec === undefined ? {} : await readYaml(path.resolve(io.cwd, flags.spec));
  const values = {
    ...fromFile,
    ...Object.fromEntries((flags.set ?? []).map(assignment)),
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

/** Values are YAML: `epochs=2`, `template=alpaca`. */
function assignment(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set takes field=value, not “${text}”.`);
  const value: unknown = parseDocument(text.slice(at + 1)).toJS({ maxAliasCount: 0 });
  return [text.slice(0, at).trim(), value];
}

async function readYaml(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new UsageError(`${file}:${line}:${col}: ${problem.message}`);
  }
  const values = z.record(z.string(), z.unknown()).safeParse(document.toJS({ maxAliasCount: 50 }));
  if (!values.success) throw new UsageError(`${file}: a training job is a list of “field: value” lines.`);
  return values.data;
}
