import { commands, workspace } from 'vscode';
import type { ConfigurationScope, Disposable, LogOutputChannel } from 'vscode';
import { settings } from './contributions';
import type {
  Command,
  CommandArguments,
  CommandHandlers,
  ContextKey,
  ContextValues,
  Setting,
  SettingSpec,
  SettingValue,
} from './contributions';

/** Registers a handler for every command of the table; a command left out does not compile. Failures are logged. */
export function registerCommands(handlers: CommandHandlers, log: LogOutputChannel): Disposable[] {
  return Object.entries<(...args: never[]) => unknown>(handlers).map(([id, handler]) =>
    commands.registerCommand(id, async (...args: never[]) => {
      try {
        return await handler(...args);
      } catch (error) {
        log.error(error instanceof Error ? error : String(error));
        throw error;
      }
    }),
  );
}

export function runCommand<C extends Command>(command: C, ...args: CommandArguments[C]): Thenable<unknown> {
  return commands.executeCommand(command, ...args);
}

/**
 * The value of a setting, for the folder or document it is asked for. A value that is not of the setting's type or range
 * is not used: the default is.
 */
export function readSetting<S extends Setting>(setting: S, scope?: ConfigurationScope): SettingValue<S>;
export function readSetting(setting: Setting, scope?: ConfigurationScope): unknown {
  const spec: SettingSpec<unknown> = settings[setting];
  const value: unknown = workspace.getConfiguration(undefined, scope).get(setting);
  return spec.accepts(value) ? value : spec.default;
}

export function setContext<K extends ContextKey>(key: K, value: ContextValues[K]): Thenable<unknown> {
  return commands.executeCommand('setContext', key, value);
}
