import type { CommandEntry } from '../context';

/** Training, in the order of `distillery --help`. */
export const trainingCommands: readonly CommandEntry[] = [
  {
    name: 'train',
    summary: 'Rows and a base model become a training job, here or on a host behind SSH.',
    load: () => import('./train'),
  },
  {
    name: 'jobs',
    summary: 'The training jobs here; watch, cancel, resume, collect, merge or serve one.',
    load: () => import('./jobs'),
  },
  {
    name: 'ask',
    summary: 'One prompt to one model, to see what it says: a tuned one, its base, or a teacher.',
    load: () => import('./ask'),
  },
];
