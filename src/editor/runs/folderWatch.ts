import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { isMissing } from './fileContent';

/** Watches single folders, not what is below them. */
export class FolderWatch {
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(
    /** Something with this name was made, changed or removed in the folder; without a name, the system does not say what. */
    private readonly changed: (folder: string, name: string | null) => void,
    /** The system gives no watch: none is left, or the file system has none. */
    private readonly failed: (error: Error) => void,
  ) {}

  /** A folder that is not there is not watched. */
  add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => this.changed(folder, name));
      watcher.on('error', (error) => {
        this.remove(folder);
        this.failed(error);
      });
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if (!isMissing(error)) this.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The folder may be another one than before under the same name. */
  renew(folder: string): void {
    this.remove(folder);
    this.add(folder);
  }

  remove(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  dispose(): void {
    for (const folder of [...this.#watchers.keys()]) this.remove(folder);
  }
}
