import { access } from 'node:fs/promises';
import path from 'node:path';
import { isMissing } from './indexCache';

/** A name beside a dataset that no file has yet: `rows.jsonl.gz` → `rows.pairs.jsonl`, `rows.pairs-2.jsonl`, … */
export async function freeName(file: string, what: string): Promise<string> {
  const { dir, name, ext } = path.parse(file.replace(/\.gz$/iu, ''));
  for (let nth = 1; ; nth++) {
    const candidate = path.join(dir, `${name}.${what}${nth === 1 ? '' : `-${nth}`}${ext}`);
    try {
      await access(candidate);
    } catch (error) {
      if (isMissing(error)) return candidate;
      throw error;
    }
  }
}
