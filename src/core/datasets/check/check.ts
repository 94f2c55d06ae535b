import { stat } from 'node:fs/promises';
import { LeakFinder } from '../decontaminate';
import { Deduplicator } from '../dedupe';
import { textOf, type RowFormat } from '../formats';
import type { Line } from '../lines';
import { isBlank } from '../lines';
import { keyOf, trainingText } from '../row-keys';
import { datasetLines, readRows, type Row } from '../rows';
import { ColumnTypes } from '../schema';
import { loadTokenCounter, type CountTokens } from '../tokens';
import { LanguageSample } from './languages';
import { locate } from './locate';
import { rules, type Finding, type Problem, type RuleCode } from './problem';
import { checkLine } from './row-rules';
import { findSecrets, maySecret, type SuspectLine } from './secrets';
import { targetRules, type CheckTarget } from './targets';
import { mojibake, personalData } from './text-rules';

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
  const check = await Check.prepare(request);
  for (const file of request.files) await check.file(file);
  return check.end();
}

/** Lines that wait for the secret scanner, in characters. */
const SUSPECTS = 1 << 18;

class Check {
  private readonly report: Report;
  private readonly content: boolean;
  private readonly maxTokens: number | undefined;
  private readonly duplicates = new Deduplicator('exact');
  private readonly pairs = new Map<string, string>();
  private readonly sample = new LanguageSample();
  private suspects: SuspectLine[] = [];
  private suspectLength = 0;

  private constructor(
    private readonly request: CheckRequest,
    private readonly countTokens: CountTokens | undefined,
    private readonly leaks: LeakFinder | undefined,
  ) {
    this.report = new Report(request);
    this.content = request.content ?? true;
    this.maxTokens = request.maxTokens ?? (request.target ? targetRules[request.target].maximumTokens : undefined);
  }

  static async prepare(request: CheckRequest): Promise<Check> {
    const limit = request.maxTokens ?? (request.target ? targetRules[request.target].maximumTokens : undefined);
    const count = limit !== undefined || request.tokens === true ? await loadTokenCounter() : undefined;
    return new Check(
      request,
      count,
      request.testFile === undefined ? undefined : await heldOut(request, request.testFile),
    );
  }

  async file(file: string): Promise<void> {
    const types = new ColumnTypes();
    let format: string | undefined;
    let rows = 0;
    for await (const lines of datasetLines(file, this.request.signal)) {
      for (const line of lines) {
        if (line.number === 1 && line.offset === 3) this.report.add(file, line.number, BOM);
        if (isBlank(line)) continue;
        rows++;
        const { row, findings, example } = checkLine(line, this.request);
        for (const finding of findings) this.report.add(file, line.number, finding);
        if (!('value' in row)) continue;
        for (const { path, expected, found } of types.observe(row.value)) {
          const message = `${path.join('.')} is of type ${found}, but ${expected} in the rows before.`;
          this.report.add(file, line.number, { ...locate(line.text, path), code: 'mixed_types', message });
        }
        const shape = example ? shapeOf(row) : undefined;
        format ??= shape;
        if (shape !== undefined && shape !== format) {
          this.report.add(
            file,
            line.number,
            wholeRow(line, 'mixed_format', `The row is ${shape}, but the file began as ${format}.`),
          );
        }
        this.dataset(file, row);
        if (this.countTokens)
          this.tokens(file, row, example ? textOf(example) : trainingText(row.value), this.countTokens);
        if (this.content) await this.text(file, row);
      }
    }
    await this.scanSuspects(file);
    await this.whole(file, rows);
    this.report.rows += rows;
  }

  end(): CheckResult {
    const strangers = this.content ? this.sample.strangers() : undefined;
    for (const { file, line, language } of strangers?.rows ?? []) {
      const message = `The row looks like ${language}, most of the file is ${strangers?.main ?? ''}.`;
      this.report.add(file, line, { column: 1, endColumn: 2, code: 'language_mix', message });
    }
    return this.report.end();
  }

  /** Rules that look at several rows. */
  private dataset(file: string, row: Row): void {
    const { line, value } = row;
    const pair = keyOf(value, 'pair');
    if (pair !== undefined && this.request.files.length > 1) {
      const before = this.pairs.get(pair);
      if (before === undefined) this.pairs.set(pair, file);
      else if (before !== file) {
        const message = `The other half of this pair is in ${before}: what one file teaches, the other would ask.`;
        this.report.add(file, line.number, { ...locate(line.text, ['meta', 'pair_id']), code: 'pair_split', message });
      }
    }
    const leak = file === this.request.testFile ? undefined : this.leaks?.find(value, { file, line: line.number });
    if (leak) {
      const shared = leak.shared.length > 120 ? `${leak.shared.slice(0, 120)}…` : leak.shared;
      const message = `Gives a held-out row away (${leak.against.file}, line ${leak.against.line}): “${shared}”`;
      this.report.add(file, line.number, wholeRow(line, 'leak', message), leak.against);
    }
  }

  private tokens(file: string, { line }: Row, text: string, count: CountTokens): void {
    const tokens = count(text);
    this.report.tokens(tokens);
    if (this.maxTokens === undefined || tokens <= this.maxTokens) return;
    const message = `The row has ${tokens} tokens, more than ${this.maxTokens}: it would be cut without a word.`;
    this.report.add(file, line.number, wholeRow(line, 'over_tokens', message));
  }

  private async text(file: string, row: Row): Promise<void> {
    const { line } = row;
    const duplicate = this.duplicates.add(row, file);
    if (duplicate) {
      const where =
        duplicate.of.file === file ? `line ${duplicate.of.line}` : `${duplicate.of.file}, line ${duplicate.of.line}`;
      this.report.add(file, line.number, wholeRow(line, 'duplicate', `The same text as ${where}.`), duplicate.of);
    }
    for (const finding of [...mojibake(line.text), ...personalData(line.text)])
      this.report.add(file, line.number, finding);
    this.sample.add(file, line.number, trainingText(row.value));
    if (!maySecret(line.text)) return;
    this.suspects.push({ number: line.number, text: line.text });
    this.suspectLength += line.text.length;
    if (this.suspectLength > SUSPECTS) await this.scanSuspects(file);
  }

  private async scanSuspects(file: string): Promise<void> {
    if (this.suspects.length === 0) return;
    const found = await findSecrets(this.suspects);
    this.suspects = [];
    this.suspectLength = 0;
    for (const [line, findings] of found) for (const finding of findings) this.report.add(file, line, finding);
  }

  private async whole(file: string, rows: number): Promise<void> {
    const target = this.request.target;
    const limits = target ? targetRules[target] : undefined;
    const minimum = limits?.minimumRows ?? 1;
    const start = { column: 1, endColumn: 2 };
    if (rows === 0) this.report.add(file, 1, { ...start, code: 'no_rows', message: 'The file has no rows.' });
    else if (rows < minimum) {
      this.report.add(file, 1, {
        ...start,
        code: 'too_few_rows',
        message: `${rows} rows; ${target ?? 'it'} needs at least ${minimum}.`,
      });
    }
    const { size } = await stat(file);
    if (limits?.maximumBytes !== undefined && size > limits.maximumBytes) {
      const message = `${(size / 1e9).toFixed(2)} GB; ${target ?? 'it'} takes at most ${limits.maximumBytes / 1e9} GB.`;
      this.report.add(file, 1, { ...start, code: 'file_too_large', message });
    }
  }
}

const BOM: Finding = {
  column: 1,
  endColumn: 2,
  code: 'bom',
  message: 'The file begins with a byte-order mark, on which some readers stumble. Save it as UTF-8 without one.',
};

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

  tokens(count: number): void {
    this.tokenTotal += count;
    this.longest = Math.max(this.longest, count);
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

async function heldOut(request: CheckRequest, file: string): Promise<LeakFinder> {
  const finder = new LeakFinder();
  for await (const { value, line } of readRows(file, request.signal)) finder.hold(value, { file, line: line.number });
  return finder;
}

/** Formats that a trainer reads alike are one. */
function shapeOf({ value }: Row): string {
  if ('messages' in value) return 'messages';
  if ('conversations' in value) return 'sharegpt';
  if ('chosen' in value) return 'preference';
  return 'completion' in value && !('instruction' in value) ? 'prompt-completion' : 'alpaca';
}

function wholeRow(line: Line, code: RuleCode, message: string): Finding {
  return { column: 1, endColumn: line.text.length + 1, code, message };
}
