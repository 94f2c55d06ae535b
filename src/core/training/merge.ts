import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { JobRecord } from '../records/training';
import { TrainingError } from './errors';
import type { Host } from './host';
import { changeJob, readJob } from './job';

export interface MergeResult {
  readonly job: JobRecord;
  /** The merged model, here. */
  readonly folder: string;
  /** How to serve it, each a line for a terminal. */
  readonly commands: readonly { readonly with: string; readonly command: string }[];
}

/**
 * Merges the adapter where the job ran, brings the model here and writes what is needed to serve it.
 * @throws {TrainingError} `wrong_state`, `trainer`
 */
export async function mergeJob(folder: string, host: Host, signal?: AbortSignal): Promise<MergeResult> {
  const before = await readJob(folder);
  const { place, spec } = before;
  if (place === null || (before.state !== 'completed' && before.state !== 'cancelled')) {
    throw new TrainingError('wrong_state', `${before.name} is ${before.state}: only what was trained can be merged.`);
  }
  if (spec.method === 'full') {
    throw new TrainingError(
      'wrong_state',
      `${before.name} trained the whole model: it is in ${path.join(folder, 'output')} and needs no merging.`,
    );
  }
  const there = place.kind === 'ssh' ? place.folder : folder;
  const script = place.kind === 'ssh' ? `${there}/trainer/merge.py` : path.join(there, 'trainer', 'merge.py');
  const { code, stderr } = await host.run([place.python, script], { signal });
  if (code !== 0) throw new TrainingError('trainer', `Merging failed: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  const merged = path.join(folder, 'merged');
  await mkdir(merged, { recursive: true });
  if (place.kind === 'ssh') await host.fetch(`${there}/merged`, merged, [], signal);
  const job = await changeJob(folder, (now) => ({ ...now, merged }));
  await writeServing(folder, job);
  return { job, folder: merged, commands: servingCommands(folder, job) };
}

/** The merged model behind an endpoint that Distillery, and anything else that speaks OpenAI's protocol, can ask. */
export function servingCommands(folder: string, job: JobRecord): MergeResult['commands'] {
  const merged = path.join(folder, 'merged');
  const python = job.place?.kind === 'local' ? job.place.python : 'python';
  return [
    { with: 'vLLM', command: `vllm serve "${merged}" --served-model-name ${job.name}` },
    { with: 'Ollama', command: `ollama create ${job.name} -f "${path.join(merged, 'Modelfile')}"` },
    {
      with: 'LLaMA-Factory',
      command: `"${python}" "${path.join(folder, 'trainer', 'serve.py')}" --port 8000`,
    },
  ];
}

async function writeServing(folder: string, job: JobRecord): Promise<void> {
  const lines = servingCommands(folder, job).flatMap(({ with: server, command }) => [
    `## ${server}`,
    '',
    '```sh',
    command,
    '```',
    '',
  ]);
  const teacher = { providers: { tuned: { base_url: 'http://127.0.0.1:8000/v1' } }, teacher: [`tuned/${job.name}`] };
  const text = [
    `# ${job.name}, served`,
    '',
    ...lines,
    'As a teacher or student of Distillery (`--config FILE`), for vLLM and LLaMA-Factory:',
    '',
    '```yaml',
    stringify(teacher).trimEnd(),
    '```',
    '',
  ];
  await writeFile(path.join(folder, 'SERVING.md'), text.join('\n'));
}
