import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { TrainingError } from './errors';

/** What can be known of a base model before it is loaded. */
export interface BaseModel {
  /** For the trainer: a hub name, or an absolute folder. */
  readonly name: string;
  readonly local: boolean;
  /** Parameters in billions, when the name or the weights tell. */
  readonly billions: number | undefined;
  /** Whether it knows how a chat is written; unknown for a model on the hub. */
  readonly chatTemplate: boolean | undefined;
}

/**
 * Looks at a folder, or at the name of a model on the hub. Nothing is downloaded.
 * @throws {TrainingError} `bad_model`
 */
export async function inspectModel(model: string, cwd: string): Promise<BaseModel> {
  const folder = path.resolve(cwd, model);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return inspectFolder(folder);
  if (looksLikePath(model)) {
    throw new TrainingError(
      'bad_model',
      `There is no model folder ${folder}. Check the path, or name a model on the Hugging Face hub.`,
    );
  }
  return fromHub(model);
}

/** A model that is named for another machine: its folders cannot be looked at from here. */
export function remoteModel(model: string): BaseModel {
  if (!looksLikePath(model)) return fromHub(model);
  if (!path.posix.isAbsolute(model)) {
    throw new TrainingError('bad_model', `Name the model folder on the host with its whole path, not ${model}.`);
  }
  return { name: model, local: true, billions: billionsIn(model), chatTemplate: undefined };
}

function fromHub(model: string): BaseModel {
  if (!/^[\w.-]+\/[\w.-]+$/.test(model)) {
    throw new TrainingError(
      'bad_model',
      `“${model}” is no model: name one on the Hugging Face hub (Qwen/Qwen3-0.6B), or a folder.`,
    );
  }
  return { name: model, local: false, billions: billionsIn(model), chatTemplate: undefined };
}

function looksLikePath(model: string): boolean {
  return path.isAbsolute(model) || /^\.{0,2}[\\/]/.test(model) || model.includes('\\') || model.split('/').length > 2;
}

async function inspectFolder(folder: string): Promise<BaseModel> {
  const files = await readdir(folder);
  const weights = files.filter((file) => /\.(safetensors|bin)$/.test(file));
  if (!files.includes('config.json') || weights.length === 0) {
    throw new TrainingError(
      'bad_model',
      `${folder} holds no model: config.json and weights (.safetensors) are needed.`,
    );
  }
  const sizes = await Promise.all(weights.map(async (file) => (await stat(path.join(folder, file))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return {
    name: folder,
    local: true,
    billions: bytes / (await bytesAParameter(folder)) / 1e9,
    chatTemplate: files.includes('chat_template.jinja') || (await tokenizerHasTemplate(folder)),
  };
}

async function bytesAParameter(folder: string): Promise<number> {
  const shape = z.object({ torch_dtype: z.string().optional(), dtype: z.string().optional() });
  const { torch_dtype, dtype } = await readJson(path.join(folder, 'config.json'), shape);
  return (dtype ?? torch_dtype) === 'float32' ? 4 : 2;
}

async function tokenizerHasTemplate(folder: string): Promise<boolean> {
  const file = path.join(folder, 'tokenizer_config.json');
  if (!(await stat(file).catch(() => undefined))) return false;
  const { chat_template } = await readJson(file, z.object({ chat_template: z.unknown().optional() }));
  return chat_template !== undefined && chat_template !== null;
}

async function readJson<T>(file: string, shape: z.ZodType<T>): Promise<T> {
  try {
    return shape.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TrainingError('bad_model', `${file} cannot be read as part of a model: ${why}`);
  }
}

/** `Qwen3-4B-Instruct` is 4, `SmolLM2-360M` is 0.36, `Mixtral-8x7B` is 56: all experts lie in memory. */
export function billionsIn(name: string): number | undefined {
  const found = /(?:^|[^a-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)\s?([bm])(?![a-z])/i.exec(path.posix.basename(name));
  if (!found) return undefined;
  const [, experts = '1', size = '', unit = 'b'] = found;
  return Number(experts) * Number(size) * (unit.toLowerCase() === 'm' ? 1e-3 : 1);
}
