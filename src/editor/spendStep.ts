import { l10n } from 'vscode';
import { parseAmount } from './distill/budget';
import type { Estimate, Estimated, Estimates } from './process/estimates';
import { pickOne, typed } from './quickSteps';
import type { Choice, Place, Turn } from './quickSteps';
import { dollarRange, dollars } from './text';

/** What the last step before a run shows and keeps. */
export interface Spending {
  readonly title: string;
  readonly estimates: Estimates;
  estimated(): Estimated;
  /** What comes out: `up to 180 rows`. */
  rows(estimate: Estimate): string;
  /** The most that the run may cost, in USD; undefined for a run that costs nothing, or as long as nothing is known. */
  cap(): number | undefined;
  setCap(usd: number): void;
  /** How the cap is shared out among the stages, where it is. */
  split?(cap: number, estimate: Estimate): string;
  /** What else can be done from here. */
  more(): readonly {
    readonly label: string;
    readonly description?: string;
    readonly act: () => Promise<void> | void;
  }[];
}

type Action = 'start' | 'cap' | (() => Promise<void> | void);

/** The last step: what it may cost, and Start. Nothing is sent or spent before its Enter. */
export async function askToStart(place: Place, spending: Spending): Promise<Turn> {
  const { title, estimates } = spending;
  for (;;) {
    const picked = await pickOne<Action>({
      ...place,
      title,
      placeholder: l10n.t('Start?'),
      items: () => startItems(spending),
      failure: () => refusal(spending.estimated()),
      ready: (value) => value !== 'start' || spending.estimated().state === 'known',
      busy: () => estimates.busy,
      onChange: (changed) => estimates.onChange(changed),
    });
    if (typeof picked === 'string') return picked;
    if (picked.value === 'start') return 'next';
    if (picked.value === 'cap') await changeCap(spending);
    else await picked.value();
  }
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

function startItems(spending: Spending): Choice<Action>[] {
  const estimated = spending.estimated();
  const more = spending.more().map(({ act, ...item }) => ({ ...item, value: act }));
  if (estimated.state !== 'known') return [{ label: l10n.t('Estimating…'), value: 'start' }, ...more];
  const { estimate } = estimated;
  const rows = spending.rows(estimate);
  const cap = spending.cap();
  if (cap === undefined)
    return [{ label: l10n.t('Start: it costs nothing'), description: rows, value: 'start' }, ...more];
  const likely = l10n.t('likely {0}', dollarRange(estimate.low_usd, estimate.high_usd));
  const split = spending.split?.(cap, estimate);
  return [
    {
      label: l10n.t('Start: at most {0}', dollars(cap)),
      description: `${likely} · ${rows}`,
      ...(split !== undefined && { detail: split }),
      value: 'start',
    },
    { label: l10n.t('Change budget…'), value: 'cap' },
    ...more,
  ];
}

async function changeCap(spending: Spending): Promise<void> {
  const cap = await typed(
    l10n.t('The most that this run may cost, in USD'),
    String(spending.cap() ?? ''),
    (text) => parseAmount(text) ?? l10n.t('Give an amount in US dollars above 0, such as 5 or 2.50.'),
  );
  if (cap !== undefined) spending.setCap(cap);
}
