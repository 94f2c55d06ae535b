import { html, svg, type TemplateResult } from 'lit';
import type { Evaluation } from '../../src/core/records/evaluation';
import { t } from '../translate';
import { percent, points } from './numbers';

/** A share or a difference with what it may be just as well, on a scale. */
interface Interval {
  readonly name: string;
  readonly text: string;
  readonly kind: 'base' | 'tuned' | 'lift';
  /** In shares of the scale. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Pass rates on a scale from 0 to 1, and the lift on one from −1 to 1 with its zero in the middle. */
export function intervals({ base, tuned, lift, n }: Evaluation): TemplateResult {
  const rate = (
    kind: 'base' | 'tuned',
    name: string,
    { passes, rate: value, low, high }: Evaluation['base'],
  ): Interval => {
    const text = t('{0} ({1} of {2}; 95 %: {3} to {4})', percent(value), passes, n, percent(low), percent(high));
    return { kind, name, text, value, low, high };
  };
  const onScale = (difference: number) => (difference + 1) / 2;
  const change: Interval = {
    kind: 'lift',
    name: t('lift'),
    text: t('{0} points (95 %: {1} to {2})', points(lift.value), points(lift.low), points(lift.high)),
    value: onScale(lift.value),
    low: onScale(lift.low),
    high: onScale(lift.high),
  };
  const all = [rate('base', t('base'), base), rate('tuned', t('tuned'), tuned), change];
  return html`<div class="intervals">${all.map(drawn)}</div>`;
}

function drawn({ name, text, kind, value, low, high }: Interval): TemplateResult {
  const at = (share: number) => `${(share * 100).toFixed(2)}%`;
  // The dot of a share at the very end is not cut in half.
  return html`<span class="name">${name}</span>
    <svg class=${kind} role="img" aria-label=${`${name}: ${text}`} width="100%" height="22" overflow="visible">
      ${svg`
        <line class="scale" x1="0%" x2="100%" y1="11" y2="11"></line>
        ${kind === 'lift' ? svg`<line class="zero" x1="50%" x2="50%" y1="2" y2="20"></line>` : ''}
        <line class="interval" x1=${at(low)} x2=${at(high)} y1="11" y2="11"></line>
        <line class="end" x1=${at(low)} x2=${at(low)} y1="6" y2="16"></line>
        <line class="end" x1=${at(high)} x2=${at(high)} y1="6" y2="16"></line>
        <circle cx=${at(value)} cy="11" r="4.5"></circle>
      `}
    </svg>
    <span class="text">${text}</span>`;
}
