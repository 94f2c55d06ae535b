import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The YAML of a domain that ships with Distillery: beside the code that reads it, here and in the bundle. */
export async function builtInDomain(name: string): Promise<string> {
  return readFile(path.join(__dirname, 'domains', `${name}.yaml`), 'utf8');
}
