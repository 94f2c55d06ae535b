import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Provider } from './providers';

export type KeyMap = Readonly<Record<string, string | undefined>>;

/** Where keys are looked for, in this order. All by the name of the environment variable. */
export interface KeySources {
  /** From SecretStorage, handed over by the editor through a pipe. */
  readonly given?: KeyMap;
  readonly env?: KeyMap;
  /** Of a trusted workspace: see `readDotEnv`. Never a source of base URLs. */
  readonly dotEnv?: KeyMap;
}

/** The key of a provider, or undefined. A provider's key is its own: no other variable is ever read for it. */
export function keyOf(provider: Pick<Provider, 'keyName'>, sources: KeySources): string | undefined {
  const { keyName } = provider;
  if (keyName === undefined) return undefined;
  for (const source of [sources.given, sources.env, sources.dotEnv]) {
    const key = source?.[keyName]?.trim();
    if (key) return key;
  }
  return undefined;
}

/**
 * The `.env` of a folder whose workspace the person trusts; empty when there is none. Only names that look like those of
 * keys are taken: a repository must not set anything else for us, least of all a base URL.
 * @throws the file system's error when the file is there and cannot be read.
 */
export async function readDotEnv(folder: string): Promise<KeyMap> {
  let text: string;
  try {
    text = await readFile(join(folder, '.env'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  return Object.fromEntries(Object.entries(parseEnv(text)).filter(([name]) => /_(?:KEY|TOKEN)$/.test(name)));
}
