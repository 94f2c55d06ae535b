import { stat } from 'node:fs/promises';
import { scanFile, type ScannedBlock } from '../blocks';
import { Deduplicator } from '../dedupe';
import type { RowFormat } from '../formats';
import { isBlank, type Line } from '../lines';
import { parseLine, type Row } from '../rows';
import { ColumnTypes } from '../schema';
import { formatFinding, shapeOfRow, typeFindings } from './across-rows';
import { checkScan, type CheckedBlock } from './check-scan';
import { LanguageSample } from './languages';
import { locate } from './locate';
import { rules, type Finding, type Problem, type RuleCode } from './problem';
import { targetRules, type CheckTarget } from './targets';

export interface CheckRequest {
  readonly files: readonly string[];
  readonly format?: RowFormat;
  readonly target?: CheckTarget;
  /** Tokens that a row may have. */
  readonly maxTokens?: number;
  /** Held-out rows that must not be given away. */
  readonly testFile?: string;
  /** Also what the text says: duplicates, secrets, personal data, encoding, languages. Default true. */
  readonly content?: boolean;
  /** Count tokens even where nothing limits them. */
  readonly tokens?: boolean;
  /** As many problems of one rule in one file are listed; all are counted. Default 100. */
  readonly listed?: number;
  readonly signal?: AbortSignal;
  /** Each listed problem as soon as it is found. */
  readonly onProblem?: (problem: Problem) => void;
}

export interface CheckResult {
  /** By file and line. */
  readonly problems: readonly Problem[];
  readonly totals: {
    readonly rows: number;
    readonly errors: number;
    readonly warnings: number;
    readonly by_code: Readonly<Record<string, number>>;
    /** Of all texts that would be trained on, when they were counted. */
    readonly tokens?: { readonly total: number; readonly longest: number };
  };
}

/**
 * Is this file fit to train on? Reads every file once, whatever its size, and keeps a few bytes a row.
 * @throws {DatasetError} `not_found`, `unreadable`, `not_utf8`; problems within the files are results, not errors
 */
export async function checkFiles(request: CheckRequest): Promise<CheckResult> {
  const check = new Check(request);
  for (const file of request.files) await check.file(file);
  return check.end();
}

class Check {
  private readonly report: Report;
  private readonly duplicates = new Deduplicator('exact');
  private readonly pairs = new Map<string, string>();
  private readonly sample = new LanguageSample();

  constructor(private readonly request: CheckRequest) {
    this.report = new Report(request);
  }

  async file(file: string): Promise<void> {
    const { format, target, maxTokens, testFile, tokens, content = true, files, signal } = this.request;
    const config = { file, format, target, maxTokens, testFile, tokens, content, pairs: files.length > 1 };
    const types = new ColumnTypes();
    let shape: string | undefined;
    let rows = 0;
    for await (const block of scanFile(file, checkScan, config, { signal })) {
      const { found } = block;
      for (const { line, finding, related } of found.findings) this.report.add(file, line, finding, related);
      if (!found.columns || !types.merge(found.columns)) this.types(file, block.lines(), types);
      const first = (shape ??= found.shapes[0]);
      if (first !== undefined && found.shapes.some((other) => other !== first)) this.shapes(file, block.lines(), first);
      this.halves(file, block);
      if (found.tokens) this.report.tokens(found.tokens.total, found.tokens.longest);
      this.texts(file, found);
      rows += found.rows;
    }
    await this.whole(file, rows);
    this.report.rows += rows;
  }

  async end(): Promise<CheckResult> {
    const strangers = await this.sample.strangers();
    const main = strangers ? nameOf(strangers.main) : '';
    for (const { file, line, language } of strangers?.rows ?? []) {
      const message = `The row looks like ${nameOf(language)}, most of the file is ${main}.`;
      this.report.add(file, line, { column: 1, endColumn: 2, code: 'language_mix', message });
    }
    return this.report.end();
  }

  /** Row by row: which of them do not have the types of those before. */
  private types(file: string, lines: readonly Line[], types: ColumnTypes): void {
    for (const row of goodRows(lines)) {
      for (const finding of typeFindings(row, types)) this.report.add(file, row.line.number, finding);
    }
  }

  private shapes(file: string, lines: readonly Line[], first: string): void {
    for (const { value, line } of goodRows(lines)) {
      const shape = shapeOfRow(value);
      if (shape !== undefined && shape !== first) this.report.add(file, line.number, formatFinding(line, shape, first));
    }
  }

  private halves(file: string, { found, lines }: ScannedBlock<CheckedBlock>): void {
    for (const { key, line } of found.pairs) {
      const before = this.pairs.get(key);
      if (before === undefined) this.pairs.set(key, file);
      else if (before !== file) {
        const message = `The other half of this pair is in ${before}: what one file teaches, the other would ask.`;
        const text = lines().find(({ number }) => number === line)?.text ?? '';
        this.report.add(file, line, { ...locate(text, ['meta', 'pair_id']), code: 'pair_split', message });
      }
    }
  }

  /** Rules that look at the texts of several rows. */
  private texts(file: string, { prints, numbers, lengths, sample }: CheckedBlock): void {
    for (const [row, line] of numbers.entries()) {
      const print = { low: prints[row * 2] ?? 0, high: prints[row * 2 + 1] ?? 0 };
      const duplicate = this.duplicates.add(print, file, line);
      if (!duplicate) continue;
      const { of } = duplicate;
      const where = of.file === file ? `line ${of.line}` : `${of.file}, line ${of.line}`;
      const columns = { column: 1, endColumn: (lengths[row] ?? 0) + 1 };
      this.report.add(file, line, { ...columns, code: 'duplicate', message: `The same text as ${where}.` }, of);
    }
    for (const { line, text } of sample) this.sample.add(file, line, text);
  }

  private async whole(file: string, rows: number): Promise<void> {
    const target = this.request.target;
    const limits = target ? targetRules[target] : undefined;
    const minimum = limits?.minimumRows ?? 1;
    const start = { column: 1, endColumn: 2 };
    if (rows === 0) this.report.add(file, 1, { ...start, code: 'no_rows', message: 'The file has no rows.' });
    else if (rows < minimum) {
      const message = `${rows} rows; ${target ?? 'it'} needs at least ${minimum}.`;
      this.report.add(file, 1, { ...start, code: 'too_few_rows', message });
    }
    const { size } = await stat(file);
    if (limits?.maximumBytes !== undefined && size > limits.maximumBytes) {
      const message = `${(size / 1e9).toFixed(2)} GB; ${target ?? 'it'} takes at most ${limits.maximumBytes / 1e9} GB.`;
      this.report.add(file, 1, { ...start, code: 'file_too_large', message });
    }
  }
}

/** `de` → German. */
function nameOf(language: string): string {
  return new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language;
}

function* goodRows(lines: readonly Line[]): Generator<Row> {
  for (const line of lines) {
    const row = isBlank(line) ? undefined : parseLine(line);
    if (row && 'value' in row) yield row;
  }
}

/** Counts everything and lists the first of each kind. */
class Report {
  rows = 0;
  private readonly problems: Problem[] = [];
  private readonly listed = new Map<string, number>();
  private readonly byCode = new Map<RuleCode, number>();
  private readonly severities = { error: 0, warning: 0, info: 0 };
  private tokenTotal = 0;
  private longest = -1;

  constructor(private readonly request: CheckRequest) {}

  add(file: string, line: number, finding: Finding, related?: Problem['related']): void {
    const severity = finding.severity ?? rules[finding.code];
    this.severities[severity]++;
    this.byCode.set(finding.code, (this.byCode.get(finding.code) ?? 0) + 1);
    const key = `${finding.code}\u0000${file}`;
    const count = (this.listed.get(key) ?? 0) + 1;
    this.listed.set(key, count);
    if (count > (this.request.listed ?? 100)) return;
    const problem: Problem = { file, line, ...finding, severity, ...(related ? { related } : {}) };
    this.problems.push(problem);
    this.request.onProblem?.(problem);
  }

  tokens(total: number, longest: number): void {
    this.tokenTotal += total;
    this.longest = Math.max(this.longest, longest);
  }

  end(): CheckResult {
    const order = new Map(this.request.files.map((file, index) => [file, index]));
    const problems = this.problems.toSorted(
      (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
    );
    const { error: errors, warning: warnings } = this.severities;
    const tokens = this.longest < 0 ? {} : { tokens: { total: this.tokenTotal, longest: this.longest } };
    return {
      problems,
      totals: { rows: this.rows, errors, warnings, by_code: Object.fromEntries(this.byCode), ...tokens },
    };
  }
}
