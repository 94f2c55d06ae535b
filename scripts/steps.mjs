// What the scripts share: set-up and running a program. Node's own modules only: this runs before `npm ci`.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Where `npm run package` puts the extension. */
export const vsix = path.join(project, 'distillery.vsix');

/** Runs `node ARGS` in the project; resolves to the exit code. `timeout` in ms ends it as failed. */
export function node(args, { env = {}, timeout } = {}) {
  return run(process.execPath, args, { env, timeout });
}

/** A program of node_modules by package and file: `bin('mocha', 'bin/mocha.js')`. No shell, so it is the same on Windows. */
export function bin(name, file) {
  return path.join(project, 'node_modules', name, file);
}

/** Refuses an old Node with a sentence, and installs the dependencies when they are missing or not those of the lock file. */
export async function setUp() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20)
    throw new Error(`Distillery needs Node 20 or newer; this is ${process.version}. Get one from nodejs.org.`);
  if (!stale()) return;
  console.log('Installing the dependencies (npm ci).');
  const code = await npm(['ci', '--no-audit', '--no-fund']);
  if (code !== 0) throw new Error('npm ci failed. With a network and a reachable npm registry, run this again.');
}

/** npm as it was started, else the one on the PATH. */
export function npm(args, options) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) return run(process.execPath, [cli, ...args], options);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    ...options,
    shell: process.platform === 'win32',
  });
}

/** Whether node_modules lacks a package of the lock file or has it in another version. */
function stale() {
  const installed = path.join(project, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return true;
  const have = packagesOf(installed);
  return Object.entries(packagesOf(path.join(project, 'package-lock.json'))).some(
    ([where, { version, optional }]) => where !== '' && optional !== true && have[where]?.version !== version,
  );
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

function run(program, args, { env = {}, timeout, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      shell,
    });
    // Counted in seconds that this process was awake: a machine that slept, or was moved, is not late.
    let seconds = 0;
    const limit = setInterval(() => {
      if (++seconds * 1000 > timeout) child.kill();
    }, 1000).unref();
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(limit);
      if (signal !== null)
        console.error(`Ended by ${signal}${timeout === undefined ? '' : ` (limit ${timeout / 60_000} minutes)`}.`);
      resolve(code ?? 1);
    });
  });
}
