import { type Command, InvalidArgumentError } from 'commander';
import { splitFile, type Ratios } from '../../core/datasets/split';
import { wholeNumber } from '../flags';
import { say } from '../io';
import type { CommandContext } from '../context';
import { absolute, addOutputFlags, count, type OutputFlags, outputLines, runStep, shownOutputs } from './step';

interface SplitFlags extends OutputFlags {
  readonly out: string;
  readonly ratios: Ratios;
  readonly groupBy?: string;
  readonly stratifyBy?: string;
  readonly seed: number;
}

/** `distillery split FILE --out DIR` */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('<file>', 'rows in any training format')
    .requiredOption('--out <dir>', 'the folder for train.jsonl, validation.jsonl and test.jsonl')
    .option('--ratios <shares>', 'train,validation,test or train,test', ratios, { train: 90, validation: 5, test: 5 })
    .option(
      '--group-by <field>',
      'keep rows with the same value together: a field, or pair, chunk, document, instruction (default: whatever rows share a pair, chunk or instruction)',
    )
    .option('--stratify-by <field>', 'every value of this field gets its share in every split')
    .option('--seed <n>', 'another seed, another split', wholeNumber({ min: 0 }), 42)
    .action(async (file: string, flags: SplitFlags) => run(file, flags, context));
}

function ratios(text: string): Ratios {
  const shares = text.split(',').map(Number);
  const fine = shares.every((share) => share >= 0 && Number.isFinite(share)) && shares.some((share) => share > 0);
  const [train = 0, second = 0, third] = shares;
  if (!fine || shares.length < 2 || shares.length > 3) {
    throw new InvalidArgumentError('Give two or three shares, such as 90,5,5 or 95,5.');
  }
  return third === undefined ? { train, test: second } : { train, validation: second, test: third };
}

async function run(file: string, flags: SplitFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  await runStep(
    context,
    flags,
    async (signal) => {
      const result = await splitFile({
        file: absolute(io, file),
        out: absolute(io, flags.out),
        ratios: flags.ratios,
        seed: flags.seed,
        signal,
        ...(flags.groupBy === undefined ? {} : { groupBy: flags.groupBy }),
        ...(flags.stratifyBy === undefined ? {} : { stratifyBy: flags.stratifyBy }),
      });
      const rows = result.outputs.reduce((sum, output) => sum + output.rows, 0);
      if (!flags.quiet && result.largestGroup > rows / 5 && result.groups > 1) {
        const size = count(result.largestGroup, 'row');
        say(io, `One group has ${size} of ${rows}: the shares cannot be met. Another --group-by may fit better.`);
      }
      const counts: Record<string, number> = { rows, groups: result.groups, largest_group: result.largestGroup };
      for (const { split, rows: part } of result.outputs) counts[split] = part;
      return { outputs: shownOutputs(io, result.outputs), counts };
    },
    ({ outputs, counts }) => `${outputLines(outputs)}\n${count(counts['groups'] ?? 0, 'group')}, none on two sides.`,
  );
}
