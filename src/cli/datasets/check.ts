import { stat } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { checkFiles, type CheckRequest } from '../../core/datasets/check/check';
import { runGate, type GateTest } from '../../core/datasets/check/gate';
import { rulesBeside } from '../../core/datasets/check/gate-rules';
import type { Problem } from '../../core/datasets/check/problem';
import { checkTarget, type CheckTarget } from '../../core/datasets/check/targets';
import { rowFormat, type RowFormat } from '../../core/datasets/formats';
import { exitCode } from '../exit';
import { wholeNumber } from '../flags';
import { say } from '../io';
import type { CommandContext } from '../context';
import { absolute, addOutputFlags, count, type OutputFlags, runStep, shown } from './step';

interface CheckFlags extends OutputFlags {
  readonly format?: RowFormat;
  readonly target?: CheckTarget;
  readonly maxTokens?: number;
  readonly testFile?: string;
  readonly content: boolean;
  readonly tokens?: boolean;
  readonly rules: boolean;
}

/** `distillery check FILE…` */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('<file...>', '.jsonl, .json or .parquet, also packed (.gz, .zst)')
    .addOption(new Option('--format <format>', 'the format that every row must be in').choices(rowFormat.options))
    .addOption(new Option('--target <who>', 'also the rules of that trainer or provider').choices(checkTarget.options))
    .option('--max-tokens <n>', 'the most tokens that a row may have', wholeNumber({ min: 1 }))
    .option('--test-file <file>', 'held-out rows that must not be given away')
    .option('--tokens', 'count tokens even where nothing limits them')
    .option('--no-content', 'structure only: no duplicates, secrets, personal data, encodings, languages')
    .option('--no-rules', 'leave the rules in distillery.rules.yaml beside the data aside')
    .action(async (files: string[], flags: CheckFlags) => run(files, flags, context));
}

async function run(files: string[], flags: CheckFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  await runStep(
    context,
    flags,
    async (signal) => {
      const paths = [...new Set(files.map((file) => absolute(io, file)))];
      const request: Omit<CheckRequest, 'files'> = {
        content: flags.content,
        signal,
        ...(flags.format === undefined ? {} : { format: flags.format }),
        ...(flags.target === undefined ? {} : { target: flags.target }),
        ...(flags.maxTokens === undefined ? {} : { maxTokens: flags.maxTokens }),
        ...(flags.testFile === undefined ? {} : { testFile: absolute(io, flags.testFile) }),
        ...(flags.tokens ? { tokens: true } : {}),
        // On a long file the first of each kind are worth more than all of them at the end.
        ...(!flags.quiet && (flags.json || (await areLong(paths))) ? { onProblem: firstOfEach(context) } : {}),
      };
      const { problems, totals } = await checkFiles({ ...request, files: paths });
      const gates = flags.rules ? await gatesOf(paths, request) : [];
      const broken = gates.flatMap(({ problems: found }) => found);
      const by_code = { ...totals.by_code };
      for (const { code } of broken) by_code[code] = (by_code[code] ?? 0) + 1;
      const all = [...problems, ...broken].map((problem) => named(problem, context));
      const errors = totals.errors + broken.length;
      if (errors > 0) context.exit(exitCode.gate);
      const tests = gates.map(({ file, tests: held }) => ({ file: shown(io, file), tests: held }));
      return { problems: all, totals: { ...totals, errors, by_code }, ...(tests.length > 0 ? { gates: tests } : {}) };
    },
    ({ problems, totals }) =>
      [
        ...problems.map(describe),
        `${count(totals.rows, 'row')}, ${count(totals.errors, 'error')}, ${count(totals.warnings, 'warning')}` +
          (totals.tokens ? `, ${count(totals.tokens.total, 'token')} (longest row ${totals.tokens.longest})` : ''),
        ...Object.entries(totals.by_code).map(([code, found]) => `  ${code} ${found}`),
      ].join('\n'),
  );
}

interface Gate {
  readonly file: string;
  readonly tests: readonly GateTest[];
  readonly problems: readonly Problem[];
}

/** The quality gates that lie beside the files. */
async function gatesOf(paths: readonly string[], request: Omit<CheckRequest, 'files'>): Promise<Gate[]> {
  const gates: Gate[] = [];
  for (const file of paths) {
    const beside = await rulesBeside(file);
    if (!beside || beside.rules.test_file === file) continue;
    const { signal } = request;
    const { check, tests } = await runGate(file, beside.rules, signal ? { signal } : {});
    gates.push({ file, tests, problems: check.problems.filter(({ code }) => code.startsWith('rule:')) });
  }
  return gates;
}

/** Whether a person would wait for the list of problems. */
async function areLong(paths: readonly string[]): Promise<boolean> {
  // A file that is not there is a matter for the check itself.
  const sizes = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0) > 32e6;
}

function firstOfEach(context: CommandContext): (problem: Problem) => void {
  const seen = new Set<string>();
  return (problem) => {
    if (seen.has(problem.code)) return;
    seen.add(problem.code);
    say(context.io, describe(named(problem, context)));
  };
}

function named(problem: Problem, { io }: CommandContext): Problem {
  const { related } = problem;
  const place = related ? { related: { file: shown(io, related.file), line: related.line } } : {};
  return { ...problem, file: shown(io, problem.file), ...place };
}

function describe({ file, line, column, severity, code, message }: Problem): string {
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}`;
}
