import { type Command, Option } from 'commander';
import {
  dedupeFiles,
  explainDuplicates,
  type DedupeMode,
  type Duplicate,
  type ExplainedDuplicate,
} from '../../core/datasets/dedupe';
import { fraction, wholeNumber } from '../flags';
import type { CommandContext } from '../context';
import { absolute, addOutputFlags, count, type OutputFlags, outputLines, runStep, shown, shownOutputs } from './step';

interface DedupeFlags extends OutputFlags {
  readonly out: string;
  readonly mode: DedupeMode;
  readonly threshold: number;
  readonly explain?: boolean;
  readonly seed: number;
}

/** `distillery dedupe FILE --out FILE` */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('<file...>', 'rows in any training format')
    .requiredOption('--out <file>', 'where the rows go that are no duplicates')
    .addOption(
      new Option('--mode <mode>', 'the same text, or also the same in other words')
        .choices(['exact', 'near'])
        .default('near'),
    )
    .option('--threshold <0..1>', 'from this similarity on rows are twins', fraction({ min: 0.3, max: 1 }), 0.8)
    .option('--explain', 'show the twins side by side with what they share')
    .option('--seed <n>', 'of the hashes', wholeNumber({ min: 0 }), 42)
    .action(async (files: string[], flags: DedupeFlags) => run(files, flags, context));
}

/** As many as anybody reads. */
const EXPLAINED = 200;

async function run(files: string[], flags: DedupeFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  await runStep(
    context,
    flags,
    async (signal) => {
      const found: Duplicate[] = [];
      const result = await dedupeFiles({
        files: files.map((file) => absolute(io, file)),
        out: absolute(io, flags.out),
        mode: flags.mode,
        threshold: flags.threshold,
        seed: flags.seed,
        signal,
        onDuplicate: (duplicate) => {
          if (flags.explain && found.length < EXPLAINED) found.push(duplicate);
        },
      });
      const { rows, kept, exact, near } = result;
      const twins = flags.explain ? { twins: await explainDuplicates(found, signal) } : {};
      return { outputs: shownOutputs(io, result.outputs), counts: { rows, kept, exact, near }, ...twins };
    },
    (result) =>
      [
        ...('twins' in result ? (result.twins ?? []).map((twin) => describe(twin, context)) : []),
        outputLines(result.outputs),
        `${count(result.counts.exact, 'exact duplicate')} and ${count(result.counts.near, 'near duplicate')} left out.`,
      ].join('\n'),
  );
}

function describe({ row, of, similarity, explanation }: ExplainedDuplicate, { io }: CommandContext): string {
  const lines = [
    `${shown(io, row.file)}:${row.line} is a twin of ${shown(io, of.file)}:${of.line} (${similarity.toFixed(2)})`,
  ];
  if (explanation.shared[0] !== undefined) lines.push(`  both   ${explanation.shared[0]}`);
  if (explanation.onlyFirst.length > 0) lines.push(`  kept   ${explanation.onlyFirst.join(' … ')}`);
  if (explanation.onlySecond.length > 0) lines.push(`  left   ${explanation.onlySecond.join(' … ')}`);
  return lines.join('\n');
}
