import { DatasetError } from '../errors';
import { fieldOf, groupOf } from '../row-keys';
import { rowBatches, type JsonObject, type Row } from '../rows';
import { checkFiles, type CheckRequest, type CheckResult } from './check';
import type { GateRules } from './gate-rules';
import type { Problem } from './problem';

/** One rule of the gate, and whether the data keeps it. */
export interface GateTest {
  /** `schema`, `thresholds.min_rows`, `balance.difficulty`, `rows.<name>`, `no-leak`. */
  readonly name: string;
  readonly pass: boolean;
  readonly message: string;
  /** The first rows that break it. */
  readonly lines: readonly number[];
}

export interface GateResult {
  readonly tests: readonly GateTest[];
  /** Of the check that the rules asked for, and the broken rules as problems beside them. */
  readonly check: CheckResult;
}

/** As many failing rows as anybody opens. */
const NAMED = 20;

/** @throws {DatasetError} `wrong_usage` for an expression that cannot be read */
export async function runGate(
  file: string,
  rules: GateRules,
  request: Omit<CheckRequest, 'files'> = {},
): Promise<GateResult> {
  const rowTests = [...schemaTests(rules), ...(await expressionTests(rules))];
  const balances = rules.balance.map((balance) => ({ ...balance, counts: new Map<string, number>() }));
  let rows = 0;
  for await (const batch of rowBatches(file, request.signal)) {
    for (const row of batch) {
      if (!('value' in row)) continue;
      rows++;
      for (const test of rowTests) test.see(row);
      for (const { field, counts } of balances) {
        const value = groupOf(row.value, field) ?? '';
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
  }
  const check = await checkFiles({ ...checkRequest(rules), ...request, files: [file] });
  const tests = [
    ...thresholdTests(rules, check),
    ...rowTests.map((test) => test.result(rows)),
    ...balances.flatMap(({ field, counts, min_share, max_share }) =>
      balanceTest(field, counts, rows, min_share, max_share),
    ),
    ...leakTest(rules, check),
  ];
  return { tests, check: withBroken(check, tests, file) };
}

function checkRequest(rules: GateRules): Omit<CheckRequest, 'files'> {
  return {
    ...(rules.format === undefined ? {} : { format: rules.format }),
    ...(rules.target === undefined ? {} : { target: rules.target }),
    ...(rules.max_tokens === undefined ? {} : { maxTokens: rules.max_tokens }),
    ...(rules.test_file === undefined ? {} : { testFile: rules.test_file }),
  };
}

/** A condition on every row. */
class RowTest {
  private readonly lines: number[] = [];
  private failed = 0;
  private reason = '';

  constructor(
    private readonly name: string,
    /** Undefined when the row keeps the rule, else why not. */
    private readonly broken: (row: JsonObject) => string | undefined,
    private readonly atLeast = 1,
  ) {}

  see(row: Row): void {
    const reason = this.broken(row.value);
    if (reason === undefined) return;
    if (this.failed++ === 0) this.reason = reason;
    if (this.lines.length < NAMED) this.lines.push(row.line.number);
  }

  result(rows: number): GateTest {
    const kept = rows === 0 ? 1 : 1 - this.failed / rows;
    const pass = kept >= this.atLeast;
    const many = `${this.failed} of ${rows} rows: ${this.reason}`;
    return { name: this.name, pass, message: this.failed === 0 ? 'Every row keeps it.' : many, lines: this.lines };
  }
}

function schemaTests({ schema }: GateRules): RowTest[] {
  if (!schema) return [];
  const broken = (row: JsonObject): string | undefined => {
    for (const field of schema.required) if (fieldOf(row, field) === undefined) return `${field} is missing.`;
    for (const [field, type] of Object.entries(schema.types)) {
      const value = fieldOf(row, field);
      if (value !== undefined && value !== null && typeOf(value) !== type) return `${field} is no ${type}.`;
    }
    for (const [field, values] of Object.entries(schema.values)) {
      const value = fieldOf(row, field);
      if (value !== undefined && !values.some((allowed) => allowed === value)) {
        return `${field} is ${JSON.stringify(value)}, none of ${values.join(', ')}.`;
      }
    }
    return undefined;
  };
  return [new RowTest('schema', broken)];
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}

async function expressionTests({ rows }: GateRules): Promise<RowTest[]> {
  if (rows.length === 0) return [];
  const { Environment } = await import('@marcbachmann/cel-js');
  const environment = new Environment().registerVariable('row', 'map');
  return rows.map(({ name, expression, message, at_least }) => {
    const evaluate = compile(() => environment.parse(expression), name);
    const broken = (row: JsonObject): string | undefined => {
      try {
        const value: unknown = evaluate({ row });
        return value === true ? undefined : (message ?? `${expression} does not hold.`);
      } catch (error) {
        return `${expression}: ${firstLine(error)}`;
      }
    };
    return new RowTest(`rows.${name}`, broken, at_least);
  });
}

function compile<Compiled>(parse: () => Compiled, name: string): Compiled {
  try {
    return parse();
  } catch (error) {
    throw new DatasetError('wrong_usage', `The rule ${name} cannot be read: ${firstLine(error)}`);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function thresholdTests({ thresholds }: GateRules, { problems, totals }: CheckResult): GateTest[] {
  const test = (
    name: string,
    value: number,
    bound: number,
    most: boolean,
    lines: readonly number[] = [],
  ): GateTest => ({
    name: `thresholds.${name}`,
    pass: most ? value <= bound : value >= bound,
    message: `${round(value)}, ${most ? 'at most' : 'at least'} ${round(bound)} wanted.`,
    lines,
  });
  const linesOf = (wanted: (problem: Problem) => boolean) =>
    problems
      .filter(wanted)
      .slice(0, NAMED)
      .map(({ line }) => line);
  const { min_rows, max_rows, max_errors, max_warnings, max } = thresholds;
  return [
    ...(min_rows === undefined ? [] : [test('min_rows', totals.rows, min_rows, false)]),
    ...(max_rows === undefined ? [] : [test('max_rows', totals.rows, max_rows, true)]),
    test(
      'max_errors',
      totals.errors,
      max_errors,
      true,
      linesOf(({ severity }) => severity === 'error'),
    ),
    ...(max_warnings === undefined
      ? []
      : [
          test(
            'max_warnings',
            totals.warnings,
            max_warnings,
            true,
            linesOf(({ severity }) => severity === 'warning'),
          ),
        ]),
    ...Object.entries(max).map(([code, bound]) => {
      const value = (totals.by_code[code] ?? 0) / Math.max(1, totals.rows);
      return test(
        `max.${code}`,
        value,
        bound,
        true,
        linesOf((problem) => problem.code === code),
      );
    }),
  ];
}

function balanceTest(
  field: string,
  counts: ReadonlyMap<string, number>,
  rows: number,
  min: number,
  max: number,
): GateTest[] {
  const off = [...counts].filter(([, count]) => count / rows < min || count / rows > max);
  const message = off.map(([value, count]) => `${value || '(none)'} has ${round(count / rows)}`).join(', ');
  return [
    {
      name: `balance.${field}`,
      pass: off.length === 0 && rows > 0,
      message: off.length === 0 ? `Every value keeps ${min} to ${max}.` : `${message}; ${min} to ${max} wanted.`,
      lines: [],
    },
  ];
}

function leakTest({ test_file }: GateRules, { problems, totals }: CheckResult): GateTest[] {
  if (test_file === undefined) return [];
  const leaks = totals.by_code['leak'] ?? 0;
  const lines = problems.filter(({ code }) => code === 'leak').map(({ line }) => line);
  return [
    {
      name: 'no-leak',
      pass: leaks === 0,
      message: `${leaks} rows give a held-out row away.`,
      lines: lines.slice(0, NAMED),
    },
  ];
}

/** A broken rule is a problem like any other: at its first row, or at the file's beginning. */
function withBroken(check: CheckResult, tests: readonly GateTest[], file: string): CheckResult {
  // Errors speak for themselves: that there are some is no further problem.
  const broken = tests.filter(({ name, pass }) => !pass && name !== 'thresholds.max_errors');
  const problems = broken.map(({ name, message, lines }): Problem => ({
    file,
    line: lines[0] ?? 1,
    column: 1,
    endColumn: 2,
    code: `rule:${name}`,
    severity: 'error',
    message: `The rule ${name} does not hold: ${message}`,
  }));
  const by_code = { ...check.totals.by_code, ...Object.fromEntries(broken.map(({ name }) => [`rule:${name}`, 1])) };
  return {
    problems: [...check.problems, ...problems],
    totals: { ...check.totals, errors: check.totals.errors + broken.length, by_code },
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
