import type { Command, Option } from 'commander';
import { z } from 'zod';
import { UsageError } from './exit';
import { readYamlFile } from './yamlFile';

/** What a config file may hold besides the command's own flags. */
const environment = z.strictObject({
  /** Providers of one's own: any OpenAI-compatible server. */
  providers: z.record(z.string(), z.unknown()).optional(),
  /** USD per million tokens by `provider/model`. */
  prices: z.record(z.string(), z.unknown()).optional(),
});
export type ConfigEnvironment = z.infer<typeof environment>;

/**
 * Reads `--config FILE` into a command's options: flags win over it, it wins over defaults.
 * @throws UsageError with line and column for YAML that does not parse, and for keys the command does not know.
 */
export async function applyConfig(command: Command, file: string): Promise<ConfigEnvironment> {
  const values = await readYamlFile(file, 'a config file is a list of “flag: value” lines');
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    const option = command.options.find(
      (candidate) => candidate.attributeName() === key || candidate.long === `--${key}`,
    );
    if (option) applyOption(command, option, value, file);
    else rest[key] = value;
  }
  const parsed = environment.safeParse(rest);
  if (parsed.success) return parsed.data;
  const known = command.options.flatMap((option) => (option.long ? [option.long.slice(2)] : []));
  throw new UsageError(
    `${file}: ${Object.keys(rest).join(', ')}: not known to “${command.name()}”. It knows ${known.join(', ')}, providers and prices.`,
  );
}

function applyOption(command: Command, option: Option, value: unknown, file: string): void {
  const name = option.attributeName();
  const source = command.getOptionValueSource(name);
  if (source !== undefined && source !== 'default') return;
  const words = Array.isArray(value) ? value : [value];
  let parsed: unknown = option.isBoolean() ? value : undefined;
  if (!option.isBoolean()) {
    for (const word of words) {
      if (typeof word !== 'string' && typeof word !== 'number') {
        throw new UsageError(`${file}: ${option.long ?? name} takes text or numbers, not ${JSON.stringify(word)}.`);
      }
      parsed = option.parseArg ? option.parseArg(String(word), parsed) : String(word);
    }
  }
  command.setOptionValueWithSource(name, parsed, 'config');
}
