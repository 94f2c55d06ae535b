import { readFile } from 'node:fs/promises';
import { window, workspace } from 'vscode';

/** Opens a short document to try the product on, as a new one: saving it is the person's choice. */
export async function openSample(file: string): Promise<void> {
  const content = await readFile(file, 'utf8');
  await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }));
}
