import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';

/** Columns of a line, 1-based, the end exclusive. */
export interface Columns {
  readonly column: number;
  readonly endColumn: number;
}

/** Locating builds a tree of the whole line: beyond this a problem is shown at the line's beginning. */
const LONGEST_LOCATED = 4 << 20;

/** Where the value of a path stands in a line of JSON; the nearest that exists when the path leads nowhere. */
export function locate(text: string, path: readonly (string | number)[]): Columns {
  const root = text.length <= LONGEST_LOCATED ? parseTree(text) : undefined;
  if (!root) return wholeLine(text);
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? root : findNodeAtLocation(root, path.slice(0, length));
    if (node) return { column: node.offset + 1, endColumn: node.offset + node.length + 1 };
  }
  return wholeLine(text);
}

/** The keys that stand twice in one object: the place of each but the first. */
export function repeatedKeys(text: string): (Columns & { readonly key: string })[] {
  const found: (Columns & { key: string })[] = [];
  const open: Node[] = [];
  const root = parseTree(text);
  if (root) open.push(root);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const seen = new Set<unknown>();
    for (const child of node.children ?? []) {
      open.push(child);
      const key = child.type === 'property' ? child.children?.[0] : undefined;
      if (!key) continue;
      if (seen.has(key.value)) {
        found.push({ column: key.offset + 1, endColumn: key.offset + key.length + 1, key: String(key.value) });
      }
      seen.add(key.value);
    }
  }
  return found.sort((a, b) => a.column - b.column);
}

export function wholeLine(text: string): Columns {
  return { column: 1, endColumn: Math.max(2, text.length + 1) };
}
