import { loadTokenCounter } from '../tokens';
import { isObject } from './fields';
import { readingOf } from './shape';

export interface PartTokens {
  readonly path: readonly (string | number)[];
  readonly tokens: number;
}

/** Beyond this a count would hold up the thread for longer than a person looks at a row. */
const MOST_CHARACTERS = 2_000_000;

/** Tokens of what a person reads of a row: its parts, or the texts on its first level. Nothing of a huge row. */
export async function tokensOfParts(row: unknown): Promise<PartTokens[]> {
  const parts = readable(row);
  if (parts.reduce((sum, { text }) => sum + text.length, 0) > MOST_CHARACTERS) return [];
  const count = await loadTokenCounter();
  return parts.map(({ path, text }) => ({ path, tokens: count(text) }));
}

function readable(row: unknown): readonly { path: PartTokens['path']; text: string }[] {
  const { parts } = readingOf(row);
  if (parts.length > 0 || !isObject(row)) return parts;
  return Object.entries(row).flatMap(([name, text]) => (typeof text === 'string' ? [{ path: [name], text }] : []));
}
