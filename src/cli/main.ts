import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { commands } from './commands';
import type { CommandContext } from './context';
import { exitCode, type ExitCode } from './exit';
import type { Io } from './io';
import { describeFailure } from './failure';

/**
 * The command line. Only the module of the command that was asked for is loaded, so that `--version` and `--help` answer
 * at once.
 * @returns the exit code (spec page 6).
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  const context: CommandContext = { io, exit: (chosen) => (code = chosen), distillery: main };
  try {
    const program = await programFor(argv, context);
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.done;
    const failure = describeFailure(error);
    if (argv.includes('--json')) {
      io.stdout.write(`${JSON.stringify({ error: { code: failure.code, message: failure.message } })}\n`);
    }
    // Commander has said its own by now, with where to find help.
    if (!(error instanceof CommanderError)) io.stderr.write(`distillery: ${failure.message}\n`);
    return failure.exit;
  }
}

async function programFor(argv: readonly string[], context: CommandContext): Promise<Command> {
  const { io } = context;
  const program = new Command('distillery')
    .description('Turns documents and a budget into LLM training data, and training data into a tuned model.')
    .version(version)
    .showHelpAfterError('(distillery --help shows what there is)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .addHelpText('after', afterHelp);
  const asked = new Set(argv.filter((word) => !word.startsWith('-')).slice(0, 2));
  for (const entry of commands) {
    const command = program.command(entry.name).summary(entry.summary).description(entry.summary);
    if (asked.has(entry.name)) (await entry.load()).configure(command, context);
  }
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}

const afterHelp = `
Without any API key, the built-in offline teacher answers:
  distillery distill handbook.md --teacher offline

Each command explains itself: distillery distill --help
Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 a check did not pass, 130 interrupted (the same command resumes).`;
