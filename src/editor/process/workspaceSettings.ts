import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Setting } from '../contributions';

/** Settings that only the person's own settings may give: they decide where keys and money go. */
const personal = [Setting.BaseUrls, Setting.Providers, Setting.Prices, Setting.ConfirmAbove] as const;

/**
 * The personal settings that a workspace tries to give. VS Code does not apply them, and does not say so either; the
 * person is told, because a run that talks to another server than the repository says is a surprise.
 */
export async function refusedSettings(folders: readonly string[], workspaceFile?: string): Promise<Setting[]> {
  const files = folders.map((folder) => path.join(folder, '.vscode', 'settings.json'));
  const texts = await Promise.all([...files, ...(workspaceFile === undefined ? [] : [workspaceFile])].map(textOf));
  return personal.filter((setting) => texts.some((text) => text.includes(`"${setting}"`)));
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
