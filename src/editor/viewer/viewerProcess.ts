import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { l10n } from 'vscode';
import { childEnvironment } from '../process/childEnvironment';

/**
 * Starts one of the processes that webpack makes of `*.worker.ts`. A thread would leave to the extension host most of
 * the memory that it once had, and take the host along when a file is too much for it.
 */
export function startProcess(dist: string, name: 'rows' | 'scan'): ChildProcess {
  return fork(path.join(dist, 'workers', `${name}.js`), {
    env: childEnvironment(process.env),
    execArgv: YOUNG_HEAP,
    serialization: 'advanced',
  });
}

/**
 * Room in MB for what is read and forgotten at once. With as much as a process takes by itself, a search of a gigabyte
 * takes twice the memory and is no faster.
 */
const YOUNG_HEAP = ['--max-semi-space-size=2'];

/** Calls back with the reason when a process ends that nobody has ended. */
export function onFailure(child: ChildProcess, fail: (error: Error) => void): void {
  child.once('error', fail);
  child.once('exit', (code, signal) => {
    if (child.killed) return;
    const why = signal ?? l10n.t('exit code {0}', String(code));
    fail(new Error(l10n.t('What reads the dataset has ended ({0}). Close its tab and open it again.', why)));
  });
}
