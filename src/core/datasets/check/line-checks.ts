import { setImmediate } from 'node:timers/promises';
import type { LeakFinder } from '../decontaminate';
import { formatOf } from '../formats/read';
import { fingerprint } from '../hash';
import { isBlank, type Line } from '../lines';
import { trainingText } from '../row-keys';
import { parseLine, type Row } from '../rows';
import { ColumnTypes, type Column } from '../schema';
import type { CountTokens } from '../tokens';
import { formatFinding, shapeOf, typeFindings } from './across-rows';
import type { Finding, Severity } from './problem';
import { leakFinding, overTokens } from './row-limits';
import { checkLine, type RowRuleOptions } from './row-rules';
import { findSecrets, maySecret } from './secrets';
import { mojibake, personalData } from './text-rules';

export interface LineCheckOptions extends RowRuleOptions {
  /** Tokens that a row may have. */
  readonly maxTokens?: number | undefined;
  /** How bad more tokens are: an error where somebody has set the limit. */
  readonly tokenSeverity?: Severity | undefined;
  readonly count?: CountTokens | undefined;
  /** Held-out rows that must not be given away. */
  readonly leaks?: LeakFinder | undefined;
}

interface CheckedLine {
  readonly text: string;
  readonly findings: readonly Finding[];
  /** Undefined when the line is no row. */
  readonly row: CheckedRow | undefined;
  /** What takes longer than a keystroke, many lines at a time: secrets, tokens, leaks. */
  slow: readonly Finding[] | undefined;
}

interface CheckedRow {
  /** Of the text that would be trained on. */
  readonly print: string;
  readonly known: boolean;
  /** Undefined when the row is not one to train on. */
  readonly shape: string | undefined;
  /** The types of its columns, one object for all rows of the same types. */
  readonly columns: Column;
}

/** A finding and its line, 0-based as an editor counts. */
export interface PlacedFinding {
  readonly line: number;
  readonly finding: Finding;
  /** The first of two equal lines. */
  readonly related?: number;
}

/**
 * The checks of a text that is being edited: each line is checked once, and again only when it is edited itself.
 */
export class LineChecks {
  /** Lines that were checked so far, for those who want to know what an edit costs. */
  checked = 0;
  private lines: CheckedLine[] = [];

  private readonly columns = new Map<string, Column>();

  constructor(private readonly options: LineCheckOptions = {}) {}

  /** Puts lines in the place of others, as an edit does. */
  replace(start: number, removed: number, texts: readonly string[]): void {
    const fresh = texts.map((text) => this.check(text));
    this.lines = [...this.lines.slice(0, start), ...fresh, ...this.lines.slice(start + removed)];
  }

  /** Whether the text looks like rows to train on: most of its first lines are in a format that is known. */
  looksLikeTraining(): boolean {
    const first = this.lines.filter(({ text }) => text.trim() !== '').slice(0, 20);
    return first.length > 0 && first.filter(({ row }) => row?.known).length * 2 >= first.length;
  }

  /** Looks for secrets, leaks and rows that are too long in lines that were not looked at yet, a few at a time. */
  async scanSlowly(): Promise<void> {
    for (;;) {
      const batch = this.notLookedAt();
      if (batch.length === 0) return;
      const suspects = batch.flatMap(({ text }, number) => (maySecret(text) ? [{ number, text }] : []));
      const secrets = suspects.length > 0 ? await findSecrets(suspects) : new Map<number, Finding[]>();
      for (const [number, line] of batch.entries()) line.slow = [...(secrets.get(number) ?? []), ...this.limits(line)];
      await setImmediate();
    }
  }

  findings(): PlacedFinding[] {
    const placed: PlacedFinding[] = [];
    const prints = new Map<string, number>();
    const types = new ColumnTypes();
    const merged = new Set<Column>();
    let first: string | undefined;
    for (const [line, { findings, slow, row, text }] of this.lines.entries()) {
      for (const finding of [...findings, ...(slow ?? [])]) placed.push({ line, finding });
      if (!row) continue;
      const related = prints.get(row.print);
      if (related === undefined) prints.set(row.print, line);
      else placed.push({ line, finding: duplicate(text, related), related });
      if (!merged.has(row.columns)) {
        if (types.merge(row.columns)) merged.add(row.columns);
        else for (const finding of driftOf(text, types)) placed.push({ line, finding });
      }
      if (row.shape === undefined) continue;
      first ??= row.shape;
      if (row.shape !== first) placed.push({ line, finding: formatFinding({ text }, row.shape, first) });
    }
    return placed;
  }

  private notLookedAt(): CheckedLine[] {
    const batch: CheckedLine[] = [];
    let length = 0;
    for (const line of this.lines) {
      if (line.slow !== undefined) continue;
      batch.push(line);
      length += line.text.length;
      if (length > BATCH) break;
    }
    return batch;
  }

  private limits({ text, row }: CheckedLine): Finding[] {
    const { count, maxTokens, tokenSeverity: severity = 'error', leaks } = this.options;
    const value = row && rowOf(text)?.value;
    if (!value) return [];
    const tokens = count && maxTokens !== undefined ? count(trainingText(value)) : 0;
    const leak = leaks?.find(value, { file: '', line: 0 });
    return [
      ...(maxTokens !== undefined && tokens > maxTokens ? [{ ...overTokens(text, tokens, maxTokens), severity }] : []),
      ...(leak ? [leakFinding(leak, text)] : []),
    ];
  }

  private check(text: string): CheckedLine {
    this.checked++;
    const line = lineOf(text);
    if (isBlank(line)) return { text, findings: [], row: undefined, slow: [] };
    const { row, findings, example } = checkLine(line, this.options);
    const all = [...findings, ...mojibake(text), ...personalData(text)];
    if (!('value' in row)) return { text, findings: all, row: undefined, slow: undefined };
    const { value } = row;
    const { low, high } = fingerprint(trainingText(value));
    const checked = {
      print: `${low}.${high}`,
      known: formatOf(value) !== undefined,
      shape: example ? shapeOf(value) : undefined,
      columns: this.columnsOf(row),
    };
    return { text, findings: all, row: checked, slow: undefined };
  }

  private columnsOf({ value }: Row): Column {
    const types = new ColumnTypes();
    types.observe(value);
    const key = JSON.stringify(types.root, (_key, part: unknown) => (part instanceof Map ? [...part] : part));
    const known = this.columns.get(key) ?? types.root;
    this.columns.set(key, known);
    return known;
  }
}

/** Characters that are looked at before the editor has its turn again. */
const BATCH = 1 << 17;

function driftOf(text: string, types: ColumnTypes): Finding[] {
  const row = rowOf(text);
  return row ? typeFindings(row, types) : [];
}

function rowOf(text: string): Row | undefined {
  const row = parseLine(lineOf(text));
  return 'value' in row ? row : undefined;
}

function lineOf(text: string): Line {
  return { number: 1, offset: 0, bytes: 0, text, ending: '' };
}

function duplicate(text: string, of: number): Finding {
  return { column: 1, endColumn: text.length + 1, code: 'duplicate', message: `The same text as line ${of + 1}.` };
}
