import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { RunReport } from '../records/run';
import { manifestFile } from '../records/runFiles';
import type { Learned } from './deployment';
import { isDiskTrouble, removeLeftOvers } from './files';
import { finishedUnits, type History, readHistory } from './history';
import { Journal } from './journal';
import { readLearned } from './learned';
import { LedgerAccount } from './ledger';
import { JOURNAL } from './lines';
import { lockRun, type RunLock } from './lock';
import { configHash, DifferentWork, identityOf, parsersOf, readManifest, requireSameWork } from './manifest';
import type { RunOptions } from './options';
import type { Pipeline, Unit } from './pipeline';
import { costs, type PriceOf, pricesFor } from './pricing';
import { Session } from './session';

/**
 * Runs a pipeline to its end, its budget's end, or `signal`. Resolves with the final report also when the run was
 * cancelled, paused or out of budget. Rejects, before anything is sent, with `RunLocked`, `DifferentWork`,
 * `FolderNotWritable`, `UnknownPrice`; and with the error itself when the pipeline's own code throws. See `docs/engine.md`.
 */
export async function runPipeline<U extends Unit>(pipeline: Pipeline<U>, options: RunOptions): Promise<RunReport> {
  const priceOf = await pricesFor(Object.values(options.teachers).flat(), options.prices ?? {});
  const folder = path.resolve(options.folder);
  const lock = await enter(folder);
  try {
    await removeLeftOvers(folder);
    const identity = identityOf(pipeline, options);
    const found = await readManifest(folder);
    if (found) requireSameWork(folder, found, identity);
    const journal = await Journal.open(path.join(folder, JOURNAL));
    try {
      await journal.reserve();
      const history = await recallRun(pipeline, journal, options.retryFailed === true);
      const hash = configHash(identity);
      if (!found && history.run && history.run.config_hash !== hash) {
        throw new DifferentWork(folder, [
          `its ${manifestFile} is gone, and its ${JOURNAL} is of another configuration`,
        ]);
      }
      for (const { path: name, sha256 } of found?.outputs ?? []) history.wrote(name, sha256);
      const identified = {
        ...identity,
        config_hash: hash,
        id: history.run?.run ?? found?.id ?? randomUUID(),
        started: found?.started ?? new Date().toISOString(),
      };
      const ledger = await ledgerFor(options, identified, priceOf);
      const learned = options.home === undefined ? new Map<string, Learned>() : await readLearned(options.home);
      const equipment = { journal, history, priceOf, identified, ledger, learned };
      const session = new Session(pipeline, { ...options, folder }, equipment);
      return await session.run();
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

/** The run folder cannot be made or written to. */
export class FolderNotWritable extends Error {
  override readonly name = 'FolderNotWritable';
  readonly code = 'folder_not_writable';
  constructor(folder: string, cause: Error) {
    super(
      `${folder} cannot be written to (${cause.message}). Give the run another folder, or the right to write there.`,
      {
        cause,
      },
    );
  }
}

async function enter(folder: string): Promise<RunLock> {
  try {
    await mkdir(folder, { recursive: true });
    return await lockRun(folder);
  } catch (error) {
    if (isDiskTrouble(error)) throw new FolderNotWritable(folder, error);
    throw error;
  }
}

async function ledgerFor(
  { home, monthCapUsd, teachers }: RunOptions,
  run: { readonly id: string; readonly kind: string },
  priceOf: PriceOf,
): Promise<LedgerAccount | undefined> {
  const costsMoney = Object.values(teachers)
    .flat()
    .some((teacher) => costs(priceOf(teacher)));
  return home !== undefined && costsMoney ? await LedgerAccount.open(home, run, monthCapUsd) : undefined;
}

/** Reads the journal, reopens what is to be worked again, and hands what the others gave back to the pipeline. */
async function recallRun<U extends Unit>(
  pipeline: Pipeline<U>,
  journal: Journal,
  retryFailed: boolean,
): Promise<History> {
  const history = await readHistory(journal.file, parsersOf(pipeline));
  if (retryFailed) {
    for (const [unit, asks] of history.lostAsks) {
      history.retry(unit, journal.append({ type: 'retry', unit, asks: [...asks] }));
    }
  }
  if (pipeline.restore) {
    for await (const line of finishedUnits(journal.file, history.done)) {
      const { rows, counts, failures } = line;
      pipeline.restore({ index: line.unit, id: line.id }, { rows, counts, failures });
    }
  }
  return history;
}
