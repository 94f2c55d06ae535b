import { env, l10n } from 'vscode';

/** Amounts, counts and times as a person reads them, in the language of the editor. */

export function count(value: number): string {
  return format(value, {});
}

/** `1 row`, `1,522 rows`. */
export function rowCount(rows: number): string {
  return rows === 1 ? l10n.t('1 row') : l10n.t('{0} rows', count(rows));
}

/** Cents where they are enough, two digits of a small sum. */
export function dollars(usd: number): string {
  const small = usd !== 0 && Math.abs(usd) < 0.1;
  const digits = small ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return format(usd, { style: 'currency', currency: 'USD', ...digits });
}

/** `$0.42–0.61`, one amount when both read the same. */
export function dollarRange(low: number, high: number): string {
  if (dollars(low) === dollars(high)) return dollars(high);
  return l10n.t('{0} to {1}', dollars(low), dollars(high));
}

/** `$0.21 of $1.00`, or the spend alone where there is no cap. */
export function spendOfCap(usd: number, cap: number | null): string {
  return cap === null ? dollars(usd) : l10n.t('{0} of {1}', dollars(usd), dollars(cap));
}

export function percent(share: number): string {
  return format(share, { style: 'percent', maximumFractionDigits: 0 });
}

export function duration(ms: number): string {
  const [value, unit] =
    ms < 90_000 ? [ms / 1000, 'second'] : ms < 5_400_000 ? [ms / 60_000, 'minute'] : [ms / 3_600_000, 'hour'];
  return format(value, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: unit === 'hour' ? 1 : 0,
  });
}

/** By options: making a formatter takes a hundred times as long as formatting, and views of many runs format a lot. */
const formats = new Map<string, Intl.NumberFormat>();

function format(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.NumberFormat(env.language, options);
  formats.set(key, known);
  return known.format(value);
}
