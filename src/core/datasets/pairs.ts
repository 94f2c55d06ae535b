import { isAscii } from 'node:buffer';
import { basename } from 'node:path';
import * as z from 'zod/mini';
import { scanFile, type BlockScan } from './blocks';
import { DatasetError, type RowProblem } from './errors';
import { question, type Example } from './formats/example';
import { readExample } from './formats/read';
import { hash53 } from './hash';
import { LineBuffer } from './line-buffer';
import { keyOf } from './row-keys';
import { rawFields } from './raw-fields';
import { isBlank, type Line } from './lines';
import { isObject, parseLine, rowBatches, rowProblem, type BadLine, type JsonObject, type Row } from './rows';
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
  readonly variant?: PairVariant | undefined;
  /** `meta.source` becomes `<label>_bidirectional`. Default: the name of the file. */
  readonly label?: string | undefined;
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
    for await (const { found } of scanFile(file, pairScan, { ...options, file }, { signal })) {
      if (found.problem) throw notReversible(found.problem);
      await writer.writeRows(found.bytes, found.pairs * 2);
      pairs += found.pairs;
    }
  }
  if (pairs === 0) throw new DatasetError('empty', `${files.join(', ')}: there are no rows to reverse.`);
  await writer.commit();
  return { outputs: [{ path: out, rows: writer.rows }], pairs };
}

interface PairBlock {
  readonly pairs: number;
  readonly bytes: Uint8Array;
  /** Of the first row that cannot be reversed. */
  readonly problem: RowProblem | undefined;
}

/** The pairs of a block of rows, as they are written. */
export const pairScan: BlockScan<PairOptions & { readonly file: string }, PairBlock> = {
  name: 'pairs',
  threadsFrom: () => 256e6,
  config: z.object({
    file: z.string(),
    variant: z.optional(z.enum(['plain', 'context'])),
    label: z.optional(z.string()),
  }),
  prepare: ({ file, ...options }) => {
    const maker = new PairMaker(file, options);
    const buffer = new LineBuffer();
    return (lines) => {
      let problem: RowProblem | undefined;
      let pairs = 0;
      for (const line of lines) {
        if (isBlank(line)) continue;
        const made = maker.lines(parseLine(line));
        if ('problem' in made) {
          problem = made.problem;
          break;
        }
        buffer.push(`${made.forward}\n${made.reverse}`, maker.asciiLabel && line.ascii);
        pairs++;
      }
      return { pairs, bytes: buffer.take(), problem };
    };
  },
};

/** The first pairs, or the problem of the row in their place. Nothing is written. */
export async function* previewPairs(
  file: string,
  options: PairOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<Pair | RowProblem> {
  const maker = new PairMaker(file, options);
  for await (const batch of rowBatches(file, signal)) for (const row of batch) yield maker.pair(row);
}

/** The pair of one line, or its problem, as `writePairs` would make it of the file: a preview of any row. */
export function pairOfLine(file: string, line: Line, options: PairOptions): Pair | RowProblem {
  return new PairMaker(file, options).pair(parseLine(line));
}

/** Every row that cannot be reversed, with its line and the reason. `onRows` hears how many rows were looked at. */
export async function* pairProblems(
  file: string,
  signal?: AbortSignal,
  onRows?: (rows: number) => void,
): AsyncGenerator<RowProblem> {
  const maker = new PairMaker(file, {});
  let rows = 0;
  for await (const batch of rowBatches(file, signal)) {
    for (const row of batch) {
      const parts = maker.read(row);
      if ('message' in parts) yield parts;
    }
    onRows?.((rows += batch.length));
  }
}

interface Parts {
  readonly instruction: string;
  readonly input: string;
  readonly output: string;
  /** As JSON; `meta` is the beginning of an object, empty or ending in a comma. */
  readonly raw: Readonly<Record<'instruction' | 'input' | 'output' | 'meta', string>>;
}

/** Makes pairs of the rows of one file. */
class PairMaker {
  private readonly variant: PairVariant;
  private readonly label: string;
  private readonly source: string;
  /** Whether the label has characters that JSON escapes. */
  private readonly escaped: boolean;
  readonly asciiLabel: boolean;

  constructor(
    private readonly file: string,
    options: PairOptions,
  ) {
    this.variant = options.variant ?? 'plain';
    this.label = options.label ?? labelOf(file);
    this.source = JSON.stringify(`${this.label}_bidirectional`);
    this.asciiLabel = isAscii(Buffer.from(this.label));
    this.escaped = this.source.length !== this.label.length + '"_bidirectional"'.length;
  }

  pair(row: Row | BadLine): Pair | RowProblem {
    const made = this.lines(row);
    if ('problem' in made) return made.problem;
    return { line: row.line.number, forward: pairRow(made.forward), reverse: pairRow(made.reverse) };
  }

  /** Fields are copied as they are written: escaping them anew would be most of the work, and would change numbers. */
  lines(row: Row | BadLine): { readonly forward: string; readonly reverse: string } | { readonly problem: RowProblem } {
    const parts = this.read(row);
    if ('message' in parts) return { problem: parts };
    const { instruction, input, output } = parts.raw;
    const meta = this.meta(parts, row.line.number);
    const head = `{"instruction":${instruction},"input":${input},"output":${output},"meta":{${meta}`;
    const forward = `${head}"direction":"forward","pair_type":"instruction_to_response"}}`;
    const tail = `"output":${instruction},"meta":{${meta}"direction":"reverse","pair_type":"response_to_instruction"`;
    if (this.variant === 'plain' || parts.input === '') {
      return { forward, reverse: `{"instruction":${ASKS.plain},"input":${output},${tail}}}` };
    }
    const originals = `"original_instruction":${instruction},"original_output":${output}`;
    const context = JSON.stringify(`### Context\n${parts.input}\n\n### Response\n${parts.output}`);
    return { forward, reverse: `{"instruction":${ASKS.context},"input":${context},${tail},${originals}}}` };
  }

  read(row: Row | BadLine): Parts | RowProblem {
    if ('code' in row) return rowProblem(row, this.file);
    const parts = partsOf(row);
    if (typeof parts !== 'string') return parts;
    return { file: this.file, line: row.line.number, column: 1, message: parts };
  }

  /** What both halves share, ending in a comma. The label, the line and a hash of the question make the id. */
  private meta({ raw, instruction }: Parts, line: number): string {
    const id = `${this.label}_${line}_${hexOf(hash53(instruction))}`;
    return `${raw.meta}"source":${this.source},"pair_id":${this.escaped ? JSON.stringify(id) : `"${id}"`},`;
  }
}

const ASKS = { plain: JSON.stringify(reverseInstruction.plain), context: JSON.stringify(reverseInstruction.context) };

const BYTES = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

/** The lower half of a hash. Of numbers beyond 2^31 `toString(16)` takes longer than the hash. */
function hexOf(hash: number): string {
  const byte = (shift: number) => BYTES[(hash >>> shift) & 255] ?? '';
  const digits = byte(24) + byte(16) + byte(8) + byte(0);
  return digits.startsWith('0') ? digits.replace(/^0+(?=.)/, '') : digits;
}

function isBlankText(text: string): boolean {
  return !/\S/.test(text);
}

/** The parts of a row, or why it cannot be reversed. */
function partsOf(row: Row): Parts | string {
  const { value } = row;
  const meta = isObject(value['meta']) ? value['meta'] : undefined;
  if (meta && 'pair_id' in meta && 'direction' in meta) return 'The row is already half of a bidirectional pair.';
  const found = readExample(value);
  if ('problem' in found) return found.problem.message;
  const { example } = found;
  if (example.history.length > 0) {
    return 'The row is a conversation of several turns; only one question and answer can be reversed.';
  }
  if (isBlankText(question(example))) return 'The instruction is empty.';
  if (isBlankText(example.output)) return 'The output is empty.';
  const fields = rawFields(row.line.text, COPIED);
  // Only what has the very name is copied: an alias (question, prompt, messages) is written from its value.
  return {
    instruction: example.instruction,
    input: example.input,
    output: example.output,
    raw: {
      instruction: raw('instruction', row, example, fields),
      input: raw('input', row, example, fields),
      output: raw('output', row, example, fields),
      meta: ownMeta(meta === undefined ? undefined : fields.get('meta')) + chunkMeta(row.value, meta),
    },
  };
}

function raw(
  name: 'instruction' | 'input' | 'output',
  { value }: Row,
  example: Example,
  fields: ReadonlyMap<string, string>,
): string {
  return value[name] === example[name] ? (fields.get(name) ?? '""') : JSON.stringify(example[name]);
}

/** The row's own meta without what the pair says itself, as the beginning of an object. */
function ownMeta(text: string | undefined): string {
  if (text === undefined) return '';
  let own = '';
  for (const [key, value] of rawFields(text)) if (!OURS.has(key)) own += `${JSON.stringify(key)}:${value},`;
  return own;
}

const COPIED = new Set(['instruction', 'input', 'output', 'meta']);
const OURS = new Set(['direction', 'pair_type', 'source', 'pair_id', 'original_instruction', 'original_output']);

/** Where the row says which chunk it is from, its pair says so too: a split must not part a chunk. */
function chunkMeta(row: JsonObject, meta: JsonObject | undefined): string {
  const chunk = keyOf(row, 'chunk');
  return chunk === undefined || (meta && 'chunk_id' in meta) ? '' : `"chunk_id":${JSON.stringify(chunk)},`;
}

/** What `meta.source` begins with where no label was given. */
export function labelOf(file: string): string {
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

function notReversible(problem: RowProblem): DatasetError {
  return new DatasetError(
    'broken_rows',
    `${problem.file}, line ${problem.line}: ${problem.message} Nothing was written; --validate lists every such row.`,
    [problem],
  );
}
