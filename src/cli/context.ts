import type { Command } from 'commander';
import type { ExitCode } from './exit';
import type { Io } from './io';

/** What a command gets besides its flags. */
export interface CommandContext {
  readonly io: Io;
  /** How the process ends; 0 when never called. */
  readonly exit: (code: ExitCode) => void;
  /** Another command line, in this process: a plan starts its runs. */
  readonly distillery: (argv: readonly string[], io: Io) => Promise<ExitCode>;
}

/** A command of the command line; its flags and action are loaded when it is asked for. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ configure(command: Command, context: CommandContext): void }>;
}
