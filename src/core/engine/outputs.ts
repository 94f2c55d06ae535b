import { createReadStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { DoneIndex } from './doneIndex';
import { exists, type Lines, replace, sha256Of, writeBeside } from './files';
import type { Journal } from './journal';
import { doneLine } from './lines';

export interface OutputRecord {
  readonly path: string;
  readonly rows: number;
  readonly sha256: string;
}

/**
 * The files of a run. What is about to appear is journaled first, so that a file in the folder is either known to be ours
 * or was changed by a person: such a one is moved aside, never overwritten.
 */
export class Outputs {
  readonly records = new Map<string, OutputRecord>();

  constructor(
    private readonly folder: string,
    private readonly journal: Journal,
    private readonly known: Map<string, Set<string>>,
  ) {}

  async write(name: string, lines: Lines): Promise<number> {
    const target = path.join(this.folder, name);
    const { temporary, rows, sha256 } = await writeBeside(target, lines);
    await this.#keepOthers(name, target);
    this.journal.append({ type: 'output', path: name, sha256 });
    await this.journal.durable();
    await replace(temporary, target);
    this.known.set(name, (this.known.get(name) ?? new Set()).add(sha256));
    this.records.set(name, { path: name, rows, sha256 });
    return rows;
  }

  /** A file's rows, as a reader of the folder sees them. */
  async *rows(name: string): AsyncGenerator {
    const lines = createInterface({ input: createReadStream(path.join(this.folder, name)), crlfDelay: Infinity });
    for await (const line of lines) if (line !== '') yield JSON.parse(line) as unknown;
  }

  async #keepOthers(name: string, target: string): Promise<void> {
    if (!(await exists(target))) return;
    if (this.known.get(name)?.has(await sha256Of(target))) return;
    const { dir, name: stem, ext } = path.parse(target);
    for (let n = 1; ; n += 1) {
      const aside = path.join(dir, `${stem}.edited-${n}${ext}`);
      if (await exists(aside)) continue;
      await rename(target, aside);
      return;
    }
  }
}

/** The rows of one output, in the order of units, straight from the journal. */
export async function* journaledRows(journal: Journal, done: DoneIndex, output: string): AsyncGenerator<string> {
  for (const place of done.places()) {
    const line = doneLine.parse(JSON.parse((await journal.read(place)).toString('utf8')));
    const rows = output === FAILURES ? line.failures : (line.rows[output] ?? []);
    for (const row of rows) yield JSON.stringify(row);
  }
}

export const FAILURES = 'failures.jsonl';
