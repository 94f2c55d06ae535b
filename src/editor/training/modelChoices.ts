import path from 'node:path';
import { l10n, ThemeIcon, Uri, window, workspace } from 'vscode';
import type { Choice } from '../quickSteps';

const mostFiles = 200;
const hub = ':hub';
const browse = ':browse';

/** Base models to choose from: the current one first, well-known ones, those in the workspace, any other. */
export async function modelItems(current: string): Promise<Choice<string>[]> {
  const known = new Map([
    ['Qwen/Qwen3-0.6B', l10n.t('small: learns on any machine, also without a GPU')],
    ['Qwen/Qwen3-4B-Instruct-2507', l10n.t('good answers; a GPU with 12 GB')],
    ['meta-llama/Llama-3.2-1B-Instruct', l10n.t('needs its licence accepted, and HF_TOKEN')],
  ]);
  const models = new Map([[current, known.get(current) ?? l10n.t('as the last time')], ...known]);
  const folders = (await modelFolders()).filter((folder) => folder.fsPath !== current);
  return [
    ...[...models].map(([value, description]) => ({ label: nameOf(value), description, value })),
    ...folders.map((folder) => ({
      label: nameOf(folder.fsPath),
      description: workspace.asRelativePath(folder),
      iconPath: new ThemeIcon('folder'),
      value: folder.fsPath,
    })),
    { label: l10n.t('Another model on Hugging Face…'), iconPath: new ThemeIcon('globe'), value: hub },
    { label: l10n.t('A model folder…'), iconPath: new ThemeIcon('folder-opened'), value: browse },
  ];
}

/** The model of an item; undefined when the person was asked for it and left. */
export async function modelNamed(item: string): Promise<string | undefined> {
  if (item === hub) return askHubModel();
  if (item !== browse) return item;
  const [folder] = (await window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false })) ?? [];
  return folder?.fsPath;
}

/** Models that lie in the workspace: folders with a configuration beside weights. */
async function modelFolders(): Promise<Uri[]> {
  const outside = '**/{node_modules,checkpoint-*,.git}/**';
  const weights = await workspace.findFiles('**/*.safetensors', outside, mostFiles);
  const configurations = await workspace.findFiles('**/config.json', outside, mostFiles);
  const withWeights = new Set(weights.map(({ fsPath }) => path.dirname(fsPath)));
  const folders = configurations.map(({ fsPath }) => path.dirname(fsPath)).filter((folder) => withWeights.has(folder));
  return folders.sort().map((folder) => Uri.file(folder));
}

/** A folder by its last name, a model on the hub by its whole one. */
function nameOf(model: string): string {
  return path.isAbsolute(model) ? path.basename(model) : model;
}

async function askHubModel(): Promise<string | undefined> {
  const name = await window.showInputBox({
    title: l10n.t('Base Model'),
    prompt: l10n.t('Its name on Hugging Face, such as Qwen/Qwen3-1.7B'),
    ignoreFocusOut: true,
    validateInput: (text) => (/^[\w.-]+\/[\w.-]+$/.test(text.trim()) ? undefined : l10n.t('OWNER/NAME')),
  });
  return name?.trim();
}
