import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The project's folder. */
export const project = path.resolve(__dirname, '..', '..');

export interface Workspace extends AsyncDisposable {
  /** Absolute path. */
  readonly folder: string;
}

/** A fresh folder with a copy of `examples/` in it, removed with `dispose`. */
export async function exampleFolder(): Promise<Workspace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'distillery-ws-'));
  await cp(path.join(project, 'examples'), path.join(folder, 'examples'), { recursive: true });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
