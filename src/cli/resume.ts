import path from 'node:path';
import type { Command } from 'commander';

/** Flags that belong to one call, not to the run. */
const once = new Set(['json', 'quiet', 'yes', 'estimateOnly', 'retryFailed', 'keysStdin', 'out']);

/**
 * The arguments that continue this run from anywhere: what the person gave, with files and folders made absolute.
 * Keys are in no flag, so they are in none of this.
 */
export function resumeArguments(command: Command, operands: readonly string[], folder: string): string[] {
  const words = [command.name(), ...operands, '--out', folder];
  for (const option of command.options) {
    const name = option.attributeName();
    if (once.has(name) || option.long === undefined || command.getOptionValueSource(name) !== 'cli') continue;
    for (const value of valuesOf(command.getOptionValue(name))) {
      words.push(
        option.long,
        ...(value === true ? [] : [name === 'config' ? path.resolve(String(value)) : String(value)]),
      );
    }
  }
  return words;
}

/** A repeatable flag once for each value; `--budget` is kept by stage. */
function valuesOf(value: unknown): unknown[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' && !one.includes(','))) {
    return value;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).map(([stage, usd]) => (stage === '' ? String(usd) : `${stage}=${String(usd)}`));
  }
  return [value];
}
