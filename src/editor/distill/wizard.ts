import path from 'node:path';
import { l10n } from 'vscode';
import type { Memento } from 'vscode';
import { Command } from '../contributions';
import type { Keys } from '../keys/keys';
import type { Estimated, Estimates } from '../process/estimates';
import { pickOne, typed, walk, wholeNumber } from '../quickSteps';
import type { Choice, PickOptions, Picked, Place, Turn } from '../quickSteps';
import { runCommand } from '../registration';
import type { Decision } from '../runs/startRun';
import { SpendStep, priceOf, refusal } from '../spendStep';
import type { Spending } from '../spendStep';
import { count } from '../text';
import type { Work } from './documents';
import { askForModel } from './model';
import { passagesIn, proposedPlan, workArguments } from './plan';
import type { Plan } from './plan';
import { drawsOnPlan, hasBatch, isOffline, offlineTeachers, teacherChoices } from './teacherChoices';
import type { Teachers } from './teacherChoices';
import { describeTeachers, sharedTitle } from './wording';

const lastTeachers = 'distillery.lastTeachers';

/**
 * The three steps before a run: who teaches, how many questions, and what it may cost. Nothing is sent or spent before
 * the last Enter; the estimate of these very documents is counted meanwhile.
 */
export class Wizard {
  readonly #title: string;
  readonly #plan: Plan;
  readonly #spend: SpendStep;
  #choices: Teachers[] = [];

  constructor(
    private readonly work: Work,
    private readonly keys: Keys,
    private readonly estimates: Estimates,
    private readonly memory: Memento,
  ) {
    this.#title = sharedTitle(work.files.map((file) => path.basename(file)));
    this.#plan = proposedPlan(work.root);
    this.#spend = new SpendStep({
      estimates,
      title: () => this.#title,
      estimated: () => this.#estimated,
      rows: (estimate) => l10n.t('up to {0} rows', count(passagesIn(estimate) * this.#plan.questions)),
      free: () => isOffline(this.#plan.teachers),
      more: () => this.#more(),
    });
  }

  /** @returns undefined when the person left. */
  async ask(): Promise<Decision | undefined> {
    const asked = [this.#askTeachers, this.#askQuestions].map((step) => step.bind(this));
    if (!(await walk([...asked, (place) => this.#spend.ask(place)]))) return undefined;
    await this.memory.update(lastTeachers, this.#plan.teachers);
    return this.#spend.decision(this.#workWith(this.#plan.teachers, this.#plan.questions));
  }

  get #estimated(): Estimated {
    return this.#estimatedWith(this.#plan.teachers, this.#plan.questions);
  }

  #estimatedWith(teachers: Teachers, questions: number): Estimated {
    return this.estimates.get(this.#workWith(teachers, questions));
  }

  #workWith(teachers: Teachers, questions: number): string[] {
    return workArguments(this.work, { teachers, questions, batch: this.#plan.batch });
  }

  async #askTeachers(place: Place): Promise<Turn> {
    for (;;) {
      this.#choices = teacherChoices(await this.keys.sources(this.work.root), this.memory.get<Teachers>(lastTeachers));
      const picked = await this.#pick(place, l10n.t('Who asks and answers?'), {
        items: () => this.#teacherItems(),
        // What the offline teacher cannot read, nobody can.
        failure: () => refusal(this.#estimatedWith(offlineTeachers, this.#plan.questions)),
      });
      if (typeof picked === 'string') return picked;
      if (picked.value === 'key') {
        await runCommand(Command.SetKey);
      } else if (picked.value === 'model') {
        const teachers = await askForModel(this.keys, this.work.root, place);
        if (teachers === undefined) continue;
        this.#plan.teachers = teachers;
        return 'next';
      } else {
        this.#plan.teachers = picked.value;
        return 'next';
      }
    }
  }

  #teacherItems(): Choice<Teachers | 'key' | 'model'>[] {
    const { questions } = this.#plan;
    return [
      ...this.#choices.map((teachers) => ({
        ...describeTeachers(teachers),
        description: this.#describePrice(teachers, questions),
        value: teachers,
      })),
      { label: l10n.t('Another model…'), value: 'model' },
      { label: l10n.t('Set an API key…'), value: 'key' },
    ];
  }

  #describePrice(teachers: Teachers, questions: number): string {
    if (isOffline(teachers)) return l10n.t('free · no key, nothing leaves this machine');
    if (drawsOnPlan(teachers)) return l10n.t('no key · draws on your plan of VS Code’s models');
    return l10n.t('key set · {0}', this.#price(this.#estimatedWith(teachers, questions)));
  }

  #price(estimated: Estimated): string {
    const price = priceOf(estimated);
    if (estimated.state !== 'known') return price;
    return this.work.files.length === 1
      ? l10n.t('{0} for this document', price)
      : l10n.t('{0} for these documents', price);
  }

  async #askQuestions(place: Place): Promise<Turn> {
    const standard = this.#plan.questions;
    const numbers = [...new Set([standard, 3, 5, 8])];
    const picked = await this.#pick<number | 'custom'>(place, l10n.t('How many questions about each passage?'), {
      items: () => [
        ...numbers.map((number) => ({ ...this.#describeQuestions(number), value: number })),
        { label: l10n.t('Another number…'), value: 'custom' },
      ],
      failure: () => refusal(this.#estimated),
    });
    if (typeof picked === 'string') return picked;
    const questions = picked.value === 'custom' ? await this.#typeQuestions() : picked.value;
    if (questions === undefined) return this.#askQuestions(place);
    this.#plan.questions = questions;
    return 'next';
  }

  #describeQuestions(questions: number): { label: string; description?: string } {
    const label = l10n.t('{0} a passage', questions);
    const estimated = this.#estimated;
    if (estimated.state !== 'known') return { label };
    return { label, description: l10n.t('up to {0} rows', count(passagesIn(estimated.estimate) * questions)) };
  }

  #typeQuestions(): Promise<number | undefined> {
    return typed(l10n.t('Questions about each passage'), String(this.#plan.questions), wholeNumber(1, 50));
  }

  #more(): ReturnType<NonNullable<Spending['more']>> {
    return [
      ...(hasBatch(this.#plan.teachers) ? [this.#otherWay()] : []),
      {
        label: l10n.t('Show what is sent'),
        act: async () => {
          const { showWhatIsSent } = await import('./whatIsSent');
          await showWhatIsSent(this.work, this.#plan, this.#estimated);
        },
      },
    ];
  }

  #otherWay(): { readonly label: string; readonly description: string; act(): void } {
    const act = () => {
      this.#plan.batch = !this.#plan.batch;
    };
    return this.#plan.batch
      ? { label: l10n.t('Live instead'), description: l10n.t('answers at once, at full price'), act }
      : { label: l10n.t('Batch at half price'), description: l10n.t('answers within 24 hours'), act };
  }

  #pick<T>(
    place: Place,
    placeholder: string,
    step: Pick<PickOptions<T>, 'items' | 'failure' | 'ready'>,
  ): Promise<Picked<T>> {
    return pickOne<T>({
      ...place,
      ...step,
      title: this.#title,
      placeholder,
      busy: () => this.estimates.busy,
      onChange: (changed) => this.estimates.onChange(changed),
    });
  }
}
