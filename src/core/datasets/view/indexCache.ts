import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fingerprint } from './fingerprint';
import { LineIndex } from './lineIndex';
import { readRange } from './rowReader';

/** Smaller files are scanned faster than a cache is verified. */
const WORTH_BYTES = 32 * 1024 * 1024;
const HEADER_BYTES = 4096;
/** Line starts that are looked up in the file before a cached index is believed. */
const PROBES = 64;
/** Indexes that are kept: of some hundred megabytes in all, were each that of a gigabyte of short rows. */
const MOST_KEPT = 40;

const header = z.object({
  version: z.literal(1),
  path: z.string(),
  size: z.number().int(),
  mtimeMs: z.number(),
  sample: z.string(),
  lines: z.number().int(),
});

/** The index of a file as it was kept, or undefined when there is none that fits the file as it is now. */
export async function loadIndex(folder: string, path: string, file: FileHandle): Promise<LineIndex | undefined> {
  const { size, mtimeMs } = await file.stat();
  if (size < WORTH_BYTES) return undefined;
  let kept: Buffer;
  try {
    kept = await readFile(entry(folder, path));
  } catch (error) {
    if (isSystemError(error)) return undefined; // What cannot be read is no cache.
    throw error;
  }
  const described = parseHeader(kept);
  if (described?.path !== path || described.size !== size || described.mtimeMs !== mtimeMs) return undefined;
  const body = kept.subarray(HEADER_BYTES);
  if (body.length !== described.lines * 8) return undefined;
  const offsets = new Float64Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.length));
  if (described.sample !== (await fingerprint(file, size))) return undefined;
  if (!(await startsLines(file, offsets, size))) return undefined;
  return LineIndex.fromOffsets(offsets, size);
}

/** Keeps the index of a whole file. A reader never sees half of one: it is written aside and renamed. */
export async function saveIndex(folder: string, path: string, file: FileHandle, index: LineIndex): Promise<void> {
  const { size, mtimeMs } = await file.stat();
  if (size < WORTH_BYTES || index.scanned !== size) return;
  const offsets = index.toOffsets();
  const sample = await fingerprint(file, size);
  const described = { version: 1, path, size, mtimeMs, sample, lines: offsets.length };
  const head = Buffer.alloc(HEADER_BYTES, ' ');
  if (head.write(JSON.stringify(described)) >= HEADER_BYTES) return; // A path of 4,000 characters is not worth a cache.
  const target = entry(folder, path);
  const aside = `${target}.${process.pid}.${Date.now()}.tmp`;
  try {
    await mkdir(folder, { recursive: true });
    const out = await open(aside, 'wx');
    try {
      await out.write(head);
      await out.write(new Uint8Array(offsets.buffer));
    } finally {
      await out.close();
    }
    await rename(aside, target);
    await removeOldest(folder);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    if (!isSystemError(error)) throw error; // A full disk, a folder that cannot be written: the file is scanned again next time.
  }
}

/** Keeps the entries that were written last. */
async function removeOldest(folder: string): Promise<void> {
  const written = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = join(folder, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 })); // Another window was faster.
      return { file, mtimeMs };
    }),
  );
  written.sort((a, b) => b.mtimeMs - a.mtimeMs);
  await Promise.all(written.slice(MOST_KEPT).map(({ file }) => rm(file, { force: true })));
}

/** Size of the cached index in bytes, for those who measure. */
export async function cachedBytes(folder: string, path: string): Promise<number> {
  return (await stat(entry(folder, path))).size;
}

function entry(folder: string, path: string): string {
  return join(folder, `${createHash('sha256').update(path).digest('hex').slice(0, 32)}.lines`);
}

function parseHeader(kept: Buffer): z.infer<typeof header> | undefined {
  try {
    return header.parse(JSON.parse(kept.toString('utf8', 0, HEADER_BYTES)));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined; // Not ours, or half of one.
    throw error;
  }
}

/** A cache may lie: offsets must rise, and a newline must stand before each line start that is probed. */
async function startsLines(file: FileHandle, offsets: Float64Array, size: number): Promise<boolean> {
  for (let at = 1; at < offsets.length; at++) {
    const [before, here] = [offsets[at - 1] ?? Number.NaN, offsets[at] ?? Number.NaN];
    if (!(before < here) || here > size) return false;
  }
  if (offsets[0] !== 0) return false;
  for (let probe = 1; probe <= PROBES; probe++) {
    const start = offsets[Math.floor(((offsets.length - 1) * probe) / PROBES)] ?? 0;
    if (start === 0) continue;
    const [byte] = await readRange(file, { start: start - 1, end: start });
    if (byte !== 10) return false;
  }
  return true;
}

export function isMissing(error: unknown): boolean {
  return isSystemError(error) && error.code === 'ENOENT';
}

function isSystemError(error: unknown): error is Error & { code: unknown } {
  return error instanceof Error && 'code' in error;
}
