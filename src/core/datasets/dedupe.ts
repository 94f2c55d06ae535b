import { DatasetError } from './errors';
import { FingerprintSet } from './fingerprint-set';
import type { Fingerprint } from './hash';
import { NearIndex } from './near';
import { scanFile } from './blocks';
import { trainingText } from './row-keys';
import { keptRows, rowScan, type ScannedRows } from './row-scan';
import { brokenRow, rowBatches } from './rows';
import { explainTwins, type TwinExplanation } from './twin-explanation';
import { LineWriter } from './writer';

/** A place in a set of files. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface Duplicate {
  readonly row: Place;
  /** The row that was there before and is kept. */
  readonly of: Place;
  /** 1 for the same text. */
  readonly similarity: number;
}

export type DedupeMode = 'exact' | 'near';

/**
 * Finds, row by row, what was there before. Two rows are the same when the text that they would train on is: ids, dates
 * and costs beside it do not count. `near` finds the same text in other words too; the first of twins is kept.
 */
export class Deduplicator {
  private readonly exact = new FingerprintSet();
  private readonly places = new Places();
  private readonly near: NearIndex<Place> | undefined;

  constructor(mode: DedupeMode, threshold?: number, seed?: number) {
    if (mode === 'near') {
      this.near = new NearIndex({
        ...(threshold === undefined ? {} : { threshold }),
        ...(seed === undefined ? {} : { seed }),
      });
    }
  }

  /** @param text of the row; only near-duplicates need it. */
  add(print: Fingerprint, file: string, line: number, text = ''): Duplicate | undefined {
    const before = this.exact.add(print);
    if (before >= 0) return { row: { file, line }, of: this.places.at(before), similarity: 1 };
    this.places.push(file, line);
    const twin = this.near?.add(text, { file, line });
    return twin === undefined ? undefined : { row: { file, line }, of: twin.key, similarity: twin.similarity };
  }
}

/** As `Deduplicator.add`, of a row that was scanned. */
export function addScanned(
  duplicates: Deduplicator,
  { prints, numbers, texts }: ScannedRows,
  row: number,
  file: string,
): Duplicate | undefined {
  const print = { low: prints[row * 2] ?? 0, high: prints[row * 2 + 1] ?? 0 };
  return duplicates.add(print, file, numbers[row] ?? 0, texts[row]);
}

/** Files and lines, four bytes each. */
class Places {
  private lines = new Uint32Array(1 << 12);
  private count = 0;
  private readonly files: { readonly file: string; readonly from: number }[] = [];

  push(file: string, line: number): void {
    if (this.files.at(-1)?.file !== file) this.files.push({ file, from: this.count });
    if (this.count === this.lines.length) {
      const grown = new Uint32Array(this.lines.length * 2);
      grown.set(this.lines);
      this.lines = grown;
    }
    this.lines[this.count++] = line;
  }

  at(index: number): Place {
    const file = this.files.findLast(({ from }) => from <= index)?.file ?? '';
    return { file, line: this.lines[index] ?? 0 };
  }
}

export interface DedupeRequest {
  readonly files: readonly string[];
  readonly out: string;
  readonly mode: DedupeMode;
  /** Of `near`; default 0.8. */
  readonly threshold?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called for every row that is left out. */
  readonly onDuplicate?: (duplicate: Duplicate) => void;
}

export interface DedupeResult {
  readonly outputs: readonly { readonly path: string; readonly rows: number }[];
  readonly rows: number;
  readonly kept: number;
  readonly exact: number;
  readonly near: number;
}

/**
 * Writes the rows that are no duplicates, as they were written, in their order.
 * @throws {DatasetError} `broken_rows`, `exists`, `empty`
 */
export async function dedupeFiles(request: DedupeRequest): Promise<DedupeResult> {
  const duplicates = new Deduplicator(request.mode, request.threshold, request.seed);
  const counts = { rows: 0, exact: 0, near: 0 };
  await using writer = await LineWriter.create(request.out);
  for (const file of request.files) {
    const config = { file, texts: request.mode === 'near' };
    for await (const { found } of scanFile(file, rowScan, config, { signal: request.signal })) {
      const kept = keptRows(found, (row) => {
        const duplicate = addScanned(duplicates, found, row, file);
        if (duplicate === undefined) return true;
        if (duplicate.similarity === 1) counts.exact++;
        else counts.near++;
        request.onDuplicate?.(duplicate);
        return false;
      });
      if (found.problem) throw brokenRow(found.problem);
      counts.rows += found.rows;
      await writer.writeRows(kept.bytes, kept.rows);
    }
  }
  if (counts.rows === 0) throw new DatasetError('empty', `${request.files.join(', ')}: there are no rows.`);
  await writer.commit();
  return { outputs: [{ path: request.out, rows: writer.rows }], ...counts, kept: writer.rows };
}

/** A duplicate with both texts and what they share. */
export interface ExplainedDuplicate extends Duplicate {
  readonly explanation: TwinExplanation;
}

/**
 * Explains duplicates by reading their rows again: finding them keeps no texts in memory. One pass a file, whatever the
 * number of duplicates.
 */
export async function explainDuplicates(
  duplicates: readonly Duplicate[],
  signal?: AbortSignal,
): Promise<ExplainedDuplicate[]> {
  const texts = await textsAt(
    duplicates.flatMap(({ row, of }) => [row, of]),
    signal,
  );
  return duplicates.map((duplicate) => ({
    ...duplicate,
    explanation: explainTwins(texts.get(keyOfPlace(duplicate.of)) ?? '', texts.get(keyOfPlace(duplicate.row)) ?? ''),
  }));
}

async function textsAt(places: readonly Place[], signal?: AbortSignal): Promise<Map<string, string>> {
  const wanted = new Map<string, Set<number>>();
  for (const { file, line } of places) wanted.set(file, (wanted.get(file) ?? new Set()).add(line));
  const texts = new Map<string, string>();
  for (const [file, lines] of wanted) {
    for await (const batch of rowBatches(file, signal)) {
      for (const row of batch) {
        if (!('value' in row) || !lines.has(row.line.number)) continue;
        texts.set(keyOfPlace({ file, line: row.line.number }), trainingText(row.value));
      }
    }
  }
  return texts;
}

function keyOfPlace({ file, line }: Place): string {
  return `${line}:${file}`;
}
