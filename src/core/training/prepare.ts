import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Hardware, JobRecord, TrainingSpec } from '../records/training';
import { type PreparedData, prepareData } from './dataset';
import { TrainingError } from './errors';
import { refuseWhatCannotFit, secondsNeeded } from './estimate';
import { findJob, jobsFolder, writeJob } from './job';
import type { BaseModel } from './model';
import { jobReadme } from './readme';
import { scheduleOf } from './schedule';
import { trainerFiles, trainerFolder } from './trainerFolder';
import { isDistributed, trainerSettings, trainerYaml } from './trainerConfig';

export interface PrepareRequest {
  readonly spec: TrainingSpec;
  readonly model: BaseModel;
  readonly hardware: Hardware;
  readonly cwd: string;
  /** The name of the job and of its folder. Default: method and model. */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PreparedJob {
  readonly folder: string;
  readonly job: JobRecord;
  /** Roughly, when the size of the model is known. */
  readonly seconds: number | undefined;
}

/**
 * Everything that a run needs, in a folder that can be read, moved and run by hand. Data and memory are judged before
 * anything appears under the job's name.
 * @throws {TrainingError} `bad_dataset`, `too_few_rows`, `bad_model`, `cannot_fit`, `bad_spec`
 */
export async function prepareJob(request: PrepareRequest): Promise<PreparedJob> {
  const { cwd, model, hardware, signal } = request;
  refuseUnknownTemplate(request);
  const datasets = request.spec.datasets.map((file) => path.resolve(cwd, file));
  const spec = { ...request.spec, datasets, model: model.name };
  const root = path.join(cwd, jobsFolder);
  await mkdir(root, { recursive: true });
  const folder = await freeFolder(root, request.name ?? `${spec.method}-${nameOf(model.name)}`);
  const work = path.join(root, `.${path.basename(folder)}-${randomUUID().slice(0, 8)}`);
  await mkdir(work);
  try {
    const data = await prepareData(
      {
        files: spec.datasets,
        validationFraction: spec.validation_fraction,
        seed: spec.seed,
        cutoffLength: spec.cutoff_length,
        system: spec.system,
        signal,
      },
      path.join(work, 'data'),
    );
    const { job, seconds } = planned({ ...request, spec }, path.basename(folder), data);
    await writeFiles(work, job, { ...request, spec }, seconds);
    await rename(work, folder);
    return { folder, job, seconds };
  } finally {
    await rm(work, { recursive: true, force: true });
  }

  function planned(
    given: PrepareRequest,
    name: string,
    data: PreparedData,
  ): { job: JobRecord; seconds: number | undefined } {
    const cutoff = given.spec.cutoff_length ?? cutoffFor(data.longestRowTokens);
    const memory = model.billions === undefined ? null : refuseWhatCannotFit(spec, model.billions, cutoff, hardware);
    const { maxSteps, evalSteps } = scheduleFor(given.spec, data.trainRows);
    const created = new Date().toISOString();
    const seconds =
      model.billions === undefined
        ? undefined
        : secondsNeeded({
            billions: model.billions,
            method: spec.method,
            tokens: data.tokens,
            epochs: spec.epochs,
            hardware,
          });
    const job: JobRecord = {
      version: 1,
      id: `${name}-${randomUUID().slice(0, 8)}`,
      name,
      created,
      state: 'prepared',
      reason: null,
      spec: given.spec,
      plan: {
        stage: data.stage,
        train_rows: data.trainRows,
        validation_rows: data.validationRows,
        longest_row_tokens: data.longestRowTokens,
        cutoff_length: cutoff,
        max_steps: maxSteps,
        eval_steps: evalSteps,
        memory_gb: memory,
        notes: notesOf(given, data),
      },
      place: null,
      merged: null,
      history: [{ at: created, state: 'prepared', reason: null }],
    };
    return { job, seconds };
  }
}

function scheduleFor(spec: TrainingSpec, rows: number): ReturnType<typeof scheduleOf> {
  return scheduleOf({
    rows,
    batchSize: spec.batch_size,
    accumulation: spec.accumulation,
    processes: spec.gpus * spec.nodes,
    epochs: spec.epochs,
    evalSteps: spec.eval_steps,
  });
}

async function writeFiles(
  folder: string,
  job: JobRecord,
  request: PrepareRequest,
  seconds: number | undefined,
): Promise<void> {
  const { spec, model, hardware } = request;
  const input = {
    spec,
    stage: job.plan.stage,
    model: model.name,
    schedule: scheduleFor(spec, job.plan.train_rows),
    cutoffLength: job.plan.cutoff_length,
    hardware,
    adapter: await copyAdapter(spec, request.cwd, folder),
    deepspeed: await writeDeepspeed(spec, request.cwd, folder),
  };
  await writeFile(path.join(folder, 'train.yaml'), trainerYaml(input));
  await writeFile(path.join(folder, 'trainer.json'), trainerSettings(input));
  await mkdir(path.join(folder, 'trainer'));
  for (const file of trainerFiles) await copyFile(path.join(trainerFolder(), file), path.join(folder, 'trainer', file));
  await writeFile(path.join(folder, 'README.md'), jobReadme(job, seconds));
  await writeJob(folder, job);
}

/** The adapter of an earlier job, to be trained on. */
async function copyAdapter(spec: TrainingSpec, cwd: string, folder: string): Promise<string | undefined> {
  if (spec.resume_from === undefined) return undefined;
  if (spec.method === 'full') {
    throw new TrainingError(
      'bad_spec',
      'resume_from takes the adapter of a LoRA job. After full training, name that job’s output folder as the model.',
    );
  }
  const { folder: from } = await findJob(cwd, spec.resume_from);
  await mkdir(path.join(folder, 'adapter'));
  for (const file of ['adapter_config.json', 'adapter_model.safetensors']) {
    await copyFile(path.join(from, 'output', file), path.join(folder, 'adapter', file)).catch(() => {
      throw new TrainingError('bad_spec', `${from} has no adapter yet: its training has to end first.`);
    });
  }
  return 'adapter';
}

/** ZeRO 2 and 3 as DeepSpeed's integration in transformers fills them in; a file of the person's own is copied. */
async function writeDeepspeed(spec: TrainingSpec, cwd: string, folder: string): Promise<string | undefined> {
  if (spec.deepspeed === undefined) return undefined;
  const target = path.join(folder, 'deepspeed.json');
  if (spec.deepspeed !== 'z2' && spec.deepspeed !== 'z3') {
    const file = path.resolve(cwd, spec.deepspeed);
    await copyFile(file, target).catch(() => {
      throw new TrainingError('bad_spec', `deepspeed: there is no file ${file}. Use z2, z3 or a file.`);
    });
    return 'deepspeed.json';
  }
  const config = {
    train_batch_size: 'auto',
    train_micro_batch_size_per_gpu: 'auto',
    gradient_accumulation_steps: 'auto',
    gradient_clipping: 'auto',
    zero_allow_untested_optimizer: true,
    bf16: { enabled: 'auto' },
    fp16: { enabled: 'auto' },
    zero_optimization: {
      stage: spec.deepspeed === 'z3' ? 3 : 2,
      overlap_comm: true,
      contiguous_gradients: true,
      ...(spec.deepspeed === 'z3' ? { stage3_gather_16bit_weights_on_model_save: true } : {}),
    },
  };
  await writeFile(target, `${JSON.stringify(config, null, 2)}\n`);
  return 'deepspeed.json';
}

/** The tokens of other models differ from those counted, and a template adds its own. */
const MARGIN = 1.4;
const TEMPLATE_TOKENS = 64;
const STEP = 256;

/** What the longest row needs, with room: the trainer cuts what is longer without a word. */
export function cutoffFor(longest: number): number {
  return Math.max(2 * STEP, Math.ceil((longest * MARGIN + TEMPLATE_TOKENS) / STEP) * STEP);
}

function notesOf({ spec, model, hardware }: PrepareRequest, { trainRows }: PreparedData): string[] {
  const notes = [];
  if (trainRows < 100)
    notes.push(`${trainRows} rows are few: expect the model to learn their form more than their content.`);
  if (hardware.kind === 'cpu')
    notes.push('There is no GPU here: training on the processor is for small models and for trying out.');
  if (model.billions === undefined)
    notes.push('The size of the model is not known from its name: whether it fits was not checked.');
  if (isDistributed(spec) && spec.nodes > 1)
    notes.push('On every node: set NODE_RANK, MASTER_ADDR and MASTER_PORT, and run the command below.');
  return notes;
}

function refuseUnknownTemplate({ spec, model }: PrepareRequest): void {
  if (model.chatTemplate !== false || spec.template !== undefined) return;
  throw new TrainingError(
    'bad_model',
    `${model.name} does not say how a chat is written (it is a base model). Name a template with --set template=…: default, alpaca, chatml, llama3, qwen3_nothink and others that LLaMA-Factory knows.`,
  );
}

/** `Qwen/Qwen3-0.6B` → `qwen3-0.6b`. */
function nameOf(model: string): string {
  return (
    path
      .basename(model.replaceAll('\\', '/'))
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .slice(0, 50) || 'model'
  );
}

async function freeFolder(root: string, name: string): Promise<string> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,59}$/u.test(name)) {
    throw new TrainingError(
      'bad_spec',
      `“${name}” cannot be the name of a job: use at most 60 letters, digits, dots and dashes.`,
    );
  }
  for (let k = 1; ; k++) {
    const folder = path.join(root, k === 1 ? name : `${name}-${k}`);
    if (!(await stat(folder).catch(() => undefined))) return folder;
  }
}
