import path from 'node:path';
import { Uri, l10n, workspace } from 'vscode';
import { Setting } from '../contributions';
import { chosenDataset } from '../datasets/chosen';
import { isOffline, teacherChoices } from '../distill/teacherChoices';
import { labelOf, nameOf } from '../distill/wording';
import { pickModel } from '../modelStep';
import type { Estimated, Estimates } from '../process/estimates';
import { walk } from '../quickSteps';
import type { Choice, Place, Turn } from '../quickSteps';
import { readSetting } from '../registration';
import { rootForNewRun } from '../runs/newRunRoot';
import { startRun } from '../runs/startRun';
import type { Decision, StartParts } from '../runs/startRun';
import { SpendStep } from '../spendStep';
import { count } from '../text';
import { mayDistillHere } from '../trust';

/** `Improve Hard Failures…`: on a file of failed examples; a teacher, a budget, and the run is on its way. */
export async function improveFailures(parts: StartParts, clicked?: Uri): Promise<void> {
  if (!(await mayDistillHere())) return;
  const file = await chosenDataset(clicked);
  if (file === undefined) return;
  const root = workspace.getWorkspaceFolder(file)?.uri.fsPath ?? (await rootForNewRun());
  if (root === undefined) return;
  await startRun(parts, root, (estimates) => new ImproveWizard(file.fsPath, root, parts, estimates).ask());
}

/** The two steps: who writes the better answers, and what it may cost. */
class ImproveWizard {
  readonly #title: string;
  /** `PROVIDER/MODEL` */
  #teacher = '';
  readonly #spend: SpendStep;

  constructor(
    private readonly file: string,
    private readonly root: string,
    private readonly parts: StartParts,
    private readonly estimates: Estimates,
  ) {
    this.#title = l10n.t('Improve {0}', path.basename(file));
    this.#spend = new SpendStep({
      estimates,
      title: () => this.#title,
      estimated: () => this.#estimated(),
      rows: ({ requests }) => l10n.t('up to {0} requests', count(requests)),
    });
  }

  /** @returns undefined when the person left. */
  async ask(): Promise<Decision | undefined> {
    const steps = [(place: Place) => this.#askTeacher(place), (place: Place) => this.#spend.ask(place)];
    return (await walk(steps)) ? this.#spend.decision(this.#work(this.#teacher)) : undefined;
  }

  #work(teacher: string): string[] {
    const seed = String(readSetting(Setting.Seed, Uri.file(this.root)));
    return ['improve', this.file, '--seed', seed, '--teacher', teacher];
  }

  #estimated(teacher = this.#teacher): Estimated {
    return this.estimates.get(this.#work(teacher));
  }

  async #askTeacher(place: Place): Promise<Turn> {
    const picked = await pickModel({
      place,
      title: this.#title,
      placeholder: l10n.t('Who writes the better answers?'),
      keys: this.parts.keys,
      root: this.root,
      estimates: this.estimates,
      estimated: (teacher) => this.#estimated(teacher),
      models: () => this.#models(),
    });
    if (typeof picked === 'string') return picked;
    this.#teacher = picked.value;
    return 'next';
  }

  async #models(): Promise<Choice<string>[]> {
    const asking = teacherChoices(await this.parts.keys.sources(this.root))
      .filter((one) => !isOffline(one))
      .map(({ generator }) => generator);
    const byName = new Map(asking.map((teacher) => [nameOf(teacher), teacher]));
    return [...byName].map(([value, teacher]) => ({ label: labelOf(teacher), detail: value, value }));
  }
}
