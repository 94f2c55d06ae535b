import type { CommandEntry } from '../context';

/** The commands that work on datasets, in the order of `distillery --help`. */
export const datasetCommands: readonly CommandEntry[] = [
  {
    name: 'pairs',
    summary: 'Bidirectional pairs: beside every row its reverse.',
    load: () => import('./pairs'),
  },
  {
    name: 'combine',
    summary: 'Several files into one, checked before it is written.',
    load: () => import('./combine'),
  },
  {
    name: 'split',
    summary: 'Train, validation and test; what belongs together stays together.',
    load: () => import('./split'),
  },
  { name: 'dedupe', summary: 'A file without twins, exact or near.', load: () => import('./dedupe') },
  {
    name: 'decontaminate',
    summary: 'A file without rows that give held-out rows away.',
    load: () => import('./decontaminate'),
  },
  {
    name: 'apply-review',
    summary: 'A new file as its review in the editor wants it.',
    load: () => import('./applyReview'),
  },
  { name: 'export', summary: 'Training formats, with dataset_info.json and a card.', load: () => import('./export') },
  {
    name: 'check',
    summary: 'Is this file fit to train on? Problems by line; exit 3 on errors.',
    load: () => import('./check'),
  },
];
