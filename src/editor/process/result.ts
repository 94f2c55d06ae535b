import { z } from 'zod';
import type { CliResult } from './cli';

const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

const shownLines = 3;

/** What the command line refused or failed at, in its own sentence. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The JSON object that a command printed with `--json`.
 * @throws CliError with the command's own sentence when it failed, or when its answer is not of the expected shape.
 */
export function resultOf<T>(result: CliResult, shape: z.ZodType<T>): T {
  const printed = lastJson(result.stdout);
  const failed = failureIn(printed);
  if (failed !== undefined) throw failed;
  const parsed = shape.safeParse(printed);
  if (parsed.success) return parsed.data;
  const said = result.stderr.trim().split('\n').slice(-5).join('\n');
  throw new CliError(
    'unexpected',
    said === '' ? `The command ended with ${String(result.code)} and said nothing.` : said,
  );
}

/** Why a process failed, from what it wrote; undefined when it does not say. */
export function failureIn(printed: unknown): CliError | undefined {
  const failed = failure.safeParse(printed);
  if (!failed.success) return undefined;
  const { code, message } = failed.data.error;
  // A defect comes with its stack, and a file with all that is wrong in it: a notification has room for the beginning.
  const lines = message.split('\n').filter((line) => !/^\s+at /u.test(line));
  return new CliError(
    code,
    lines
      .slice(0, shownLines)
      .map((line) => line.trim())
      .join(' '),
  );
}

/** The last line that is JSON: what stands before it may be progress, when both went to one log. */
export function lastJson(output: string): unknown {
  for (const line of output.trimEnd().split('\n').reverse()) {
    if (!line.startsWith('{')) continue;
    try {
      return JSON.parse(line);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}
