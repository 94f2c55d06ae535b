import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { builtInDomain } from '../core/pipelines/cascade/builtIn';
import { type Domain, parseDomain } from '../core/pipelines/cascade/domain';
import { builtInDomains } from '../core/records/cascade';
import { UsageError } from './exit';
import type { Io } from './io';

/**
 * A domain by its name, or from a YAML file.
 * @throws UsageError, DomainError for a name or a file that is no domain
 */
export async function readDomain(name: string, samples: number, io: Io): Promise<Domain> {
  if (builtInDomains.some((builtIn) => builtIn === name))
    return parseDomain(await builtInDomain(name), `${name}.yaml`, samples);
  if (!/\.ya?ml$/i.test(name)) {
    throw new UsageError(
      `There is no domain “${name}”. Built in: ${builtInDomains.join(', ')}; or give a YAML file of your own.`,
    );
  }
  let text: string;
  try {
    text = await readFile(path.resolve(io.cwd, name), 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the domain ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseDomain(text, name, samples);
}
