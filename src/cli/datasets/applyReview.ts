import { type Command, Option } from 'commander';
import { reviewedCopy } from '../../core/datasets/view/reviewedCopy';
import type { CommandContext } from '../context';
import { absolute, addOutputFlags, count, type OutputFlags, outputLines, runStep, shownOutputs } from './step';

interface ApplyReviewFlags extends OutputFlags {
  readonly keep: 'approved' | 'not-rejected';
}

/** `distillery apply-review FILE --keep approved` */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('<file>', 'rows that were reviewed in the editor')
    .addOption(
      new Option('--keep <rows>', 'which rows the new file is to hold')
        .choices(['approved', 'not-rejected'])
        .makeOptionMandatory(),
    )
    .action(async (file: string, flags: ApplyReviewFlags) => run(file, flags, context));
}

async function run(file: string, flags: ApplyReviewFlags, context: CommandContext): Promise<void> {
  const { io } = context;
  await runStep(
    context,
    flags,
    async (signal) => {
      const keep = flags.keep === 'approved' ? 'approved' : 'not_rejected';
      const { path, rows, dropped, edited } = await reviewedCopy(absolute(io, file), keep, signal);
      return { outputs: shownOutputs(io, [{ path, rows }]), counts: { rows, dropped, edited } };
    },
    ({ outputs, counts }) =>
      `${outputLines(outputs)}\n${count(counts.dropped, 'row')} left out, ${count(counts.edited, 'row')} with edits.`,
  );
}
