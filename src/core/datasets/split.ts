import { join } from 'node:path';
import { DatasetError } from './errors';
import { hash53, unitHash } from './hash';
import { groupOf, keyOf, type GroupKind } from './row-keys';
import { goodRow, rowBatches, type JsonObject, type Row } from './rows';
import { LineWriters } from './writer';

/** Shares by split, in the order in which they are written: `{ train: 90, validation: 5, test: 5 }`. Any scale. */
export type Ratios<Name extends string = string> = Readonly<Record<Name, number>>;

/**
 * The split of a group, by its name alone: the same whatever else the file holds, so that rows can be added and nothing
 * moves. Shares are met on average; see `assignSplits` for small files.
 */
export function splitOf<Name extends string>(group: string, ratios: Ratios<Name>, seed = 42): Name {
  const names = namesOf(ratios);
  const total = names.reduce((sum, name) => sum + ratios[name], 0);
  let rest = unitHash(group, seed) * total;
  for (const name of names) {
    rest -= ratios[name];
    if (rest < 0) return name;
  }
  return names[0];
}

/**
 * The splits of many groups: `splitOf`, except that no split stays empty while there are groups enough, because a file
 * without rows stops trainers. The groups that must move for that are those whose hash is nearest.
 */
export function assignSplits<Name extends string>(
  groups: Iterable<string>,
  ratios: Ratios<Name>,
  seed = 42,
): Map<string, Name> {
  const assigned = new Map<string, Name>();
  for (const group of groups) assigned.set(group, splitOf(group, ratios, seed));
  const wanted = namesOf(ratios).filter((name) => ratios[name] > 0);
  for (const name of wanted) {
    const members = membersOf(assigned);
    if ((members.get(name) ?? []).length > 0) continue;
    const [largest] = [...members.values()].sort((a, b) => b.length - a.length);
    if (!largest || largest.length < 2) continue;
    const moved = largest.reduce((last, group) => (unitHash(group, seed) > unitHash(last, seed) ? group : last));
    assigned.set(moved, name);
  }
  return assigned;
}

export interface SplitRequest {
  readonly file: string;
  /** A folder for `train.jsonl`, `validation.jsonl`, … */
  readonly out: string;
  readonly ratios: Ratios;
  /**
   * A field (dotted), or `pair`, `chunk`, `document`, `instruction`. Default: rows that share a pair, a chunk or an
   * instruction stay together, whichever of them they have.
   */
  readonly groupBy?: string;
  /** A field whose values get their share in every split. Groups count under the value of their first row. */
  readonly stratifyBy?: string;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface SplitResult {
  readonly outputs: readonly { readonly split: string; readonly path: string; readonly rows: number }[];
  readonly groups: number;
  /** Rows of the largest group: a group as large as a split makes shares impossible. */
  readonly largestGroup: number;
}

/**
 * Splits a file by groups, never across. Rows are copied as written, in their order. The file is read twice.
 * @throws {DatasetError} `broken_rows`, `exists`, `empty`, `wrong_usage`
 */
export async function splitFile(request: SplitRequest): Promise<SplitResult> {
  const names = namesOf(request.ratios).filter((name) => (request.ratios[name] ?? 0) > 0);
  if (names.length < 2)
    throw new DatasetError('wrong_usage', 'A split needs at least two shares above 0, such as 90,5,5.');
  const plan = await planOf(request);
  await using writers = await LineWriters.create(names.map((name) => join(request.out, `${name}.jsonl`)));
  let index = 0;
  for await (const row of goodRows(request)) {
    const writer = writers.at(names.indexOf(plan.splitOfRow(index++)));
    if (writer.copy(row.line)) await writer.flush();
  }
  await writers.commit();
  const outputs = names.map((split, at) => ({ split, path: writers.at(at).path, rows: writers.at(at).rows }));
  return { outputs, groups: plan.groups, largestGroup: plan.largest };
}

interface Plan {
  readonly groups: number;
  readonly largest: number;
  splitOfRow(index: number): string;
}

async function planOf(request: SplitRequest): Promise<Plan> {
  const seed = request.seed ?? 42;
  const groups = new Groups();
  const strata: (string | undefined)[] = [];
  let named = false;
  for await (const { value } of goodRows(request)) {
    const keys = keysOf(value, request.groupBy);
    named ||= keys.length > 0;
    groups.add(keys);
    if (request.stratifyBy !== undefined) strata.push(groupOf(value, request.stratifyBy));
  }
  if (groups.rows === 0) throw new DatasetError('empty', `${request.file} has no rows to split.`);
  if (!named && request.groupBy !== undefined) throw noField(request.file, request.groupBy);
  if (request.stratifyBy !== undefined && strata.every((stratum) => stratum === undefined)) {
    throw noField(request.file, request.stratifyBy);
  }
  const { names, sizes, ofRow } = groups.resolve();
  const assigned =
    request.stratifyBy === undefined
      ? assignSplits(names, request.ratios, seed)
      : stratified(names, ofRow, strata, request.ratios, seed);
  return {
    groups: names.length,
    largest: sizes.reduce((most, size) => Math.max(most, size), 0),
    splitOfRow: (index) => assigned.get(names[ofRow[index] ?? 0] ?? '') ?? '',
  };
}

function noField(file: string, name: string): DatasetError {
  return new DatasetError('wrong_usage', `No row of ${file} has ${name}. Name a field that the rows have.`);
}

/** Per stratum the groups in the order of their hash, cut at the shares: exact, and only rows at the cuts ever move. */
function stratified(
  names: readonly string[],
  ofRow: Int32Array,
  strata: readonly (string | undefined)[],
  ratios: Ratios,
  seed: number,
): Map<string, string> {
  const stratumOf = new Map<number, string>();
  for (const [row, group] of ofRow.entries()) if (!stratumOf.has(group)) stratumOf.set(group, strata[row] ?? '');
  const members = new Map<string, string[]>();
  for (const [group, stratum] of stratumOf) {
    const list = members.get(stratum) ?? [];
    list.push(names[group] ?? '');
    members.set(stratum, list);
  }
  const total = namesOf(ratios).reduce((sum, name) => sum + (ratios[name] ?? 0), 0);
  const assigned = new Map<string, string>();
  for (const list of members.values()) {
    const ordered = list.map((group) => ({ group, at: unitHash(group, seed) })).sort((a, b) => a.at - b.at);
    for (const [rank, { group }] of ordered.entries()) {
      let rest = ((rank + 0.5) / ordered.length) * total;
      const split = namesOf(ratios).find((name) => (rest -= ratios[name] ?? 0) < 0);
      assigned.set(group, split ?? namesOf(ratios)[0]);
    }
  }
  return assigned;
}

const DEFAULT_KINDS: readonly GroupKind[] = ['pair', 'chunk', 'instruction'];
const KINDS: readonly string[] = ['pair', 'chunk', 'document', 'instruction'] satisfies GroupKind[];

function keysOf(row: JsonObject, groupBy: string | undefined): string[] {
  if (groupBy !== undefined && !isKind(groupBy)) {
    const group = groupOf(row, groupBy);
    return group === undefined ? [] : [`${groupBy}\u0000${group}`];
  }
  const kinds = groupBy === undefined ? DEFAULT_KINDS : [groupBy];
  return kinds.flatMap((kind) => {
    const key = keyOf(row, kind);
    return key === undefined ? [] : [`${kind}\u0000${key}`];
  });
}

function isKind(name: string): name is GroupKind {
  return KINDS.includes(name);
}

/** Rows joined by the keys they share (union-find). A group is named by its first row's first key. */
class Groups {
  rows = 0;
  private readonly parents: number[] = [];
  private readonly names: string[] = [];
  private readonly owners = new Map<number, number>();

  add(keys: readonly string[]): void {
    const row = this.rows++;
    this.parents.push(row);
    // A row without any key is a group of its own, named by its place.
    this.names.push(keys[0] ?? `row\u0000${row}`);
    for (const key of keys) {
      const hash = hash53(key);
      const owner = this.owners.get(hash);
      if (owner === undefined) this.owners.set(hash, row);
      else this.join(owner, row);
    }
  }

  resolve(): { names: string[]; sizes: number[]; ofRow: Int32Array } {
    const ofRow = new Int32Array(this.rows);
    const numbers = new Map<number, number>();
    const names: string[] = [];
    const sizes: number[] = [];
    for (let row = 0; row < this.rows; row++) {
      const root = this.find(row);
      const number = numbers.get(root) ?? names.length;
      if (number === names.length) {
        numbers.set(root, number);
        names.push(this.names[root] ?? '');
        sizes.push(0);
      }
      ofRow[row] = number;
      sizes[number] = (sizes[number] ?? 0) + 1;
    }
    return { names, sizes, ofRow };
  }

  private join(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    // The earliest row stays the root: its name does not change when rows are added behind it.
    this.parents[Math.max(first, second)] = Math.min(first, second);
  }

  private find(row: number): number {
    let root = row;
    while (this.parents[root] !== root) {
      const parent = this.parents[root] ?? root;
      this.parents[root] = this.parents[parent] ?? parent;
      root = parent;
    }
    return root;
  }
}

async function* goodRows(request: SplitRequest): AsyncGenerator<Row> {
  for await (const batch of rowBatches(request.file, request.signal)) {
    for (const row of batch) yield goodRow(row, request.file);
  }
}

function membersOf<Name>(assigned: ReadonlyMap<string, Name>): Map<Name, string[]> {
  const members = new Map<Name, string[]>();
  for (const [group, name] of assigned) {
    const list = members.get(name);
    if (list) list.push(group);
    else members.set(name, [group]);
  }
  return members;
}

function namesOf<Name extends string>(ratios: Ratios<Name>): [Name, ...Name[]] {
  const names = Object.keys(ratios).filter((name): name is Name => name in ratios);
  const [first, ...rest] = names;
  if (first === undefined) throw new DatasetError('wrong_usage', 'A split needs shares, such as 90,5,5.');
  return [first, ...rest];
}
