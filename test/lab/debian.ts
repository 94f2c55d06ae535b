import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { command } from './command';

/** What the lab needs from the system: the Debian package and a file that shows that it is there. */
const needs = [
  { name: 'chromium', found: () => chromiumPath() !== undefined },
  { name: 'g++', found: () => onPath('g++') !== undefined },
  { name: 'make', found: () => onPath('make') !== undefined },
  { name: 'python3', found: () => onPath('python3') !== undefined },
  { name: 'pkg-config', found: () => onPath('pkg-config') !== undefined },
  { name: 'libkrb5-dev', found: () => existsSync('/usr/include/gssapi/gssapi.h') },
] as const;

export type SystemPackage = (typeof needs)[number]['name'];

/** Something of the system is missing that only an administrator can install. */
export class SystemPackagesMissing extends Error {
  readonly code = 'system-packages-missing';
}

/** Installs those of `wanted` that are missing with apt-get; without root or apt-get, says what to install. */
export async function systemPackages(...wanted: readonly SystemPackage[]): Promise<void> {
  const missing = needs.filter((need) => wanted.includes(need.name) && !need.found()).map((need) => need.name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || onPath('apt-get') === undefined) {
    throw new SystemPackagesMissing(
      `The tests in VS Code need ${missing.join(', ')}. Install them (on Debian and Ubuntu: sudo apt-get install ${missing.join(' ')}) and run this again.`,
    );
  }
  console.log(`Installing ${missing.join(', ')} with apt-get.`);
  const log = path.join(tmpdir(), `distillery-apt-${process.pid}.log`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await command('apt-get', ['update'], { env, log });
  await command('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { env, log });
}

/** Debian's Chromium, or another that `DISTILLERY_TEST_CHROMIUM` names. */
export function chromiumPath(): string | undefined {
  const named = process.env['DISTILLERY_TEST_CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  return ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
    .map(onPath)
    .find((found) => found !== undefined);
}

function onPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, program))
    .find((file) => existsSync(file));
}
