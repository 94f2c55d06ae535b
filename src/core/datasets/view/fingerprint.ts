import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { readRange } from './rowReader';

const SAMPLE_BYTES = 64 * 1024;
const SAMPLES = 8;

/**
 * A hash of samples spread over the first `bytes` of a file: enough to tell a file that grew from one that was
 * rewritten, and to catch an index that belongs to other content, without reading a gigabyte.
 */
export async function fingerprint(file: FileHandle, bytes: number): Promise<string> {
  const hash = createHash('sha256').update(`${bytes}\n`);
  const last = Math.max(0, bytes - SAMPLE_BYTES);
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = Math.floor((last * sample) / (SAMPLES - 1));
    hash.update(await readRange(file, { start, end: Math.min(bytes, start + SAMPLE_BYTES) }));
    if (last === 0) break;
  }
  return hash.digest('hex');
}
