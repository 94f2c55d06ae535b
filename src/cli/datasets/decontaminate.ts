import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { decontaminate, type Leak } from '../../core/datasets/decontaminate';
import { fraction, wholeNumber } from '../flags';
import type { CommandContext } from '../context';
import { absolute, addOutputFlags, count, type OutputFlags, outputLines, runStep, shown, shownOutputs } from './step';

interface DecontaminateFlags extends OutputFlags {
  readonly out: string;
  readonly against: readonly string[];
  readonly ngram: number;
  readonly threshold: number;
  readonly allow?: string;
}

/** `distillery decontaminate FILE --against FILE… --out FILE` */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('<file>', 'the file to train on')
    .requiredOption('--against <file...>', 'held-out files')
    .requiredOption('--out <file>', 'where the rows go that give nothing away')
    .option('--ngram <n>', 'so many words in common are a leak', wholeNumber({ min: 2, max: 100 }), 13)
    .option('--threshold <0..1>', 'questions as similar as this are a leak', fraction({ min: 0.3, max: 1 }), 0.8)
    .option('--allow <file>', 'phrases that may be in common, one a line')
    .action(async (file: string, flags: DecontaminateFlags) => run(file, flags, context));
}

const LISTED = 1000;

async function run(file: string, flags: DecontaminateFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  await runStep(
    context,
    flags,
    async (signal) => {
      const allow = flags.allow === undefined ? [] : await phrases(absolute(io, flags.allow));
      const leaks: Leak[] = [];
      const result = await decontaminate({
        file: absolute(io, file),
        against: flags.against.map((path) => absolute(io, path)),
        out: absolute(io, flags.out),
        ngram: flags.ngram,
        threshold: flags.threshold,
        allow,
        signal,
        onLeak: (leak) => {
          if (leaks.length < LISTED) leaks.push(leak);
        },
      });
      const counts = {
        rows: result.rows,
        kept: result.rows - result.leaks,
        leaks: result.leaks,
        held_out: result.heldOut,
      };
      return { outputs: shownOutputs(io, result.outputs), counts, leaks: leaks.map((leak) => named(leak, context)) };
    },
    ({ outputs, counts, leaks }) =>
      [
        ...leaks.map(
          ({ row, against, shared, similarity }) =>
            `${row.file}:${row.line} gives ${against.file}:${against.line} away` +
            `${similarity === null ? '' : ` (${similarity.toFixed(2)})`}: “${shared}”`,
        ),
        outputLines(outputs),
        `${count(counts.leaks, 'leaking row')} left out.`,
      ].join('\n'),
  );
}

function named(leak: Leak, { io }: CommandContext): Leak {
  const place = ({ file, line }: Leak['row']) => ({ file: shown(io, file), line });
  return { ...leak, row: place(leak.row), against: place(leak.against) };
}

async function phrases(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  return text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
}
