import type { DatasetState } from '../../src/protocol/rows';

type Column = DatasetState['columns'][number];

export interface ShownColumn {
  readonly name: string;
  readonly type: Column['type'];
  /** In pixels. */
  readonly width: number;
}

/** Columns shown when the person has chosen none: a file of 5,000 columns starts with as many as can be read. */
const FIRST_COLUMNS = 12;
export const NARROWEST = 48;
export const WIDEST = 1200;

/** Ids that programs read: shown after what people read. */
const IDS = /(?:^|_)(?:id|hash|sha256|timestamp|uuid)$/iu;

export function shownColumns(
  columns: readonly Column[],
  chosen: readonly string[] | null,
  widths: Readonly<Record<string, number>>,
): ShownColumn[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const names = chosen ?? defaultColumns(columns);
  return names.map((name) => {
    const type = types.get(name) ?? 'mixed';
    return { name, type, width: (Object.hasOwn(widths, name) ? widths[name] : undefined) ?? widthOf(name, type) };
  });
}

function defaultColumns(columns: readonly Column[]): string[] {
  const readable = columns.filter(({ name }) => !IDS.test(name));
  const ids = columns.filter(({ name }) => IDS.test(name));
  return [...readable, ...ids].slice(0, FIRST_COLUMNS).map(({ name }) => name);
}

function widthOf(name: string, type: Column['type']): number {
  const heading = Math.min(240, 30 + name.length * 8);
  switch (type) {
    case 'number':
    case 'boolean':
    case 'null':
      return Math.max(80, heading);
    case 'string':
      return /^(?:difficulty|category|status|role|type|split|lang(?:uage)?|domain|source|teacher)$/iu.test(name)
        ? Math.max(110, heading)
        : 300;
    default:
      return 220;
  }
}
