import { datasetCommands } from './datasets';
import type { CommandEntry } from './context';
import { trainingCommands } from './training';

/** In the order of `distillery --help`. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'distill',
    summary: 'Documents become a grounded question-and-answer dataset.',
    load: () => import('./commands/distill'),
  },
  {
    name: 'cascade',
    summary: 'A budget becomes a dataset of reasoned cases and a golden test set.',
    load: () => import('./commands/cascade'),
  },
  {
    name: 'ensemble',
    summary: 'Several teachers answer, judge each other, and agree on one pair.',
    load: () => import('./commands/ensemble'),
  },
  {
    name: 'improve',
    summary: 'Hard failures become better examples.',
    load: () => import('./commands/improve'),
  },
  ...datasetCommands,
  ...trainingCommands,
  {
    name: 'evaluate',
    summary: 'Base against tuned model on held-out tests, with honest statistics.',
    load: () => import('./commands/evaluate'),
  },
  {
    name: 'estimate',
    summary: 'What a command would cost; nothing is sent.',
    load: () => import('./commands/estimate'),
  },
  {
    name: 'plan',
    summary: 'An amount and a goal become an allocation with estimated counts, and runs.',
    load: () => import('./commands/plan'),
  },
  {
    name: 'spend',
    summary: 'What was spent this month, against its cap, and in the months before.',
    load: () => import('./commands/spend'),
  },
  {
    name: 'runs',
    summary: 'The runs here, one by name, or its outputs rebuilt.',
    load: () => import('./commands/runs'),
  },
  { name: 'models', summary: 'Known models and their prices.', load: () => import('./commands/models') },
  {
    name: 'doctor',
    summary: 'Is everything that a run needs in place, and what to do where not.',
    load: () => import('./commands/doctor'),
  },
];
