import { readFile } from 'node:fs/promises';
import { window, workspace } from 'vscode';

/** `New Cascade Domain…`: a template to fill in, as a document that is not saved yet. */
export async function newDomain(template: string): Promise<void> {
  const document = await workspace.openTextDocument({ language: 'yaml', content: await readFile(template, 'utf8') });
  await window.showTextDocument(document);
}
