import * as z from 'zod/mini';
import type { BlockScan, Scan } from '../blocks';
import type { LeakFinder } from '../decontaminate';
import { rowFormat, textOf, type RowFormat } from '../formats/example';
import { fingerprintOfParts } from '../hash';
import { BOM_BYTES, isBlank, type Line } from '../lines';
import { keyOf, trainingParts, trainingText } from '../row-keys';
import type { Row } from '../rows';
import { ColumnTypes, type Column } from '../schema';
import { loadTokenCounter, type CountTokens } from '../tokens';
import { LONGEST, SHORTEST } from './languages';
import { shapeOf } from './across-rows';
import { BOM, type Finding, type Problem } from './problem';
import { heldOut, leakFinding, overTokens } from './row-limits';
import { checkLine } from './row-rules';
import { findSecrets, maySecret, type SuspectLine } from './secrets';
import { checkTarget, targetRules, type CheckTarget } from './targets';
import { mojibake, personalData } from './text-rules';

export interface CheckScanConfig {
  readonly file: string;
  readonly format?: RowFormat | undefined;
  readonly target?: CheckTarget | undefined;
  readonly maxTokens?: number | undefined;
  readonly testFile?: string | undefined;
  readonly tokens?: boolean | undefined;
  readonly content: boolean;
  /** Also which pair every row is half of. */
  readonly pairs: boolean;
}

/** What is wrong with the lines of a block by themselves, and what the rules need that look at several rows. */
export interface CheckedBlock {
  readonly rows: number;
  readonly findings: readonly {
    readonly line: number;
    readonly finding: Finding;
    readonly related?: Problem['related'];
  }[];
  /** Undefined when the rows do not agree on them. */
  readonly columns: Column | undefined;
  /** In order of appearance. */
  readonly shapes: readonly string[];
  readonly pairs: readonly { readonly key: string; readonly line: number }[];
  readonly tokens: { readonly total: number; readonly longest: number } | undefined;
  /** Of the rows, where content is checked: line, length of the line, and fingerprint (`low`, `high`). */
  readonly numbers: Uint32Array;
  readonly lengths: Uint32Array;
  readonly prints: Float64Array;
  /** Texts that are long enough to tell their language. */
  readonly sample: readonly { readonly line: number; readonly text: string }[];
}

/** The part of a check that looks at lines one by one. */
export const checkScan: BlockScan<CheckScanConfig, CheckedBlock> = {
  name: 'check',
  // The content of a row takes ten times as long as its form.
  threadsFrom: ({ content, tokens, maxTokens }) => (content || tokens || maxTokens !== undefined ? 32e6 : 256e6),
  config: z.object({
    file: z.string(),
    format: z.optional(rowFormat),
    target: z.optional(checkTarget),
    maxTokens: z.optional(z.number()),
    testFile: z.optional(z.string()),
    tokens: z.optional(z.boolean()),
    content: z.boolean(),
    pairs: z.boolean(),
  }),
  prepare: async (config, signal) => {
    const { target, testFile, file } = config;
    const maxTokens = config.maxTokens ?? (target ? targetRules[target].maximumTokens : undefined);
    const count = maxTokens !== undefined || config.tokens ? await loadTokenCounter() : undefined;
    const leaks = testFile === undefined || testFile === file ? undefined : await heldOut(testFile, signal);
    return scanOf({ ...config, maxTokens }, count, leaks);
  },
};

function scanOf(
  config: CheckScanConfig,
  count: CountTokens | undefined,
  leaks: LeakFinder | undefined,
): Scan<CheckedBlock> {
  return async (lines) => {
    const block = new Block(config, lines.length);
    for (const line of lines) {
      if (line.number === 1 && line.offset === BOM_BYTES) block.find(line.number, BOM);
      if (!isBlank(line)) block.line(line, count, leaks);
    }
    return block.end();
  };
}

/** A block while it is checked. */
class Block {
  private rows = 0;
  private readonly findings: { line: number; finding: Finding; related?: Problem['related'] }[] = [];
  private readonly types = new ColumnTypes();
  private agree = true;
  private readonly shapes: string[] = [];
  private readonly pairs: { key: string; line: number }[] = [];
  private tokens: { total: number; longest: number } | undefined;
  private texts = 0;
  private readonly numbers: Uint32Array;
  private readonly lengths: Uint32Array;
  private readonly prints: Float64Array;
  private readonly sample: { line: number; text: string }[] = [];
  private readonly suspects: SuspectLine[] = [];

  constructor(
    private readonly config: CheckScanConfig,
    lines: number,
  ) {
    const most = config.content ? lines : 0;
    this.numbers = new Uint32Array(most);
    this.lengths = new Uint32Array(most);
    this.prints = new Float64Array(most * 2);
  }

  find(line: number, finding: Finding, related?: Problem['related']): void {
    this.findings.push(related ? { line, finding, related } : { line, finding });
  }

  line(line: Line, count: CountTokens | undefined, leaks: LeakFinder | undefined): void {
    this.rows++;
    const { row, findings, example } = checkLine(line, this.config);
    for (const finding of findings) this.find(line.number, finding);
    if (!('value' in row)) return;
    const { value } = row;
    if (this.agree) this.agree = this.types.observe(value).length === 0;
    const shape = example ? shapeOf(value) : undefined;
    if (shape !== undefined && !this.shapes.includes(shape)) this.shapes.push(shape);
    const pair = this.config.pairs ? keyOf(value, 'pair') : undefined;
    if (pair !== undefined) this.pairs.push({ key: pair, line: line.number });
    if (leaks) this.leak(row, leaks);
    if (count) this.count(line, count(example ? textOf(example) : trainingText(value)));
    if (this.config.content) this.text(row);
  }

  async end(): Promise<CheckedBlock> {
    for (const [line, findings] of this.suspects.length > 0 ? await findSecrets(this.suspects) : []) {
      for (const finding of findings) this.find(line, finding);
    }
    const { rows, findings, shapes, pairs, tokens, lengths, prints, sample } = this;
    const columns = this.agree ? this.types.root : undefined;
    const numbers = this.numbers.subarray(0, this.texts);
    return { rows, findings, columns, shapes, pairs, tokens, numbers, lengths, prints, sample };
  }

  private leak({ value, line }: Row, leaks: LeakFinder): void {
    const leak = leaks.find(value, { file: this.config.file, line: line.number });
    if (leak) this.find(line.number, leakFinding(leak, line.text), leak.against);
  }

  private count(line: Line, tokens: number): void {
    this.tokens ??= { total: 0, longest: 0 };
    this.tokens.total += tokens;
    this.tokens.longest = Math.max(this.tokens.longest, tokens);
    const { maxTokens } = this.config;
    if (maxTokens !== undefined && tokens > maxTokens) this.find(line.number, overTokens(line.text, tokens, maxTokens));
  }

  private text({ value, line }: Row): void {
    const parts = trainingParts(value);
    const { low, high } = fingerprintOfParts(parts, line.ascii);
    const at = this.texts++;
    this.numbers[at] = line.number;
    this.lengths[at] = line.text.length;
    this.prints[at * 2] = low;
    this.prints[at * 2 + 1] = high;
    for (const finding of mojibake(line.text)) this.find(line.number, finding);
    for (const finding of personalData(line.text)) this.find(line.number, finding);
    const text = parts.join('\n');
    if (text.length >= SHORTEST) this.sample.push({ line: line.number, text: text.slice(0, LONGEST) });
    if (maySecret(line.text)) this.suspects.push({ number: line.number, text: line.text });
  }
}
