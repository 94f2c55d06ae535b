import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { hasCode, isDiskTrouble } from './files';

/** What a run says of a deployment where requests of its own wait. */
const demand = z.object({
  /** Requests per second that it allows itself; absent where nothing was pushed back yet. */
  rate: z.number().positive().exactOptional(),
});
export type Demand = z.infer<typeof demand>;

/** By deployment. */
const demands = z.record(z.string(), demand);

const FOLDER = 'at-work';
/** Between two looks. */
export const LOOK_MS = 1000;
/** Who has not said anything for so long is gone. */
const GONE_MS = 5 * LOOK_MS;

/**
 * Runs that share a home and work at the same time, each a process of its own (`~/.distillery/at-work/PID-….json`): a
 * provider's limits are theirs together, so each says what it wants, and hears what the others do.
 */
export class Neighbours {
  readonly #file: string;

  private readonly folder: string;

  constructor(home: string) {
    this.folder = path.join(home, FOLDER);
    this.#file = path.join(this.folder, `${process.pid}-${randomUUID().slice(0, 8)}.json`);
  }

  /** Says what this run wants, by deployment. @returns what the others want there. */
  async exchange(mine: Readonly<Record<string, Demand>>): Promise<ReadonlyMap<string, readonly Demand[]>> {
    // Each time: somebody may have cleared the home meanwhile.
    await mkdir(this.folder, { recursive: true });
    await writeFile(this.#file, JSON.stringify(mine));
    const others = new Map<string, Demand[]>();
    for (const name of await readdir(this.folder)) {
      const file = path.join(this.folder, name);
      if (file === this.#file) continue;
      for (const [deployment, wanted] of Object.entries(await readDemands(file))) {
        others.set(deployment, [...(others.get(deployment) ?? []), wanted]);
      }
    }
    return others;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

async function readDemands(file: string): Promise<z.infer<typeof demands>> {
  try {
    if (Date.now() - (await stat(file)).mtimeMs > GONE_MS) {
      await rm(file, { force: true });
      return {};
    }
    return demands.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    // Gone this moment, being written, or held by somebody (Windows): the next look tells.
    if (error instanceof SyntaxError || error instanceof z.ZodError || isDiskTrouble(error)) return {};
    if (hasCode(error, 'ENOENT') || hasCode(error, 'EBUSY')) return {};
    throw error;
  }
}
