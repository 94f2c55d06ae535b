import { Uri, workspace } from 'vscode';
import type { Memento } from 'vscode';

const key = 'distillery.outsideRoots';
const most = 20;

interface Root {
  readonly root: string;
  /** The window that it belongs to. */
  readonly window: string;
}

/** Folders outside the workspace in which this window has started runs: they are followed as long as they are remembered. */
export class OutsideRoots {
  constructor(private readonly memory: Memento) {}

  get all(): readonly string[] {
    return this.#roots.filter((one) => one.window === thisWindow()).map(({ root }) => root);
  }

  async add(root: string): Promise<void> {
    if (workspace.getWorkspaceFolder(Uri.file(root)) !== undefined || this.all.includes(root)) return;
    await this.memory.update(key, [{ root, window: thisWindow() }, ...this.#roots].slice(0, most));
  }

  get #roots(): readonly Root[] {
    return this.memory.get<Root[]>(key, []);
  }
}

/** A window is what it has open; all empty windows are the same. */
function thisWindow(): string {
  return (workspace.workspaceFile ?? workspace.workspaceFolders?.[0]?.uri)?.toString() ?? '';
}
