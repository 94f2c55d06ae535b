import { z } from 'zod';

/** What the page brought along: texts by their English. */
const translations = z
  .record(z.string(), z.string())
  .parse(JSON.parse(document.querySelector<HTMLMetaElement>('meta[name=l10n]')?.content ?? '{}'));

/** A text in the person's language. `{0}`, `{1}`, … stand for the further arguments, as in `vscode.l10n.t`. */
export function t(english: string, ...values: readonly (string | number)[]): string {
  const text = Object.hasOwn(translations, english) ? (translations[english] ?? english) : english;
  return text.replace(/\{(\d+)\}/gu, (placeholder, at: string) => String(values[Number(at)] ?? placeholder));
}

/**
 * A text of another program, whose placeholders stand for what varies in it: what that has said in the person's language,
 * or undefined when it was something else.
 */
export function template(english: string): (said: string, part?: (said: string) => string) => string | undefined {
  const parts = english.split(/\{\d+\}/u).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&'));
  const pattern = new RegExp(`^${parts.join('(.+)')}$`, 'su');
  return (said, part = (text) => text) => {
    const found = pattern.exec(said);
    return found ? t(english, ...found.slice(1).map((text) => part(text))) : undefined;
  };
}

/** A text with a number in it, in its singular or its plural: `amount(2, '1 row', '{0} rows')`. */
export function amount(number: number, one: string, many: string, ...values: readonly (string | number)[]): string {
  return t(number === 1 ? one : many, count(number), ...values);
}

const whole = new Intl.NumberFormat(document.documentElement.lang || 'en');

export function count(value: number): string {
  return whole.format(value);
}

/** `1.3 GB`, with the decimal units that file managers show. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${scaled >= 10 || power === 0 ? scaled.toFixed(0) : scaled.toFixed(1)} ${units[power] ?? ''}`;
}
