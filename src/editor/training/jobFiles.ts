import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { jobRecord } from '../../core/records/training';
import { parseProgress, summarizeProgress } from '../../core/training/progress';
import { isMissing } from '../runs/fileContent';
import type { TrainingJob } from './trainingJob';

export const jobsFolder = path.join('distillery', 'training');

/** The jobs under a folder. One whose record cannot be read is given to `failed` and left out. */
export async function readJobs(root: string, failed: (error: Error) => void): Promise<TrainingJob[]> {
  const parent = path.join(root, jobsFolder);
  const names = await readdir(parent).catch(nothingWhenMissing<string[]>([]));
  const jobs = await Promise.all(
    names.map(async (name) => {
      try {
        return await readTrainingJob(path.join(parent, name));
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)));
        return undefined;
      }
    }),
  );
  return jobs.filter((job) => job !== undefined);
}

/** Undefined where there is no job. */
export async function readTrainingJob(folder: string): Promise<TrainingJob | undefined> {
  const text = await readFile(path.join(folder, 'job.json'), 'utf8').catch(nothingWhenMissing(undefined));
  if (text === undefined) return undefined;
  const record = jobRecord.parse(JSON.parse(text));
  const lines = await readFile(path.join(folder, 'progress.jsonl'), 'utf8').catch(nothingWhenMissing(''));
  return { folder, record, progress: summarizeProgress(parseProgress(lines)) };
}

function nothingWhenMissing<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (isMissing(error)) return instead;
    throw error;
  };
}
