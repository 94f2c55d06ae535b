import { rootForNewRun } from '../runs/newRunRoot';
import { startRun } from '../runs/startRun';
import type { StartParts } from '../runs/startRun';
import { mayDistillHere } from '../trust';
import { CascadeWizard } from './cascadeWizard';

/** `Run Cascade…`: domain, samples, teachers, budget; and the run is on its way. */
export async function runCascade(parts: StartParts): Promise<void> {
  if (!(await mayDistillHere())) return;
  const root = await rootForNewRun();
  if (root === undefined) return;
  await startRun(parts, root, (estimates) => new CascadeWizard(root, parts.keys, estimates, parts.memory).ask());
}
