import { type Command, Option } from 'commander';
import { combineFiles } from '../../core/datasets/combine';
import type { DedupeMode } from '../../core/datasets/dedupe';
import { fraction, wholeNumber } from '../flags';
import type { CommandContext } from '../context';
import { absolute, addOutputFlags, count, type OutputFlags, outputLines, runStep, shown, shownOutputs } from './step';

interface CombineFlags extends OutputFlags {
  readonly out: string;
  readonly shuffle?: boolean;
  readonly balance?: string;
  readonly dedupe?: DedupeMode;
  readonly threshold: number;
  readonly seed: number;
}

/** `distillery combine FILE… --out FILE` */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('<file...>', 'files with the same columns')
    .requiredOption('--out <file>', 'where the rows go')
    .option('--shuffle', 'in a seeded order')
    .option('--balance <field>', 'as many rows of every value of this field as the rarest has')
    .addOption(new Option('--dedupe <mode>', 'leave out duplicates').choices(['exact', 'near']))
    .option('--threshold <0..1>', 'from this similarity on rows are twins', fraction({ min: 0.3, max: 1 }), 0.8)
    .option('--seed <n>', 'of the order and of the hashes', wholeNumber({ min: 0 }), 42)
    .action(async (files: string[], flags: CombineFlags) => run(files, flags, context));
}

async function run(files: string[], flags: CombineFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  await runStep(
    context,
    flags,
    async (signal) => {
      const result = await combineFiles({
        files: files.map((file) => absolute(io, file)),
        out: absolute(io, flags.out),
        threshold: flags.threshold,
        seed: flags.seed,
        signal,
        ...(flags.shuffle ? { shuffle: true } : {}),
        ...(flags.balance === undefined ? {} : { balance: flags.balance }),
        ...(flags.dedupe === undefined ? {} : { dedupe: flags.dedupe }),
      });
      const inputs = shownOutputs(io, result.inputs);
      const left = Object.values(result.leftOut).reduce((sum, rows) => sum + rows, 0);
      return {
        outputs: shownOutputs(io, result.outputs),
        counts: {
          read: inputs.reduce((sum, { rows }) => sum + rows, 0),
          rows: result.rows,
          exact_duplicates: result.duplicates.exact,
          near_duplicates: result.duplicates.near,
          left_out_for_balance: left,
        },
        inputs,
        left_out: result.leftOut,
      };
    },
    ({ outputs, counts, inputs }) => {
      const twins = counts.exact_duplicates + counts.near_duplicates;
      const fate = flags.dedupe ? 'left out' : 'kept; --dedupe leaves them out';
      return [
        ...inputs.map(({ path, rows }) => `${shown(io, path)}  ${count(rows, 'row')}`),
        `→ ${outputLines(outputs)}`,
        twins === 0 ? 'No duplicates.' : `${count(twins, 'duplicate')} (${fate}).`,
        ...(counts.left_out_for_balance > 0
          ? [`${count(counts.left_out_for_balance, 'row')} left out for balance.`]
          : []),
      ].join('\n');
    },
  );
}
