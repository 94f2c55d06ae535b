import { createReadStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { DoneIndex } from './doneIndex';
import { exists, FileBeside, type Lines, replace, sha256Of, writeBeside, type Written } from './files';
import type { Journal } from './journal';
import { doneRows } from './lines';

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

  /** Writes one file of the run. */
  async write(name: string, lines: Lines): Promise<number> {
    const { temporary, ...written } = await writeBeside(path.join(this.folder, name), lines);
    await this.#publish(name, temporary, written);
    return written.rows;
  }

  /** Writes the files that rows go to, and the lost rows, from the journal: in the order of units, in one pass. */
  async writeRows(names: readonly string[], done: DoneIndex): Promise<void> {
    const files = new Map<string, FileBeside>();
    try {
      for (const name of [...names, FAILURES]) {
        files.set(name, await FileBeside.create(path.join(this.folder, name)));
      }
      const reader = await this.journal.reader();
      for (const place of done.places()) {
        const { rows, failures } = doneRows.parse(JSON.parse((await reader.read(place)).toString('utf8')));
        for (const [name, file] of files) {
          for (const row of name === FAILURES ? failures : (rows[name] ?? [])) await file.add(JSON.stringify(row));
        }
      }
      for (const [name, file] of files) {
        const written = await file.finish();
        files.delete(name);
        await this.#publish(name, file.temporary, written);
      }
    } catch (error) {
      for (const file of files.values()) await file.discard();
      throw error;
    }
  }

  /** A file's rows, as a reader of the folder sees them. */
  async *rows(name: string): AsyncGenerator {
    const lines = createInterface({ input: createReadStream(path.join(this.folder, name)), crlfDelay: Infinity });
    for await (const line of lines) if (line !== '') yield JSON.parse(line) as unknown;
  }

  async #publish(name: string, temporary: string, { rows, sha256 }: Written): Promise<void> {
    const target = path.join(this.folder, name);
    await this.#keepOthers(name, target);
    this.journal.append({ type: 'output', path: name, sha256 });
    await this.journal.durable();
    await replace(temporary, target);
    this.known.set(name, (this.known.get(name) ?? new Set()).add(sha256));
    this.records.set(name, { path: name, rows, sha256 });
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

export const FAILURES = 'failures.jsonl';
