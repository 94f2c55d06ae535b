import { ProgressLocation, l10n, window } from 'vscode';
import { z } from 'zod';
import { budgetPlan, mostMonths } from '../../core/records/plan';
import type { BudgetPlan, PlanGoal } from '../../core/records/plan';
import { parseAmount } from '../distill/budget';
import { showPage } from '../page';
import { handoverFor } from '../process/handover';
import { resultOf } from '../process/result';
import { pickOne, typed, walk, wholeNumber } from '../quickSteps';
import type { Place, Turn } from '../quickSteps';
import { rootForNewRun } from '../runs/newRunRoot';
import { startRun } from '../runs/startRun';
import type { StartParts } from '../runs/startRun';
import { dollars } from '../text';
import { mayDistillHere } from '../trust';
import { planPage } from './planPage';

const amounts = [25, 50, 100, 200];
const terms = [1, 3, 6, 12];

/** `Plan Budget…`: an amount and a goal become an allocation to read, and its runs, one after the other. */
export async function planBudget(parts: StartParts): Promise<void> {
  if (!(await mayDistillHere())) return;
  const root = await rootForNewRun();
  if (root === undefined) return;
  await startRun(parts, root, async () => {
    const wizard = new PlanWizard(parts, root);
    const plan = await wizard.ask();
    return plan && { args: [...wizard.arguments, '--start'], cap: monthly(plan) };
  });
}

class PlanWizard {
  #amount = 50;
  #goal: PlanGoal = 'depth';
  #months = 1;
  #plan: BudgetPlan | undefined;

  constructor(
    private readonly parts: StartParts,
    private readonly root: string,
  ) {}

  get arguments(): string[] {
    return ['plan', String(this.#amount), '--goal', this.#goal, '--months', String(this.#months)];
  }

  /** @returns the plan to start, or undefined when the person left; the page of the plan stays. */
  async ask(): Promise<BudgetPlan | undefined> {
    const steps = [this.#askAmount, this.#askGoal, this.#askMonths, this.#askStart].map((step) => step.bind(this));
    return (await walk(steps)) ? this.#plan : undefined;
  }

  async #askAmount(place: Place): Promise<Turn> {
    const picked = await pickOne<number | 'custom'>({
      ...place,
      title: l10n.t('Plan Budget'),
      placeholder: l10n.t('How much money is there?'),
      items: () => [
        ...amounts.map((usd) => ({ label: dollars(usd), value: usd })),
        { label: l10n.t('Another amount…'), value: 'custom' as const },
      ],
    });
    if (typeof picked === 'string') return picked;
    const usd = picked.value === 'custom' ? await this.#typeAmount() : picked.value;
    if (usd === undefined) return this.#askAmount(place);
    this.#amount = usd;
    return 'next';
  }

  #typeAmount(): Promise<number | undefined> {
    return typed(
      l10n.t('The whole amount, in USD'),
      String(this.#amount),
      (text) => parseAmount(text) ?? l10n.t('Give an amount in US dollars above 0, such as 5 or 2.50.'),
    );
  }

  async #askGoal(place: Place): Promise<Turn> {
    const picked = await pickOne<PlanGoal>({
      ...place,
      title: l10n.t('Plan Budget'),
      placeholder: l10n.t('What is it for?'),
      items: () => [
        {
          label: l10n.t('Depth'),
          description: l10n.t('one field as well as the money allows'),
          value: 'depth',
        },
        {
          label: l10n.t('Breadth'),
          description: l10n.t('several fields, a golden test set for each'),
          value: 'breadth',
        },
        {
          label: l10n.t('Iterative'),
          description: l10n.t('a first dataset, then the larger part on what a tuned model gets wrong'),
          value: 'iterative',
        },
      ],
    });
    if (typeof picked === 'string') return picked;
    this.#goal = picked.value;
    return 'next';
  }

  async #askMonths(place: Place): Promise<Turn> {
    const picked = await pickOne<number | 'custom'>({
      ...place,
      title: l10n.t('Plan Budget'),
      placeholder: l10n.t('Over how many months?'),
      items: () => [
        ...terms.map((months) => ({
          label: months === 1 ? l10n.t('This month') : l10n.t('{0} months', months),
          description: l10n.t('{0} a month', dollars(this.#amount / months)),
          value: months,
        })),
        { label: l10n.t('Another number…'), value: 'custom' as const },
      ],
    });
    if (typeof picked === 'string') return picked;
    const months =
      picked.value === 'custom'
        ? await typed(l10n.t('Over how many months?'), String(this.#months), wholeNumber(1, mostMonths))
        : picked.value;
    if (months === undefined) return this.#askMonths(place);
    this.#months = months;
    return 'next';
  }

  async #askStart(place: Place): Promise<Turn> {
    const plan = await this.#compute();
    this.#plan = plan;
    await showPage(l10n.t('Budget plan'), planPage(plan));
    const picked = await pickOne<'start' | 'read'>({
      ...place,
      title: l10n.t('Plan Budget'),
      placeholder: l10n.t('The plan is on the page.'),
      items: () => [
        {
          label: l10n.t('Start this month: at most {0}', dollars(monthly(plan))),
          description: l10n.t('{0} stay in reserve', dollars(plan.reserve_usd)),
          value: 'start',
        },
        { label: l10n.t('Only read it'), value: 'read' },
      ],
    });
    if (typeof picked === 'string') return picked;
    return picked.value === 'start' ? 'next' : 'cancel';
  }

  #compute(): Promise<BudgetPlan> {
    const { cli, keys } = this.parts;
    return Promise.resolve(
      window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Planning') }, async () => {
        const args = [...this.arguments, '--json', '--quiet'];
        const call = { args, cwd: this.root, handover: await handoverFor(keys, this.root) };
        return resultOf(await cli.run(call, new AbortController().signal), z.object({ plan: budgetPlan })).plan;
      }),
    );
  }
}

/** What the runs of a month may cost together. */
function monthly({ monthly_usd, reserve_usd }: BudgetPlan): number {
  return monthly_usd - reserve_usd;
}
