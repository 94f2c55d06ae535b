import { type Command, InvalidArgumentError, type Option } from 'commander';
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
 * @throws UsageError with line and column for YAML that does not parse, and for keys and values the command does not know.
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
  command.setOptionValueWithSource(name, parsedValue(option, value, `${file}: ${option.long ?? name}`), 'config');
}

/** As on the command line: a word, or several; a flag without a value is true or false. */
function parsedValue(option: Option, value: unknown, place: string): unknown {
  if (option.isBoolean()) {
    if (typeof value === 'boolean') return value;
    throw new UsageError(`${place} takes true or false, not ${JSON.stringify(value)}.`);
  }
  let parsed: unknown;
  for (const word of Array.isArray(value) ? value : [value]) {
    if (typeof word !== 'string' && typeof word !== 'number')
      throw new UsageError(`${place} takes text or numbers, not ${JSON.stringify(word)}.`);
    try {
      parsed = option.parseArg ? option.parseArg(String(word), parsed) : String(word);
    } catch (error) {
      if (error instanceof InvalidArgumentError) throw new UsageError(`${place}: ${word}: ${error.message}`);
      throw error;
    }
  }
  return parsed;
}
