import { formatOf } from '../formats';
import { fingerprint } from '../hash';
import { isBlank, type Line } from '../lines';
import { trainingText } from '../row-keys';
import type { Finding } from './problem';
import { checkLine, type RowRuleOptions } from './row-rules';
import { findSecrets, maySecret, type SuspectLine } from './secrets';
import { mojibake, personalData } from './text-rules';

interface CheckedLine {
  readonly text: string;
  readonly findings: readonly Finding[];
  /** Of the text that would be trained on; undefined when the line is no row. */
  readonly print: string | undefined;
  readonly known: boolean;
  /** Secrets are looked for later, many lines at a time. */
  secrets: readonly Finding[] | undefined;
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

  constructor(private readonly options: RowRuleOptions = {}) {}

  /** Puts lines in the place of others, as an edit does. */
  replace(start: number, removed: number, texts: readonly string[]): void {
    const fresh = texts.map((text) => this.check(text));
    this.lines = [...this.lines.slice(0, start), ...fresh, ...this.lines.slice(start + removed)];
  }

  /** Whether the text looks like rows to train on: most of its first lines are in a format that is known. */
  looksLikeTraining(): boolean {
    const first = this.lines.filter(({ text }) => text.trim() !== '').slice(0, 20);
    return first.length > 0 && first.filter(({ known }) => known).length * 2 >= first.length;
  }

  /** Looks for secrets in lines that were not looked at yet. */
  async scanSecrets(): Promise<void> {
    const open = this.lines.filter((line) => line.secrets === undefined);
    if (open.length === 0) return;
    const suspects = open.map((line, number): SuspectLine => ({ number, text: line.text }));
    const found = await findSecrets(suspects);
    for (const [number, line] of open.entries()) line.secrets = found.get(number) ?? [];
  }

  findings(): PlacedFinding[] {
    const placed: PlacedFinding[] = [];
    const first = new Map<string, number>();
    for (const [line, { findings, secrets, print, text }] of this.lines.entries()) {
      for (const finding of [...findings, ...(secrets ?? [])]) placed.push({ line, finding });
      if (print === undefined) continue;
      const related = first.get(print);
      if (related === undefined) first.set(print, line);
      else placed.push({ line, finding: duplicate(text, related), related });
    }
    return placed;
  }

  private check(text: string): CheckedLine {
    this.checked++;
    const line: Line = { number: 1, offset: 0, bytes: 0, text, ending: '' };
    if (isBlank(line)) return { text, findings: [], print: undefined, known: false, secrets: [] };
    const { row, findings } = checkLine(line, this.options);
    const all = [...findings, ...mojibake(text), ...personalData(text)];
    const secrets = maySecret(text) ? undefined : [];
    if (!('value' in row)) return { text, findings: all, print: undefined, known: false, secrets };
    const { low, high } = fingerprint(trainingText(row.value));
    return { text, findings: all, print: `${low}.${high}`, known: formatOf(row.value) !== undefined, secrets };
  }
}

function duplicate(text: string, of: number): Finding {
  return { column: 1, endColumn: text.length + 1, code: 'duplicate', message: `The same text as line ${of + 1}.` };
}
