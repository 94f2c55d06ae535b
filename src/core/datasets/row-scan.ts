import * as z from 'zod/mini';
import type { BlockScan } from './blocks';
import type { RowProblem } from './errors';
import { fingerprintOfParts } from './hash';
import { LineBuffer } from './line-buffer';
import { isBlank, type Line } from './lines';
import { groupOf, trainingParts } from './row-keys';
import { parseLine, rowProblem } from './rows';
import { ColumnTypes, type Column } from './schema';

export interface RowScanConfig {
  readonly file: string;
  /** Also the text of every row. */
  readonly texts?: boolean | undefined;
  /** Also the value of this field of every row. */
  readonly group?: string | undefined;
}

/** The rows of a block, up to the first line that is none. */
export interface ScannedRows {
  readonly rows: number;
  /** As they were written, each with a line feed. */
  readonly bytes: Uint8Array;
  /** Where each ends in `bytes`. */
  readonly ends: Uint32Array;
  readonly numbers: Uint32Array;
  /** Fingerprints of the texts that would be trained on: `low` and `high` of each. */
  readonly prints: Float64Array;
  readonly texts: readonly string[];
  readonly groups: readonly string[];
  /** Undefined when the rows do not agree on them. */
  readonly columns: Column | undefined;
  readonly problem: RowProblem | undefined;
}

/** What combining and deduplicating need to know of rows. */
export const rowScan: BlockScan<RowScanConfig, ScannedRows> = {
  name: 'rows',
  threadsFrom: () => 256e6,
  config: z.object({ file: z.string(), texts: z.optional(z.boolean()), group: z.optional(z.string()) }),
  prepare: ({ file, texts: withTexts, group }) => {
    const buffer = new LineBuffer();
    return (lines) => {
      const types = new ColumnTypes();
      const ends = new Uint32Array(lines.length);
      const numbers = new Uint32Array(lines.length);
      const prints = new Float64Array(lines.length * 2);
      const texts: string[] = [];
      const groups: string[] = [];
      const whole = wholeBlock(lines);
      let rows = 0;
      let agree = true;
      let problem: RowProblem | undefined;
      for (const line of lines) {
        if (isBlank(line)) continue;
        const row = parseLine(line);
        if (!('value' in row)) {
          problem = rowProblem(row, file);
          break;
        }
        if (agree) agree = types.observe(row.value).length === 0;
        const at = rows++;
        if (!whole) buffer.copy(line);
        ends[at] = whole ? (line.at ?? 0) + line.bytes + 1 : buffer.length;
        numbers[at] = line.number;
        const parts = trainingParts(row.value);
        const { low, high } = fingerprintOfParts(parts, line.ascii);
        prints[at * 2] = low;
        prints[at * 2 + 1] = high;
        if (withTexts) texts.push(parts.join('\n'));
        if (group !== undefined) groups.push(groupOf(row.value, group) ?? '');
      }
      const columns = agree ? types.root : undefined;
      return { rows, bytes: whole ?? buffer.take(), ends, numbers, prints, texts, groups, columns, problem };
    };
  },
};

/** The bytes of a block in which there are rows and line feeds and nothing else: they need not be put together anew. */
function wholeBlock(lines: readonly Line[]): Uint8Array | undefined {
  const block = lines[0]?.block;
  let end = 0;
  for (const line of lines) {
    if (line.block !== block || line.at !== end || line.ending !== '\n' || isBlank(line)) return undefined;
    end += line.bytes + 1;
  }
  if (!block || end !== block.length) return undefined;
  return new Uint8Array(block.buffer, block.byteOffset, block.length);
}

/** The bytes of the rows that `keeps` says yes to, moved together; the scan's own, and the block's, are gone then. */
export function keptRows(found: ScannedRows, keeps: (row: number) => boolean): { bytes: Uint8Array; rows: number } {
  const { bytes, ends } = found;
  let used = 0;
  let rows = 0;
  let from = 0;
  for (let row = 0; row < found.rows; row++) {
    const end = ends[row] ?? 0;
    if (keeps(row)) {
      // Until the first gap everything is where it belongs.
      if (used !== from) bytes.copyWithin(used, from, end);
      used += end - from;
      rows++;
    }
    from = end;
  }
  return { bytes: bytes.subarray(0, used), rows };
}
