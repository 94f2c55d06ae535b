import { Setting } from '../contributions';
import type { Estimate } from '../process/estimates';
import { readSetting } from '../registration';
import type { Work } from './documents';
import { Uri } from 'vscode';
import { hasBatch, offlineTeachers, teacherArguments } from './teacherChoices';
import type { Teachers } from './teacherChoices';

/** What the person decides in the three steps. */
export interface Plan {
  teachers: Teachers;
  questions: number;
  /** Through the providers' Batch APIs, where the teachers have one. */
  batch: boolean;
}

/** What is proposed before the person has decided anything: nothing that costs. */
export function proposedPlan(root: string): Plan {
  const scope = Uri.file(root);
  const questions = readSetting(Setting.Questions, scope);
  return { teachers: offlineTeachers, questions, batch: readSetting(Setting.Batch, scope) };
}

/** The arguments that make the work what it is: the same for the estimate and for the run. */
export function workArguments(work: Work, { teachers, questions, batch }: Plan): string[] {
  const scope = Uri.file(work.root);
  const number = (flag: string, setting: NumberSetting) => [flag, String(readSetting(setting, scope))];
  return [
    'distill',
    ...work.files,
    ...teacherArguments(teachers),
    '--questions',
    String(questions),
    ...number('--chunk-size', Setting.ChunkSize),
    ...number('--overlap', Setting.Overlap),
    ...number('--validate-fraction', Setting.ValidateFraction),
    ...number('--votes', Setting.Votes),
    ...(readSetting(Setting.ApplyCorrections, scope) ? ['--apply-corrections'] : []),
    '--format',
    readSetting(Setting.Formats, scope).join(','),
    ...number('--test-fraction', Setting.TestFraction),
    ...number('--seed', Setting.Seed),
    ...(batch && hasBatch(teachers) ? ['--batch'] : []),
  ];
}

/** How fast: never part of what a run is. */
export function speedArguments(): string[] {
  const delay = readSetting(Setting.Delay);
  return [
    '--concurrency',
    String(readSetting(Setting.Concurrency)),
    ...(delay === 0 ? [] : ['--delay', String(delay)]),
  ];
}

/** Passages of the documents, as the estimate counted them: one generating request each. */
export function passagesIn(estimate: Estimate): number {
  return estimate.stages.filter(({ name }) => name === 'generate').reduce((sum, stage) => sum + stage.requests, 0);
}

type NumberSetting =
  Setting.ChunkSize | Setting.Overlap | Setting.ValidateFraction | Setting.Votes | Setting.TestFraction | Setting.Seed;
