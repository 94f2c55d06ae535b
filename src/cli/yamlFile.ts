import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { UsageError } from './exit';

/**
 * The fields of a YAML file that a person wrote; none when it is empty. `wanted` says what the file is.
 * @throws UsageError with line and column for YAML that does not parse
 */
export async function readYamlFile(file: string, wanted: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new UsageError(`${file}:${line}:${col}: ${problem.message}`);
  }
  const values: unknown = document.toJS({ maxAliasCount: 50 });
  const fields = z.record(z.string(), z.unknown()).nullable().safeParse(values);
  if (!fields.success) throw new UsageError(`${file}: ${wanted}.`);
  return fields.data ?? {};
}
