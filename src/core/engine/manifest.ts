import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { version } from '../../../package.json';
import { type RunManifest, runManifest } from '../records/run';
import { manifestFile } from '../records/runFiles';
import { teacherName } from '../teachers/teacher';
import { hasCode } from './files';
import type { Pipeline, Unit } from './pipeline';
import type { RunOptions } from './options';

export const PROGRAM = `distillery ${version}`;

/** The folder holds the run of other work: what differs, a line each. */
export class DifferentWork extends Error {
  override readonly name = 'DifferentWork';
  readonly code = 'different_work';
  constructor(
    folder: string,
    readonly differences: readonly string[],
  ) {
    super(
      `${folder} holds the run of other work:\n${differences.map((line) => `  ${line}`).join('\n')}\n` +
        'Give this one a folder of its own, or go back to what that run was started with.',
    );
  }
}

/** The folder has a run.json that is none. */
export class BadManifest extends Error {
  override readonly name = 'BadManifest';
  readonly code = 'bad_manifest';
  constructor(file: string, reason: string) {
    super(`${file} is not the manifest of a run: ${reason}. Move it away, or use another folder.`);
  }
}

type Identity = Pick<RunManifest, 'kind' | 'config' | 'inputs' | 'teachers' | 'seed' | 'versions'>;

/** What makes the work what it is. Money, speed and paths are not in it. */
export function identityOf<U extends Unit>(
  pipeline: Pipeline<U>,
  options: Pick<RunOptions, 'teachers' | 'config' | 'inputs' | 'seed'>,
): Identity {
  const roles = new Set(pipeline.stages.map(({ role }) => role));
  return {
    kind: pipeline.kind,
    config: { ...options.config },
    inputs: [...options.inputs],
    teachers: Object.fromEntries(
      Object.entries(options.teachers)
        .filter(([role]) => roles.has(role))
        .map(([role, teachers]) => [role, teachers.map(({ provider, model }) => ({ provider, model }))]),
    ),
    seed: options.seed,
    versions: Object.fromEntries(
      pipeline.stages.map(({ name, promptVersion, parserVersion }) => [
        name,
        { prompt: promptVersion, parser: parserVersion },
      ]),
    ),
  };
}

export function parsersOf<U extends Unit>(pipeline: Pipeline<U>): Record<string, number> {
  return Object.fromEntries(pipeline.stages.map(({ name, parserVersion }) => [name, parserVersion]));
}

export function configHash(identity: Identity): string {
  return createHash('sha256')
    .update(canonical(facets(identity)))
    .digest('hex');
}

/** Rejects with `DifferentWork` unless `found` is the run of the same work. */
export function requireSameWork(folder: string, found: RunManifest, identity: Identity): void {
  if (found.config_hash === configHash(identity)) return;
  const before = facets(found);
  const now = facets(identity);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const differences = keys
    .filter((key) => canonical(before[key]) !== canonical(now[key]))
    .map((key) => `${key}: ${brief(before[key])} there, ${brief(now[key])} here`);
  throw new DifferentWork(folder, differences);
}

export async function readManifest(folder: string): Promise<RunManifest | undefined> {
  const file = path.join(folder, manifestFile);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return runManifest.parse(JSON.parse(text));
  } catch (error) {
    throw new BadManifest(file, error instanceof Error ? error.message : String(error));
  }
}

/** Flat, so that a difference can be named: `config.questions`, `teacher generator`, `prompt of generate`. */
function facets({ kind, config, inputs, teachers, seed, versions }: Identity): Record<string, unknown> {
  return {
    kind,
    seed,
    inputs: inputs.map(({ sha256 }) => sha256),
    ...prefixed('config.', config),
    ...prefixed(
      'teacher ',
      Object.fromEntries(Object.entries(teachers).map(([role, several]) => [role, several.map(teacherName)])),
    ),
    ...prefixed(
      'prompt of ',
      Object.fromEntries(Object.entries(versions).map(([stage, { prompt }]) => [stage, prompt])),
    ),
  };
}

function prefixed(prefix: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]));
}

/** JSON with sorted keys: the same for equal values, also after a round trip through a file. */
function canonical(value: unknown): string {
  if (value === undefined) return 'none';
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function brief(value: unknown): string {
  const text = canonical(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The commit that a run was made at; null outside a repository or without git. */
export async function gitState(folder: string): Promise<{ commit: string; dirty: boolean } | null> {
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', args, { cwd: folder, timeout: 5000, windowsHide: true });
    return stdout.trim();
  };
  try {
    const commit = await git('rev-parse', 'HEAD');
    return { commit, dirty: (await git('status', '--porcelain', '--untracked-files=no')) !== '' };
  } catch {
    // Not a repository, no commit yet, or no git: all of them mean that there is nothing to say.
    return null;
  }
}
