import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** An environment under the user's cache that is made at the first run, in about two minutes. */
const venv = path.join(homedir(), '.cache', 'distillery-datasets', 'venv');
const python = path.join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Those who read what we write: Hugging Face `datasets`, and LLaMA-Factory without what it trains with. */
export function installReaders(): void {
  if (existsSync(python)) return;
  execFileSync(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', venv]);
  execFileSync(python, ['-m', 'pip', 'install', '-q', 'datasets==4.0.0', 'datasketch']);
  execFileSync(python, ['-m', 'pip', 'install', '-q', '--no-deps', 'llamafactory==0.9.5']);
}

/** Runs a script of this folder, without a network. @returns the JSON that its last line is. */
export function inPython(script: string, ...args: readonly string[]): unknown {
  const said = execFileSync(python, [path.join(import.meta.dirname, script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1', HF_DATASETS_OFFLINE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(said.trim().split('\n').at(-1) ?? '');
}
