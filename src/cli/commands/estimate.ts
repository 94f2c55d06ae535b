import type { Command } from 'commander';
import type { CommandContext } from '../context';

/** `distillery estimate COMMAND …`: what it would cost; the same as `--estimate-only`. */
export function configure(command: Command, { io, exit, distillery }: CommandContext): void {
  command
    .argument('<command...>', 'distill, cascade, ensemble, improve or train, with its arguments and flags')
    .allowUnknownOption()
    .addHelpText('after', '\nExample:\n  distillery estimate cascade --domain legal --samples 1000')
    .action(async (words: readonly string[]) => exit(await distillery([...words, '--estimate-only'], io)));
}
