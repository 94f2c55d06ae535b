import path from 'node:path';
import { lockFile, manifestFile } from '../../core/records/runFiles';
import { FolderWatch } from './folderWatch';
import { runsFolder } from './run';

interface Listener {
  /** A run folder has something new to read. */
  readonly changed: (folder: string) => void;
  /** Runs may be there that were not announced one by one. */
  readonly appeared: () => void;
  readonly failed: (error: Error) => void;
}

/**
 * Tells which runs under `<root>/distillery` change, by watching three kinds of folder: the root (for the folder of runs),
 * the folder of runs (for new ones), and each run. VS Code's own watcher does not serve here: on Linux it goes on
 * missing folders that were made and filled at once, as that of a run is, and outside the workspace it would watch whole
 * trees for one file.
 */
export class RootWatch {
  readonly #folders: FolderWatch;
  readonly #parent: string;

  constructor(
    private readonly root: string,
    private readonly listener: Listener,
  ) {
    this.#parent = path.join(root, runsFolder);
    this.#folders = new FolderWatch((folder, name) => this.#noticed(folder, name), listener.failed);
  }

  /** Watches the root, and the folder of runs as soon as it is there. */
  attach(): void {
    this.#folders.add(this.root);
    this.#folders.add(this.#parent);
  }

  /** A run's folder, as long as it is there. */
  follow(folder: string): void {
    this.#folders.add(folder);
  }

  dispose(): void {
    this.#folders.dispose();
  }

  #noticed(folder: string, name: string | null): void {
    if (folder === this.root) this.#inRoot(name);
    else if (folder === this.#parent) this.#inParent(name);
    else if (name === null || name === manifestFile || name === lockFile) this.listener.changed(folder);
  }

  #inRoot(name: string | null): void {
    if (name !== runsFolder && name !== null) return;
    this.#folders.renew(this.#parent);
    this.listener.appeared();
  }

  #inParent(name: string | null): void {
    if (name === null) {
      this.listener.appeared();
      return;
    }
    const folder = path.join(this.#parent, name);
    this.#folders.renew(folder);
    this.listener.changed(folder);
  }
}
