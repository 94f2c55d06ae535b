import path from 'node:path';
import type { Command } from 'commander';
import { cascade } from '../../core/pipelines/cascade/cascade';
import type { Domain } from '../../core/pipelines/cascade/domain';
import { cascadeBudget, cascadeSamples, type CascadeOptions } from '../../core/pipelines/cascade/options';
import { builtInDomains, goldenCount, mostSamples } from '../../core/records/cascade';
import { applyConfig } from '../config';
import { readDomain } from '../domain';
import { readEnvironment } from '../environment';
import { UsageError } from '../exit';
import { addAskFlags, type AskFlags, wholeNumber } from '../flags';
import { say } from '../io';
import { launch } from '../launch';
import type { CommandContext } from '../context';
import { castTeachers } from '../teachers';

interface CascadeFlags extends AskFlags {
  readonly samples: number;
  readonly domain: string;
  readonly golden?: number;
  readonly applyCorrections?: boolean;
}

/** `distillery cascade`: a budget becomes a dataset and a golden test set. */
export function configure(command: Command, context: CommandContext): void {
  addAskFlags(
    command
      .option('--samples <n>', 'how many samples', wholeNumber({ min: 1 }), cascadeSamples)
      .option('--domain <name|file.yaml>', `${builtInDomains.join(', ')}, or a YAML file of your own`, 'medical')
      .option(
        '--golden <n>',
        'how many are checked for the golden test set (default: a tenth, at least 100)',
        wholeNumber({ min: 1 }),
      )
      .option('--apply-corrections', 'apply a checker’s correction once, and check again'),
  )
    .addHelpText('after', examples)
    .action(async () => run(command, context));
}

const examples = `
Examples:
  distillery cascade --domain legal --samples 200 --budget 2    200 cases, 100 of them checked
  distillery cascade --domain medical --estimate-only              what 10,000 samples would cost
  distillery cascade --domain my-domain.yaml --samples 1000 --budget 12
A --budget of USD is shared out: a quarter each for raw, format and golden, a quarter in reserve for any of them.
What one leaves of its quarter goes to the others. A stage that you cap yourself, as in --budget golden=5, keeps to that.
Stages for --budget: raw, format, golden. Roles for --teacher: generator, formatter, validator.`;

async function run(command: Command, context: CommandContext): Promise<void> {
  const given = command.opts<CascadeFlags>();
  const config =
    given.config === undefined ? {} : await applyConfig(command, path.resolve(context.io.cwd, given.config));
  const flags = command.opts<CascadeFlags>();
  const environment = await readEnvironment(context.io, { ...(flags.keysStdin && { keysStdin: true }), config });
  const domain = await readDomain(flags.domain, flags.samples, context.io);
  const options = optionsOf(flags, domain);
  const cast = await castTeachers(flags.teacher ?? [], ['generator', 'formatter', 'validator'], environment, {
    timeoutMs: flags.timeout * 1000,
  });
  if (options.golden === options.samples && !flags.quiet)
    say(
      context.io,
      'Every sample is for the golden check, so none is left to train on: --golden N checks fewer, or make more --samples.',
    );
  // More than any single run should make: it gets its estimate, and is not started.
  const tooMany = flags.samples > mostSamples && !flags.estimateOnly;
  await launch(
    {
      pipeline: () => cascade(options),
      name: `cascade-${domain.name}`,
      cast,
      config: {
        domain,
        samples: options.samples,
        golden: options.golden,
        apply_corrections: options.applyCorrections,
        replacements: options.replacements,
      },
      inputs: [],
      flags: tooMany ? { ...flags, estimateOnly: true } : flags,
      defaultBudget: cascadeBudget,
      command,
      operands: [],
    },
    context,
  );
  if (tooMany)
    throw new UsageError(
      `--samples ${flags.samples} is more than one run makes (${mostSamples}), so nothing was started. Make several runs with different --seed.`,
    );
}

function optionsOf(flags: CascadeFlags, domain: Domain): CascadeOptions {
  const golden = flags.golden ?? goldenCount(flags.samples);
  if (golden > flags.samples) {
    throw new UsageError(
      `--golden ${golden} is more than --samples ${flags.samples}: only what is made can be checked.`,
    );
  }
  return {
    domain,
    samples: flags.samples,
    golden,
    applyCorrections: flags.applyCorrections ?? false,
    replacements: flags.samples,
    seed: flags.seed,
  };
}
