import { l10n } from 'vscode';
import { VSCODE } from '../core/teachers/vscode/wire';
import { Setting } from './contributions';
import { parseAmount, proposedCap } from './distill/budget';
import { speedArguments } from './distill/plan';
import type { Estimate, Estimated, Estimates } from './process/estimates';
import { pickOne, typed } from './quickSteps';
import type { Choice, Place, Turn } from './quickSteps';
import { readSetting } from './registration';
import type { Decision } from './runs/startRun';
import { count, dollarRange, dollars } from './text';

/** What the last step before a run shows. */
export interface Spending {
  readonly estimates: Estimates;
  title(): string;
  estimated(): Estimated;
  /** What comes out: `up to 180 rows`. */
  rows(estimate: Estimate): string;
  /** Nobody is paid, whatever else is known. */
  free?(): boolean;
  /** No less than this is proposed, in USD. */
  readonly leastCap?: number;
  /** The stages' shares of the cap, where they have some, to be shown; the rest is the reserve. */
  split?(cap: number): readonly StageShare[];
  /** What else can be done from here. */
  more?(): readonly {
    readonly label: string;
    readonly description?: string;
    readonly act: () => Promise<void> | void;
  }[];
}

export interface StageShare {
  readonly name: string;
  readonly usd: number;
}

type Action = 'start' | 'cap' | (() => Promise<void> | void);

/** The last step: what it may cost, and Start. Nothing is sent or spent before its Enter. It keeps the cap that the person named. */
export class SpendStep {
  #chosenCap: number | undefined;

  constructor(private readonly spending: Spending) {}

  async ask(place: Place): Promise<Turn> {
    const { spending } = this;
    for (;;) {
      const picked = await pickOne<Action>({
        ...place,
        title: spending.title(),
        placeholder: l10n.t('Start?'),
        items: () => this.#items(),
        failure: () => refusal(spending.estimated()),
        ready: (value) => value !== 'start' || this.#estimate !== undefined,
        busy: () => spending.estimates.busy,
        onChange: (changed) => spending.estimates.onChange(changed),
      });
      if (typeof picked === 'string') return picked;
      if (picked.value === 'start') return 'next';
      if (picked.value === 'cap') await this.#changeCap();
      else await picked.value();
    }
  }

  /** What the person decided on: this work, within the cap, as fast as the settings say. */
  decision(work: readonly string[]): Decision {
    const cap = this.#cap;
    const budget = cap === undefined ? [] : ['--budget', String(cap)];
    return { args: [...work, ...budget, ...speedArguments()], cap };
  }

  get #estimate(): Estimate | undefined {
    const estimated = this.spending.estimated();
    return estimated.state === 'known' ? estimated.estimate : undefined;
  }

  /** The most that the run may cost, in USD; undefined for a run that costs nothing, or as long as nothing is known. */
  get #cap(): number | undefined {
    const estimate = this.#estimate;
    if (estimate === undefined || estimate.high_usd === 0 || this.spending.free?.()) return undefined;
    return this.#chosenCap ?? Math.max(this.spending.leastCap ?? 0, proposedCap(estimate.high_usd));
  }

  #items(): Choice<Action>[] {
    const estimate = this.#estimate;
    const more = (this.spending.more?.() ?? []).map(({ act, ...item }) => ({ ...item, value: act }));
    if (estimate === undefined) return [{ label: l10n.t('Estimating…'), value: 'start' }, ...more];
    const plan = requestsOfPlan(estimate);
    const rows = [this.spending.rows(estimate), ...(plan > 0 ? [describePlan(plan)] : [])].join(' · ');
    const cap = this.#cap;
    if (cap === undefined) {
      const label = plan > 0 ? l10n.t('Start: it draws on your plan') : l10n.t('Start: it costs nothing');
      return [{ label, description: rows, value: 'start' }, ...more];
    }
    const likely = l10n.t('likely {0}', dollarRange(estimate.low_usd, estimate.high_usd));
    const split = this.spending.split?.(cap);
    return [
      {
        label: l10n.t('Start: at most {0}', dollars(cap)),
        description: `${likely} · ${rows}`,
        ...(split && { detail: describeSplit(split, cap) }),
        value: 'start',
      },
      { label: l10n.t('Change budget…'), value: 'cap' },
      ...more,
    ];
  }

  async #changeCap(): Promise<void> {
    const cap = await typed(
      l10n.t('The most that this run may cost, in USD'),
      String(this.#cap ?? ''),
      (text) => parseAmount(text) ?? l10n.t('Give an amount in US dollars above 0, such as 5 or 2.50.'),
    );
    if (cap !== undefined) this.#chosenCap = cap;
  }
}

/** Requests to VS Code's models, which cost no money of their own. */
function requestsOfPlan({ stages }: Estimate): number {
  const drawing = stages.filter(({ teacher }) => teacher.startsWith(`${VSCODE}/`));
  return drawing.reduce((sum, { requests }) => sum + requests, 0);
}

function describePlan(requests: number): string {
  const most = readSetting(Setting.ModelRequests);
  return l10n.t('some {0} requests to VS Code’s models, {1} at most', count(requests), count(most));
}

/** What makes going on pointless: the command line's own sentence. */
export function refusal(estimated: Estimated): Error | undefined {
  return estimated.state === 'refused' ? estimated.error : undefined;
}

/** A choice's price, as far as it is known. */
export function priceOf(estimated: Estimated): string {
  switch (estimated.state) {
    case 'pending':
      return l10n.t('estimating…');
    case 'refused':
      return l10n.t('no estimate');
    case 'known':
      return dollarRange(estimated.estimate.low_usd, estimated.estimate.high_usd);
  }
}

function describeSplit(stages: readonly StageShare[], cap: number): string {
  const reserve = cap - stages.reduce((sum, { usd }) => sum + usd, 0);
  return [...stages, { name: l10n.t('reserve'), usd: reserve }]
    .map(({ name, usd }) => `${name} ${dollars(usd)}`)
    .join(' · ');
}
