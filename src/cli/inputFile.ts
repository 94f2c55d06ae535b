import path from 'node:path';
import type { JsonObject } from '../core/datasets/rows';
import { InputFile, longestText, type Reading } from '../core/pipelines/input/inputFile';
import { UsageError } from './exit';
import type { AskFlags } from './flags';
import { type Io, say } from './io';

/** The file of rows that a command works on, with what a person should know of how it was read. */
export async function openInput<T>(
  file: string,
  read: (row: JsonObject) => Reading<T>,
  flags: Pick<AskFlags, 'quiet' | 'startIndex'>,
  io: Io,
): Promise<InputFile<T>> {
  const input = await InputFile.open(path.resolve(io.cwd, file), read);
  if ((flags.startIndex ?? 0) >= input.total)
    throw new UsageError(`--start-index ${flags.startIndex ?? 0}: ${file} has ${input.total} rows, counted from 0.`);
  if (!flags.quiet) for (const notice of noticesOf(input)) say(io, notice);
  return input;
}

function noticesOf<T>({ renamed, blank, tooLong }: InputFile<T>): string[] {
  const columns = [...renamed].map(
    ([field, names]) => `${[...names].map((name) => `“${name}”`).join(', ')} as ${field}`,
  );
  const lines = (places: typeof blank): string => {
    const named = places.slice(0, 10).map(({ line }) => line);
    return `line ${named.join(', ')}${places.length > named.length ? ', …' : ''}`;
  };
  return [
    ...(columns.length > 0 ? [`Columns read: ${columns.join('; ')}.`] : []),
    ...(blank.length > 0 ? [`Left out: ${blank.length} without an instruction (${lines(blank)}).`] : []),
    ...(tooLong.length > 0
      ? [`Nobody will be asked about ${tooLong.length} longer than ${longestText} characters (${lines(tooLong)}).`]
      : []),
  ];
}

/** As the manifest names it: relative to the current folder where it is inside, with forward slashes. */
export function inputRecord(
  { path: file, bytes, sha256 }: Pick<InputFile<unknown>, 'path' | 'bytes' | 'sha256'>,
  { cwd }: Io,
) {
  const relative = path.relative(cwd, file);
  const inside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return { path: (inside ? relative : file).replaceAll('\\', '/'), bytes, sha256 };
}
