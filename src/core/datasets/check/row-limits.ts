import { LeakFinder, type Leak } from '../decontaminate';
import { readRows } from '../rows';
import { wholeLine } from './locate';
import type { Finding } from './problem';

/** What a single row must not be beyond its form: too long, or a held-out row in other clothes. */

export function overTokens(text: string, tokens: number, most: number): Finding {
  const message = `The row has ${tokens} tokens, more than ${most}: it would be cut without a word.`;
  return { ...wholeLine(text), code: 'over_tokens', message };
}

export function leakFinding({ against, shared }: Leak, text: string): Finding {
  const shown = shared.length > 120 ? `${shared.slice(0, 120)}…` : shared;
  const message = `Gives a held-out row away (${against.file}, line ${against.line}): “${shown}”`;
  return { ...wholeLine(text), code: 'leak', message };
}

/** Finds what gives a row of the file away. */
export async function heldOut(file: string, signal?: AbortSignal): Promise<LeakFinder> {
  const finder = new LeakFinder();
  for await (const { value, line } of readRows(file, signal)) finder.hold(value, { file, line: line.number });
  return finder;
}
