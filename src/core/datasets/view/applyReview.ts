import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { DatasetFile } from './datasetFile';
import { withEdits } from './edits';
import { freeName } from './freeName';
import type { Review } from './review';
import { isWhole } from './rowReader';
import { DatasetViewError } from './errors';

export interface Applied {
  readonly path: string;
  readonly rows: number;
  readonly dropped: number;
  readonly edited: number;
}

export type Keep = 'approved' | 'not_rejected';

const BLOCK = 1 << 20;
const NEWLINE = Buffer.from('\n');

/**
 * Writes the dataset as its review wants it into a new file. The old file is never touched, an existing one never
 * overwritten, and a half-written one never has the final name. `beside` is the file that the person opened; what was
 * read may be an unpacked copy of it.
 */
export async function applyReview(
  dataset: DatasetFile,
  review: Review,
  beside: string,
  keep: Keep,
  signal: AbortSignal,
): Promise<Applied> {
  const target = await freeName(beside, 'reviewed');
  const aside = `${target}.${process.pid}.tmp`;
  const out = createWriteStream(aside, { flags: 'wx' });
  const failed = new Promise<never>((_resolve, reject) => out.once('error', reject));
  try {
    const done = await Promise.race([copy(dataset, review, keep, out, signal), failed]);
    failed.catch(() => undefined); // A later failure is told by `finished`.
    out.end();
    await finished(out);
    await claim(aside, target);
    return { path: target, ...done };
  } catch (error) {
    out.destroy();
    await rm(aside, { force: true });
    throw error;
  }
}

async function copy(dataset: DatasetFile, review: Review, keep: Keep, out: WriteStream, signal: AbortSignal) {
  const done = { rows: 0, dropped: 0, edited: 0 };
  const { lines } = dataset.state;
  for (let line = 0; line < lines; line += 200) {
    signal.throwIfAborted();
    const some = Array.from({ length: Math.min(200, lines - line) }, (_, at) => line + at);
    for (const read of await dataset.previews(some)) {
      if (read.row.state === 'blank') continue;
      const decision = await review.of(read);
      const verdict = decision?.verdict ?? null;
      if (keep === 'approved' ? verdict !== 'approved' : verdict === 'rejected') {
        done.dropped++;
        continue;
      }
      done.rows++;
      if (decision && decision.edits.length > 0) {
        done.edited++;
        const { row } = await dataset.row(read.line);
        if (row.state !== 'ok') throw new DatasetViewError('edited_row_unreadable', unreadable(read.line));
        await write(out, `${JSON.stringify(withEdits(row.value, decision.edits))}\n`);
      } else if (isWhole(read)) await write(out, Buffer.concat([read.bytes, NEWLINE]));
      else await copyLine(dataset, read.line, out);
    }
  }
  return done;
}

/** A row that nobody edited is copied byte for byte: numbers keep their digits and keys their order. */
async function copyLine(dataset: DatasetFile, line: number, out: WriteStream): Promise<void> {
  const { start, end } = dataset.lineIndex.range(line);
  for (let at = start; at < end; at += BLOCK) {
    await write(out, await dataset.read({ start: at, end: Math.min(end, at + BLOCK) }));
  }
  await write(out, NEWLINE);
}

async function write(out: WriteStream, part: string | Buffer): Promise<void> {
  if (!out.write(part)) await once(out, 'drain');
}

/** Gives a file its final name, unless another has it by now. File systems without hard links rename. */
async function claim(aside: string, target: string): Promise<void> {
  try {
    await link(aside, target);
    await rm(aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error;
    await rename(aside, target);
  }
}

function unreadable(line: number): string {
  return `Row ${line + 1} was edited but cannot be read as JSON any more. Undo its edit, or mend the row in the text editor.`;
}
