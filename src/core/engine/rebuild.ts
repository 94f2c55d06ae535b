import path from 'node:path';
import { exists } from './files';
import { readHistory } from './history';
import { Journal } from './journal';
import { JOURNAL } from './lines';
import { lockRun } from './lock';
import { type OutputRecord, Outputs } from './outputs';

/** The folder has no journal: there is nothing to rebuild from. */
export class NoJournal extends Error {
  override readonly name = 'NoJournal';
  readonly code = 'no_journal';
  constructor(folder: string) {
    super(`${folder} has no run to rebuild: it holds no ${JOURNAL}.`);
  }
}

export interface Rebuilt {
  readonly outputs: readonly OutputRecord[];
  /** What `Pipeline.finish` derives from these (training formats, results): written when the run is next resumed. */
  readonly onResume: readonly string[];
}

/**
 * Writes a run's outputs again, from its journal alone. Rejects with `RunLocked` while somebody works in the folder.
 */
export async function rebuild(folder: string): Promise<Rebuilt> {
  const lock = await lockRun(folder);
  try {
    const file = path.join(folder, JOURNAL);
    if (!(await exists(file))) throw new NoJournal(folder);
    const journal = await Journal.open(file);
    try {
      const history = await readHistory(file);
      const outputs = new Outputs(folder, journal, history.written);
      await outputs.writeRows(history.run?.outputs ?? [], history.done);
      const onResume = [...history.written.keys()].filter((name) => !outputs.records.has(name)).sort();
      return { outputs: [...outputs.records.values()], onResume };
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}
