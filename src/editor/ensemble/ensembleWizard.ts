import path from 'node:path';
import { Uri, l10n, window } from 'vscode';
import { defaultTeachers } from '../../core/teachers/defaults';
import { Command, Setting } from '../contributions';
import { knownModels } from '../distill/model';
import { labelOf } from '../distill/wording';
import type { Keys } from '../keys/keys';
import type { Estimated, Estimates } from '../process/estimates';
import { pickOne, walk } from '../quickSteps';
import type { Place, Turn } from '../quickSteps';
import { readSetting, runCommand } from '../registration';
import type { Decision } from '../runs/startRun';
import { SpendStep, priceOf, refusal } from '../spendStep';
import { count } from '../text';
import type { Instructions } from './instructions';

/** An ensemble of one has nobody to judge it. */
const fewest = 2;

/** The two steps before an ensemble: who answers and judges, and what it may cost. */
export class EnsembleWizard {
  readonly #title: string;
  /** As `PROVIDER/MODEL`; none: everybody that has a key. */
  #teachers: readonly string[] = [];
  readonly #spend: SpendStep;

  constructor(
    private readonly instructions: Instructions,
    private readonly root: string,
    private readonly keys: Keys,
    private readonly estimates: Estimates,
  ) {
    this.#title = l10n.t('Run Ensemble: {0}', path.basename(instructions.file));
    this.#spend = new SpendStep({
      estimates,
      title: () => this.#title,
      estimated: () => this.#estimated(),
      rows: ({ requests }) => l10n.t('up to {0} requests', count(requests)),
    });
  }

  /** @returns undefined when the person left. */
  async ask(): Promise<Decision | undefined> {
    const steps = [(place: Place) => this.#askTeachers(place), (place: Place) => this.#spend.ask(place)];
    return (await walk(steps)) ? this.#spend.decision(this.#work()) : undefined;
  }

  #work(teachers = this.#teachers): string[] {
    const { file, selected } = this.instructions;
    const part = selected && ['--start-index', String(selected.from), '--max-examples', String(selected.count)];
    const seed = String(readSetting(Setting.Seed, Uri.file(this.root)));
    const cast = teachers.flatMap((name) => ['--teacher', `answerer=${name}`]);
    return ['ensemble', file, ...(part ?? []), '--seed', seed, ...cast];
  }

  #estimated(): Estimated {
    return this.estimates.get(this.#work());
  }

  async #askTeachers(place: Place): Promise<Turn> {
    for (;;) {
      const all = defaultTeachers('answerer', await this.keys.sources(this.root));
      const withKeys = {
        label: all.map(labelOf).join(', '),
        detail: l10n.t('each answers, and judges the others without knowing whose answers they are'),
        value: 'all' as const,
      };
      const picked = await pickOne<'all' | 'choose' | 'key'>({
        ...place,
        title: this.#title,
        placeholder: l10n.t('Who answers and judges? At least two.'),
        items: () => [
          ...(all.length >= fewest ? [{ ...withKeys, description: priceOf(this.estimates.get(this.#work([]))) }] : []),
          { label: l10n.t('Choose models…'), value: 'choose' },
          { label: l10n.t('Set an API key…'), value: 'key' },
        ],
        busy: () => this.estimates.busy,
        onChange: (changed) => this.estimates.onChange(changed),
        failure: () => (all.length >= fewest ? refusal(this.estimates.get(this.#work([]))) : undefined),
      });
      if (typeof picked === 'string') return picked;
      if (picked.value === 'key') {
        await runCommand(Command.SetKey);
        continue;
      }
      const teachers = picked.value === 'all' ? [] : await this.#chooseModels();
      if (teachers === undefined) continue;
      this.#teachers = teachers;
      return 'next';
    }
  }

  async #chooseModels(): Promise<readonly string[] | undefined> {
    const models = await knownModels(this.keys, this.root);
    if (models.length < fewest) {
      void window.showInformationMessage(
        l10n.t('An ensemble needs two models that can be asked. Set an API key first; its models appear here.'),
      );
      return undefined;
    }
    const picked = await window.showQuickPick(models, {
      title: this.#title,
      placeHolder: l10n.t('Choose two or more'),
      canPickMany: true,
      ignoreFocusOut: true,
    });
    if (picked === undefined) return undefined;
    if (picked.length >= fewest) return picked.map(({ label }) => label);
    void window.showInformationMessage(l10n.t('One model alone is no ensemble: choose at least two.'));
    return undefined;
  }
}
