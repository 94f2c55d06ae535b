import { type Command, Option } from 'commander';
import type { RowProblem } from '../../core/datasets/errors';
import {
  pairProblems,
  previewPairs,
  writePairs,
  type Pair,
  type PairOptions,
  type PairVariant,
} from '../../core/datasets/pairs';
import { exitCode, UsageError } from '../exit';
import { wholeNumber } from '../flags';
import type { CommandContext } from '../context';
import { absolute, addOutputFlags, count, type OutputFlags, outputLines, runStep, shown, shownOutputs } from './step';

interface PairFlags extends OutputFlags {
  readonly out?: string;
  readonly validate?: boolean;
  readonly preview?: number;
  readonly sourceLabel?: string;
  readonly variant: PairVariant;
}

/** `distillery pairs FILE… --out FILE` */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('<file...>', 'rows in any training format')
    .option('--out <file>', 'where the pairs go')
    .option('--validate', 'name every row that cannot be reversed; with --out, write only when there is none')
    .option('--preview <n>', 'show the first n pairs and write nothing', wholeNumber({ min: 1 }))
    .option('--source-label <label>', 'meta.source is <label>_bidirectional (default: the name of the file)')
    .addOption(
      new Option('--variant <variant>', 'the reverse shows the response alone, or with its context')
        .choices(['plain', 'context'])
        .default('plain'),
    )
    .action(async (files: string[], flags: PairFlags) => run(files, flags, context));
}

async function run(files: string[], flags: PairFlags, context: CommandContext): Promise<void> {
  const paths = files.map((file) => absolute(context.io, file));
  const options: PairOptions = {
    variant: flags.variant,
    ...(flags.sourceLabel === undefined ? {} : { label: flags.sourceLabel }),
  };
  const { preview, out } = flags;
  if (preview !== undefined) return showPairs(paths, options, preview, flags, context);
  if (flags.validate) {
    const valid = await validate(paths, flags, context);
    if (!valid || out === undefined) return;
  }
  if (out === undefined)
    throw new UsageError('Say where the pairs go with --out FILE, or look at them with --preview 3.');
  await runStep(
    context,
    flags,
    async (signal) => {
      const { outputs, pairs } = await writePairs(paths, absolute(context.io, out), options, signal);
      return { outputs: shownOutputs(context.io, outputs), counts: { rows: pairs, pairs: pairs * 2 } };
    },
    ({ outputs, counts }) => `${outputLines(outputs)}\n${count(counts.rows, 'row')} forward and in reverse.`,
  );
}

const LISTED = 1000;

async function validate(paths: readonly string[], flags: PairFlags, context: CommandContext): Promise<boolean> {
  const problems: RowProblem[] = [];
  let total = 0;
  const list = async (signal: AbortSignal) => {
    for (const file of paths) {
      for await (const problem of pairProblems(file, signal)) {
        total++;
        if (problems.length < LISTED) problems.push({ ...problem, file: shown(context.io, problem.file) });
      }
    }
    return { problems, counts: { bad_rows: total } };
  };
  const asText = () =>
    [...problems.map(describe), total === 0 ? 'Every row can be reversed.' : count(total, 'bad row')].join('\n');
  // One JSON object on stdout: when the pairs are written too, they are the result.
  if (flags.out !== undefined && flags.json) await list(new AbortController().signal);
  else await runStep(context, flags, list, asText);
  if (total > 0) context.exit(exitCode.gate);
  if (total > 0 && flags.out !== undefined && flags.json) {
    context.io.stdout.write(`${JSON.stringify({ problems, counts: { bad_rows: total } })}\n`);
  }
  return total === 0;
}

async function showPairs(
  paths: readonly string[],
  options: PairOptions,
  limit: number,
  flags: PairFlags,
  context: CommandContext,
): Promise<void> {
  await runStep(
    context,
    flags,
    async (signal) => {
      const pairs: (Pair | RowProblem)[] = [];
      for (const file of paths) {
        for await (const pair of previewPairs(file, options, signal)) {
          if (pairs.length >= limit) break;
          pairs.push(pair);
        }
      }
      return { outputs: [], counts: { pairs: pairs.length }, preview: pairs };
    },
    ({ preview }) => preview.map(showPair).join('\n\n'),
  );
}

function showPair(pair: Pair | RowProblem): string {
  if ('message' in pair) return describe(pair);
  const side = ({ instruction, input, output }: Pair['forward']) =>
    [
      `  instruction  ${instruction}`,
      ...(input === '' ? [] : [`  input        ${input}`]),
      `  output       ${output}`,
    ].join('\n');
  return `line ${pair.line}, forward\n${side(pair.forward)}\nline ${pair.line}, reverse\n${side(pair.reverse)}`;
}

function describe({ file, line, column, message }: RowProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}
