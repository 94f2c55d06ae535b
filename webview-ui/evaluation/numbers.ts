import { t } from '../translate';

/** `81.0 %` */
export function percent(share: number): string {
  return t('{0} %', (share * 100).toFixed(1));
}

/** In points of a hundred, with its sign: `+18.3`. */
export function points(share: number): string {
  const shown = (share * 100).toFixed(1);
  return share > 0 ? `+${shown}` : shown.replace('-', '−');
}

/** `0.0312`, `2.1e-12` */
export function pValue(p: number): string {
  if (p === 0) return '< 1e-300';
  return p < 0.0001 ? p.toExponential(1) : p.toFixed(4);
}

/** Cohen's own words for his h. */
export function effectSize(h: number): string {
  const size = Math.abs(h);
  if (size < 0.2) return t('hardly an effect');
  if (size < 0.5) return t('a small effect');
  return size < 0.8 ? t('a medium effect') : t('a large effect');
}
