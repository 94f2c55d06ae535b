import { DatasetError } from './errors';
import { addScanned, Deduplicator, type DedupeMode, type Duplicate } from './dedupe';
import { unitHash } from './hash';
import { scanFile, type ScannedBlock } from './blocks';
import { keptRows, rowScan, type ScannedRows } from './row-scan';
import { brokenRow, parseLine, type JsonObject } from './rows';
import { ColumnTypes } from './schema';
import { LineWriter } from './writer';

export interface CombineRequest {
  readonly files: readonly string[];
  readonly out: string;
  /** Leave out duplicates; without it they are counted and kept. */
  readonly dedupe?: DedupeMode;
  readonly threshold?: number;
  /** Every value of this field gets as many rows as the rarest has. */
  readonly balance?: string;
  /** In a seeded order instead of the files' own. Keeps the rows in memory. */
  readonly shuffle?: boolean;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onDuplicate?: (duplicate: Duplicate) => void;
}

export interface CombineResult {
  readonly outputs: readonly { readonly path: string; readonly rows: number }[];
  readonly inputs: readonly { readonly path: string; readonly rows: number }[];
  readonly rows: number;
  /** Found; written all the same unless `dedupe` asked otherwise. */
  readonly duplicates: { readonly exact: number; readonly near: number };
  /** Left out for balance, by value. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/**
 * Several files into one: rows as they were written, one a line whatever the ends of the inputs look like. The output
 * gets its name only when the columns of all rows agree and the count is the sum of the inputs.
 * @throws {DatasetError} `mixed_schema`, `broken_rows`, `exists`, `empty`
 */
export async function combineFiles(request: CombineRequest): Promise<CombineResult> {
  const quota = request.balance === undefined ? undefined : await quotaOf(request, request.balance);
  const schema = new Agreement();
  const duplicates = new Deduplicator(request.dedupe ?? 'exact', request.threshold, request.seed);
  const found = { exact: 0, near: 0 };
  const leftOut: Record<string, number> = {};
  const inputs: { path: string; rows: number }[] = [];
  const lines: string[] = [];
  await using writer = await LineWriter.create(request.out);
  for (const file of request.files) {
    let rows = 0;
    for await (const block of scanRows(request, file)) {
      schema.observe(block, file);
      const scanned = block.found;
      if (scanned.problem) throw brokenRow(scanned.problem);
      const kept = keptRows(scanned, (row) => {
        const duplicate = addScanned(duplicates, scanned, row, file);
        if (duplicate) {
          found[duplicate.similarity === 1 ? 'exact' : 'near']++;
          request.onDuplicate?.(duplicate);
          if (request.dedupe) return false;
        }
        return quota?.takes(scanned.groups[row] ?? '', leftOut) ?? true;
      });
      rows += scanned.rows;
      if (request.shuffle) for (const line of textLines(kept.bytes)) lines.push(line);
      else await writer.writeRows(kept.bytes, kept.rows);
    }
    schema.endOfFile(file);
    inputs.push({ path: file, rows });
  }
  if (request.shuffle) for (const line of shuffled(lines, request.seed ?? 42)) await writer.write(line);
  checkCount(writer.rows, inputs, request.dedupe ? found.exact + found.near : 0, leftOut);
  await writer.commit();
  return { outputs: [{ path: request.out, rows: writer.rows }], inputs, rows: writer.rows, duplicates: found, leftOut };
}

function scanRows({ dedupe, balance, signal }: CombineRequest, file: string) {
  return scanFile(file, rowScan, { file, texts: dedupe === 'near', group: balance }, { signal });
}

function textLines(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1);
}

/** The columns of all files must agree, and every column must have one type. */
class Agreement {
  private readonly types = new ColumnTypes();
  private names = new Set<string>();
  private first: { readonly file: string; readonly names: ReadonlySet<string> } | undefined;

  observe({ found, lines }: ScannedBlock<ScannedRows>, file: string): void {
    const { columns } = found;
    if (columns && this.types.merge(columns)) {
      for (const name of columns.fields.keys()) this.names.add(name);
      return;
    }
    // Somewhere in the block the types do not agree: row by row, to name the first.
    for (const line of lines()) {
      const row = parseLine(line);
      if ('value' in row) this.observeRow(row.value, file, line.number);
    }
  }

  private observeRow(row: JsonObject, file: string, line: number): void {
    for (const name in row) this.names.add(name);
    const [drift] = this.types.observe(row);
    if (!drift) return;
    const message = `${drift.path.join('.')} is of type ${drift.found} here, but ${drift.expected} in the rows before`;
    throw new DatasetError(
      'mixed_schema',
      `${file}, line ${line}: ${message}. Trainers need one type for a column. Nothing was written.`,
      [{ file, line, column: 1, message }],
    );
  }

  endOfFile(file: string): void {
    const { first, names } = this;
    if (names.size === 0) return;
    this.names = new Set();
    if (!first) {
      this.first = { file, names };
      return;
    }
    const missing = [...first.names].filter((name) => !names.has(name));
    const extra = [...names].filter((name) => !first.names.has(name));
    if (missing.length + extra.length === 0) return;
    const parts = [
      missing.length > 0 ? `${file} has no ${missing.join(', ')}` : '',
      extra.length > 0 ? `${first.file} has no ${extra.join(', ')}` : '',
    ];
    throw new DatasetError(
      'mixed_schema',
      `The files do not have the same columns: ${parts.filter((part) => part !== '').join('; ')}. ` +
        'Bring them to one format first with `distillery export`. Nothing was written.',
    );
  }
}

class Quota {
  private readonly left: Map<string, number>;

  constructor(values: Iterable<string>, share: number) {
    this.left = new Map([...values].map((value) => [value, share]));
  }

  /** The first rows of a value are taken; what is beyond its share is counted in `leftOut`. */
  takes(value: string, leftOut: Record<string, number>): boolean {
    const left = this.left.get(value) ?? 0;
    if (left === 0) leftOut[value] = (leftOut[value] ?? 0) + 1;
    else this.left.set(value, left - 1);
    return left > 0;
  }
}

async function quotaOf(request: CombineRequest, field: string): Promise<Quota> {
  const counts = new Map<string, number>();
  const duplicates = request.dedupe ? new Deduplicator(request.dedupe, request.threshold, request.seed) : undefined;
  for (const file of request.files) {
    for await (const { found } of scanRows(request, file)) {
      if (found.problem) throw brokenRow(found.problem);
      for (const [row, value] of found.groups.entries()) {
        if (duplicates && addScanned(duplicates, found, row, file)) continue;
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
  }
  if (counts.size < 2) {
    throw new DatasetError(
      'wrong_usage',
      counts.size === 0 || counts.has('')
        ? `No row has the field ${field}. Balance by a field that the rows have.`
        : `${field} has only one value: there is nothing to balance.`,
    );
  }
  const share = [...counts.values()].reduce((least, count) => Math.min(least, count));
  return new Quota(counts.keys(), share);
}

/** A seeded order: by the hash of the row's text and place, so that it does not depend on the machine. */
function shuffled(lines: readonly string[], seed: number): string[] {
  return lines
    .map((line, index) => ({ line, at: unitHash(`${index}\u0000${line}`, seed) }))
    .sort((a, b) => a.at - b.at)
    .map(({ line }) => line);
}

function checkCount(
  written: number,
  inputs: readonly { readonly rows: number }[],
  duplicates: number,
  leftOut: Readonly<Record<string, number>>,
): void {
  const read = inputs.reduce((sum, input) => sum + input.rows, 0);
  if (read === 0) throw new DatasetError('empty', 'The files have no rows.');
  const left = Object.values(leftOut).reduce((sum, count) => sum + count, 0);
  if (written !== read - duplicates - left) {
    throw new Error(`${read} rows were read and ${written} written: this is a defect of Distillery; nothing was kept.`);
  }
}
