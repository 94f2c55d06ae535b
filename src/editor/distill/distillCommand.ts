import type { Uri } from 'vscode';
import { startRun } from '../runs/startRun';
import type { StartParts } from '../runs/startRun';
import { mayDistillHere } from '../trust';
import { documentsFor } from './documents';
import { Wizard } from './wizard';

/** `Distill Document…`: which documents, three questions, and the run is on its way. */
export async function distillDocument(parts: StartParts, clicked?: Uri, selected?: readonly Uri[]): Promise<void> {
  if (!(await mayDistillHere())) return;
  const work = await documentsFor(clicked, selected);
  if (work === undefined) return;
  await startRun(parts, work.root, (estimates) => new Wizard(work, parts.keys, estimates, parts.memory).ask());
}
