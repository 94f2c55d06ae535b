import { basename } from 'node:path';
import { DatasetError, type RowProblem } from './errors';
import { question, readExample } from './formats';
import { hash53 } from './hash';
import { keyOf } from './row-keys';
import { isObject, rowBatches, rowProblem, type BadLine, type JsonObject, type Row } from './rows';
import { LineWriter } from './writer';

/**
 * Bidirectional pairs (spec pages 1 and 3): beside every row its reverse, which asks for the instruction when the answer
 * is given. Forward and reverse stand one after the other, exactly twice the rows.
 */
export interface PairOptions {
  /**
   * `plain`: the reverse's input is the original answer alone. `context`: the original input (the context) and the
   * answer under headings, for rows that have an input; rows without one are as in `plain`.
   */
  readonly variant?: PairVariant;
  /** `meta.source` becomes `<label>_bidirectional`. Default: the name of the file. */
  readonly label?: string;
}

export type PairVariant = 'plain' | 'context';

/** What the reverse asks. Versioned with the format of the rows: changing a word changes what models learn. */
export const reverseInstruction: Readonly<Record<PairVariant, string>> = {
  plain: 'Reconstruct the instruction that the following response answers.',
  context: 'Reconstruct the instruction that the following response answers, given the context it was written for.',
};

/** The two rows made of one. */
export interface Pair {
  readonly line: number;
  readonly forward: PairRow;
  readonly reverse: PairRow;
}

export interface PairRow {
  readonly instruction: string;
  readonly input: string;
  readonly output: string;
  readonly meta: JsonObject;
}

export interface PairResult {
  readonly outputs: readonly { readonly path: string; readonly rows: number }[];
  readonly pairs: number;
}

/**
 * Writes the pairs of all files, in their order. Memory does not grow with the files.
 * @throws {DatasetError} `broken_rows` at the first row that cannot be reversed (see `pairProblems`), `exists`
 */
export async function writePairs(
  files: readonly string[],
  out: string,
  options: PairOptions = {},
  signal?: AbortSignal,
): Promise<PairResult> {
  await using writer = await LineWriter.create(out);
  let pairs = 0;
  for (const file of files) {
    const maker = new PairMaker(file, options);
    for await (const batch of rowBatches(file, signal)) {
      for (const row of batch) {
        const made = maker.lines(row);
        if ('problem' in made) throw brokenRow(made.problem);
        writer.push(made.forward);
        if (writer.push(made.reverse)) await writer.flush();
        pairs++;
      }
    }
  }
  if (pairs === 0) throw new DatasetError('empty', `${files.join(', ')}: there are no rows to reverse.`);
  await writer.commit();
  return { outputs: [{ path: out, rows: writer.rows }], pairs };
}

/** The first pairs, or the problem of the row in their place. Nothing is written. */
export async function* previewPairs(
  file: string,
  options: PairOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<Pair | RowProblem> {
  const maker = new PairMaker(file, options);
  for await (const batch of rowBatches(file, signal)) for (const row of batch) yield maker.pair(row);
}

/** Every row that cannot be reversed, with its line and the reason. */
export async function* pairProblems(file: string, signal?: AbortSignal): AsyncGenerator<RowProblem> {
  const maker = new PairMaker(file, {});
  for await (const batch of rowBatches(file, signal)) {
    for (const row of batch) {
      const parts = maker.read(row);
      if ('message' in parts) yield parts;
    }
  }
}

interface Parts {
  readonly instruction: string;
  readonly input: string;
  readonly output: string;
  readonly meta: JsonObject;
}

/** Makes pairs of the rows of one file. */
class PairMaker {
  private readonly variant: PairVariant;
  private readonly label: string;

  constructor(
    private readonly file: string,
    options: PairOptions,
  ) {
    this.variant = options.variant ?? 'plain';
    this.label = options.label ?? labelOf(file);
  }

  pair(row: Row | BadLine): Pair | RowProblem {
    const made = this.lines(row);
    if ('problem' in made) return made.problem;
    return { line: row.line.number, forward: pairRow(made.forward), reverse: pairRow(made.reverse) };
  }

  /** Each field is escaped once and used in both halves: writing them is most of the work. */
  lines(row: Row | BadLine): { readonly forward: string; readonly reverse: string } | { readonly problem: RowProblem } {
    const parts = this.read(row);
    if ('message' in parts) return { problem: parts };
    const instruction = JSON.stringify(parts.instruction);
    const output = JSON.stringify(parts.output);
    const withContext = this.variant === 'context' && parts.input !== '';
    const reverseInput = withContext ? JSON.stringify(contextInput(parts)) : output;
    const meta = this.metaText(parts, row);
    const asks = JSON.stringify(reverseInstruction[withContext ? 'context' : 'plain']);
    return {
      forward:
        `{"instruction":${instruction},"input":${JSON.stringify(parts.input)},"output":${output},` +
        `"meta":{${meta}"direction":"forward","pair_type":"instruction_to_response"}}`,
      reverse:
        `{"instruction":${asks},"input":${reverseInput},"output":${instruction},` +
        `"meta":{${meta}"direction":"reverse","pair_type":"response_to_instruction","original_instruction":${instruction},"original_output":${output}}}`,
    };
  }

  read(row: Row | BadLine): Parts | RowProblem {
    if ('code' in row) return rowProblem(row, this.file);
    const parts = partsOf(row.value);
    if (typeof parts !== 'string') return parts;
    return { file: this.file, line: row.line.number, column: 1, message: parts };
  }

  /** What both halves share, ending in a comma. The file's name and line make the id unique, its text recognisable. */
  private metaText(parts: Parts, row: Row | BadLine): string {
    const {
      direction: _d,
      pair_type: _t,
      source: _s,
      original_instruction: _i,
      original_output: _o,
      ...kept
    } = parts.meta;
    const own = JSON.stringify(kept).slice(1, -1);
    const id = `${this.label}_${String(row.line.number).padStart(6, '0')}_${hash53(parts.instruction + parts.output).toString(36)}`;
    return `${own === '' ? '' : `${own},`}"source":${JSON.stringify(`${this.label}_bidirectional`)},"pair_id":${JSON.stringify(id)},`;
  }
}

/** The parts of a row, or why it cannot be reversed. */
function partsOf(row: JsonObject): Parts | string {
  const meta = isObject(row['meta']) ? row['meta'] : {};
  if ('pair_id' in meta && 'direction' in meta) return 'The row is already half of a bidirectional pair.';
  const found = readExample(row);
  if ('problem' in found) return found.problem.message;
  const { example } = found;
  if (example.history.length > 0)
    return 'The row is a conversation of several turns; only one question and answer can be reversed.';
  if (question(example).trim() === '') return 'The instruction is empty.';
  if (example.output.trim() === '') return 'The output is empty.';
  const chunk = keyOf(row, 'chunk');
  return {
    instruction: example.instruction,
    input: example.input,
    output: example.output,
    meta: chunk === undefined || 'chunk_id' in meta ? meta : { ...meta, chunk_id: chunk },
  };
}

function contextInput({ input, output }: Parts): string {
  return `### Context\n${input}\n\n### Response\n${output}`;
}

function labelOf(file: string): string {
  return basename(file)
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.[^.]+$/, '');
}

function pairRow(text: string): PairRow {
  const row: unknown = JSON.parse(text);
  if (!isObject(row) || !isObject(row['meta'])) throw new TypeError('A pair is an object with meta.');
  const { instruction, input, output, meta } = row;
  return { instruction: String(instruction), input: String(input), output: String(output), meta };
}

function brokenRow(problem: RowProblem): DatasetError {
  return new DatasetError(
    'broken_rows',
    `${problem.file}, line ${problem.line}: ${problem.message} Nothing was written; --validate lists every such row.`,
    [problem],
  );
}
