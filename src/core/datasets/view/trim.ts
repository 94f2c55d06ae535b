import { isObject } from './fields';
import { sliceWhole } from './preview';

/** Where something was left out of a row on its way to the panel. */
export interface Cut {
  /** Keys and list positions from the row's root. */
  readonly path: readonly (string | number)[];
  readonly kind: 'characters' | 'items' | 'keys' | 'depth';
  /** How many there are in the row. */
  readonly total: number;
}

export interface TrimLimits {
  readonly characters: number;
  readonly entries: number;
  readonly depth: number;
  /** Characters of all texts together. */
  readonly budget: number;
}

export const DETAIL_LIMITS: TrimLimits = { characters: 100_000, entries: 1_000, depth: 64, budget: 1_000_000 };

/** Whether a cut is that of the very value at a path. */
export function isAt(cut: Cut, path: Cut['path']): boolean {
  return cut.path.length === path.length && cut.path.every((step, at) => step === path[at]);
}

/** A value small enough to show, and what was left out of it. */
export function trimValue(value: unknown, limits: TrimLimits = DETAIL_LIMITS): { value: unknown; cuts: Cut[] } {
  const cuts: Cut[] = [];
  let budget = limits.budget;

  const text = (whole: string, path: Cut['path']): string => {
    const allowed = Math.min(limits.characters, Math.max(budget, 200));
    budget -= Math.min(whole.length, allowed);
    if (whole.length <= allowed) return whole;
    cuts.push({ path, kind: 'characters', total: whole.length });
    return sliceWhole(whole, allowed);
  };

  const visit = (part: unknown, path: Cut['path']): unknown => {
    if (typeof part === 'string') return text(part, path);
    if (!Array.isArray(part) && !isObject(part)) return part;
    const size = Array.isArray(part) ? part.length : Object.keys(part).length;
    if (path.length >= limits.depth && size > 0) {
      cuts.push({ path, kind: 'depth', total: size });
      return Array.isArray(part) ? [] : {};
    }
    const allowed = budget > 0 ? limits.entries : Math.min(limits.entries, 20);
    if (size > allowed) cuts.push({ path, kind: Array.isArray(part) ? 'items' : 'keys', total: size });
    budget -= Math.min(size, allowed) * 8;
    if (Array.isArray(part)) return part.slice(0, allowed).map((item, at) => visit(item, [...path, at]));
    // fromEntries defines own keys, so `__proto__` stays a key.
    const entries = Object.entries(part).slice(0, allowed);
    return Object.fromEntries(entries.map(([key, item]) => [key, visit(item, [...path, key])]));
  };

  return { value: visit(value, []), cuts };
}
