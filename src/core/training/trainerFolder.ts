import { existsSync } from 'node:fs';
import path from 'node:path';

/** `trainer/` with the Python files, beside `dist` in a package and beside `src` in the project. */
export function trainerFolder(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'trainer');
    if (existsSync(path.join(candidate, 'launch.py'))) return candidate;
    if (path.dirname(folder) === folder)
      throw new Error(`There is no trainer folder above ${__dirname}: reinstall Distillery.`);
  }
}

/** What goes into a job folder. */
export const trainerFiles = [
  'launch.py',
  'train.py',
  'smart_stop.py',
  'stopping.py',
  'checkpoints.py',
  'environment.py',
  'merge.py',
  'serve.py',
];
