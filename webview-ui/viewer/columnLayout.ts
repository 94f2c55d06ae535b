import { defaultColumns } from '../../src/core/datasets/view/defaultColumns';
import type { DatasetState } from '../../src/protocol/rows';

type Column = DatasetState['columns'][number];

export interface ShownColumn {
  readonly name: string;
  readonly type: Column['type'];
  /** In pixels. */
  readonly width: number;
}

export const NARROWEST = 48;
export const WIDEST = 1200;

const TEXT_NARROWEST = 160;
const TEXT_WIDEST = 520;

/** Names of columns that hold one of a few words. */
const LABELS = /^(?:difficulty|category|status|role|type|split|lang(?:uage)?|domain|source|teacher|template)$/iu;

/** The columns to show. Those without a width of the person's own share what is `available`, in pixels. */
export function shownColumns(
  columns: readonly Column[],
  chosen: readonly string[] | null,
  widths: Readonly<Record<string, number>>,
  available: number,
): ShownColumn[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const names = chosen ?? defaultColumns(columns);
  const own = (name: string) => (Object.hasOwn(widths, name) ? widths[name] : undefined);
  const measured = names.map((name) => {
    const type = types.get(name) ?? 'mixed';
    return { name, type, width: own(name) ?? narrow(name, type) };
  });
  const taken = measured.reduce((sum, { width = 0 }) => sum + width, 0);
  const open = measured.filter(({ width }) => width === undefined).length;
  const shared = Math.floor(Math.max(TEXT_NARROWEST, Math.min(TEXT_WIDEST, (available - taken) / Math.max(1, open))));
  return measured.map(({ name, type, width = shared }) => ({ name, type, width }));
}

/** The width of a column of short values; texts share what is left. */
function narrow(name: string, type: Column['type']): number | undefined {
  const heading = Math.min(240, 30 + name.length * 8);
  switch (type) {
    case 'number':
    case 'boolean':
    case 'null':
      return Math.max(70, heading);
    case 'string':
      return LABELS.test(name) ? Math.max(100, heading) : undefined;
    default:
      return undefined;
  }
}
