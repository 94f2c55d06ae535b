import { findNodeAtLocation, findNodeAtOffset, getNodePath, parseTree, type JSONPath, type Node } from 'jsonc-parser';
import { fixesFor, isRow, type Fix } from './fixes';
import type { PlacedFinding } from './line-checks';
import type { Finding } from './problem';

/** Lines by number, as they would be; null for a line that goes. */
export type MendedLines = ReadonlyMap<number, Fix['line']>;

/** The same fix for every finding of a kind. */
export function fixAll(
  placed: readonly PlacedFinding[],
  { code }: Finding,
  kind: Fix['kind'],
  textOf: (line: number) => string,
): MendedLines {
  const mended = new Map<number, Fix['line']>();
  // From the last of a line to the first, no fix moves what another one is about.
  const alike = placed.filter(({ finding }) => finding.code === code);
  for (const { line, finding } of alike.toSorted((a, b) => b.finding.column - a.finding.column)) {
    const text = mended.has(line) ? mended.get(line) : textOf(line);
    if (typeof text !== 'string') continue;
    const fix = fixesFor(finding, text).find((one) => one.kind === kind);
    if (fix) mended.set(line, fix.line);
  }
  return mended;
}

/** All values of the column that a finding is about as text, whatever types they have; null stays null. */
export function columnAsText(texts: readonly string[], { line, finding }: PlacedFinding): MendedLines {
  const mended = new Map<number, string>();
  const root = parseTree(texts[line] ?? '');
  const value = root && findNodeAtOffset(root, finding.column - 1);
  const path = value ? getNodePath(value) : [];
  const key = path.findLast((part) => typeof part === 'string');
  if (key === undefined) return mended;
  for (const [number, text] of texts.entries()) {
    // A tree of the whole line is slow to build.
    if (!text.includes(JSON.stringify(key)) || !isRow(text)) continue;
    const values = valuesAt(parseTree(text), path).filter(({ type }) => type !== 'string' && type !== 'null');
    if (values.length > 0) mended.set(number, values.reduceRight(asText, text));
  }
  return mended;
}

/** The items of a list are one column: an index stands for all of them. */
function valuesAt(node: Node | undefined, [part, ...rest]: JSONPath): Node[] {
  if (!node) return [];
  if (part === undefined) return [node];
  if (typeof part === 'string') return valuesAt(findNodeAtLocation(node, [part]), rest);
  return node.type === 'array' ? (node.children ?? []).flatMap((item) => valuesAt(item, rest)) : [];
}

function asText(text: string, { offset, length }: Node): string {
  const written = text.slice(offset, offset + length);
  return text.slice(0, offset) + JSON.stringify(written) + text.slice(offset + length);
}
