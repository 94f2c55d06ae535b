import { LeakFinder } from '../datasets/decontaminate';
import { readRows } from '../datasets/rows';
import type { InputFile } from '../pipelines/input/inputFile';
import { EvaluationError } from './errors';
import type { Test } from './tests';

/** A test that a row of the training file gives away. */
export interface Given {
  readonly test: string;
  /** Of the training file. */
  readonly line: number;
  readonly shared: string;
}

/** The tests that the training file gives away, in the order of that file. System prompts may be in common. */
export async function overlapWith(file: string, tests: InputFile<Test>, signal?: AbortSignal): Promise<Given[]> {
  const systems = new Set<string>();
  for await (const { value } of tests.rows(0, Infinity, signal))
    for (const { role, content } of value.prompt) if (role === 'system') systems.add(content);
  const finder = new LeakFinder({ allow: [...systems] });
  const ids: string[] = [];
  for await (const { id, value } of tests.rows(0, Infinity, signal)) {
    finder.hold(
      { messages: [...value.prompt, { role: 'assistant', content: value.reference }] },
      { file: '', line: ids.length },
    );
    ids.push(id);
  }
  const found = new Map<string, Given>();
  for await (const { value, line } of readRows(file, signal)) {
    const leak = finder.find(value, { file, line: line.number });
    const test = leak && ids[leak.against.line];
    if (leak && test !== undefined && !found.has(test))
      found.set(test, { test, line: line.number, shared: leak.shared });
  }
  return [...found.values()];
}

const named = 3;

/** @throws {EvaluationError} `overlap` where there is any. */
export function refuseOverlap(file: string, given: readonly Given[], tests: number): void {
  if (given.length === 0) return;
  const some = given
    .slice(0, named)
    .map(
      ({ test, line, shared }) =>
        `  ${test} by line ${line}: “${shared.length > 120 ? `${shared.slice(0, 120)}…` : shared}”`,
    );
  throw new EvaluationError(
    'overlap',
    [
      `${file} gives ${given.length} of ${tests} tests away, so the tuned model may know them by heart:`,
      ...some,
      'Take other tests. If that is all right, add --allow-overlap: the report says so then.',
    ].join('\n'),
  );
}
