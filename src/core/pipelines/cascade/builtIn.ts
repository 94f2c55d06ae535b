import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The domains that ship with Distillery: YAML files beside the code that reads them, here and in the bundle. */
const folder = path.join(__dirname, 'domains');

/** Their names, sorted. */
export async function builtInDomains(): Promise<string[]> {
  const files = await readdir(folder);
  return files.flatMap((file) => (file.endsWith('.yaml') ? [path.basename(file, '.yaml')] : [])).sort();
}

/** The YAML of a built-in domain. */
export async function builtInDomain(name: string): Promise<string> {
  return readFile(path.join(folder, `${name}.yaml`), 'utf8');
}
