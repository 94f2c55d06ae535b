import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { TrainingError } from '../errors';
import type { Host, RunOptions, RunResult } from '../host';
import { NOT_FOUND, runChild } from './child';

/** `host`, `user@host`, or a name from the person's own SSH configuration; never an option. */
const HOST = /^[A-Za-z0-9_](?:[A-Za-z0-9_.@:-]*[A-Za-z0-9_.])?$/;
/** ssh's own exit code, when the way to the host failed and not the program there. */
const TRANSPORT = 255;

/**
 * A host behind the system's OpenSSH: its configuration, agent, known hosts and jump hosts count, and no password is ever
 * handled. One connection is shared by all calls, except on Windows, whose OpenSSH has no such thing.
 */
export class SshHost implements Host {
  readonly local = false;
  #rsync: boolean | undefined;

  private constructor(
    readonly name: string,
    private readonly options: readonly string[],
  ) {}

  /** @throws {TrainingError} `bad_spec` for a name that is none */
  static async open(name: string, configFile?: string): Promise<SshHost> {
    if (!HOST.test(name)) {
      throw new TrainingError(
        'bad_spec',
        `“${name}” is no name of a host. Use HOST or USER@HOST; ports and keys belong into ~/.ssh/config.`,
      );
    }
    const options = ['BatchMode=yes', 'ConnectTimeout=15', 'ServerAliveInterval=15', 'ServerAliveCountMax=3'];
    if (process.platform !== 'win32') {
      // Short, because a socket's path may have no more than a hundred characters.
      const sockets = path.join(os.tmpdir(), `distillery-ssh-${os.userInfo().uid}`);
      await mkdir(sockets, { recursive: true, mode: 0o700 });
      options.push('ControlMaster=auto', `ControlPath=${path.join(sockets, '%C')}`, 'ControlPersist=60');
    }
    const words = options.flatMap((option) => ['-o', option]);
    return new SshHost(name, configFile === undefined ? words : ['-F', configFile, ...words]);
  }

  async run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const result = await this.#ssh(command.map(quoted).join(' '), options);
    if (result.code === TRANSPORT) throw connectionError(this.name, result.stderr);
    if (result.code === NOT_FOUND && result.stdout === '' && result.stderr === '') throw noSsh();
    return result;
  }

  async send(folder: string, target: string, exclude: readonly string[], signal?: AbortSignal): Promise<void> {
    await this.#must(['mkdir', '-p', target], signal);
    if (await this.#hasRsync(signal)) {
      const without = exclude.map((pattern) => `--exclude=${pattern}`);
      await this.#rsyncs([...without, `${folder}${path.sep}`, `${this.name}:${target}/`], signal);
      return;
    }
    await this.#piped(
      signal,
      (pipe) =>
        runChild('tar', ['-C', folder, ...exclude.map((pattern) => `--exclude=.${pattern}`), '-cf', '-', '.'], {
          signal,
          pipeTo: pipe,
        }),
      (pipe) => this.#ssh(['tar', '-C', target, '-xf', '-'].map(quoted).join(' '), { signal, pipeFrom: pipe }),
    );
  }

  async fetch(source: string, folder: string, exclude: readonly string[], signal?: AbortSignal): Promise<void> {
    if (await this.#hasRsync(signal)) {
      const without = exclude.map((pattern) => `--exclude=${pattern}`);
      await this.#rsyncs([...without, `${this.name}:${source}/`, `${folder}${path.sep}`], signal);
      return;
    }
    const without = exclude.map((pattern) => `--exclude=.${pattern}`);
    await this.#piped(
      signal,
      (pipe) =>
        this.#ssh(['tar', '-C', source, ...without, '-cf', '-', '.'].map(quoted).join(' '), { signal, pipeTo: pipe }),
      (pipe) => runChild('tar', ['-C', folder, '-xf', '-'], { signal, pipeFrom: pipe }),
    );
  }

  #ssh(command: string, options: Parameters<typeof runChild>[2]): Promise<RunResult> {
    return runChild('ssh', [...this.options, '--', this.name, command], options);
  }

  async #must(command: readonly string[], signal?: AbortSignal): Promise<void> {
    const { code, stderr } = await this.run(command, { signal });
    if (code !== 0) throw transferError(this.name, stderr);
  }

  /** Both sides need it; Windows has none. */
  async #hasRsync(signal?: AbortSignal): Promise<boolean> {
    if (this.#rsync === undefined) {
      const here = await runChild('rsync', ['--version'], { signal });
      this.#rsync = here.code === 0 && (await this.run(['rsync', '--version'], { signal })).code === 0;
    }
    return this.#rsync;
  }

  async #rsyncs(words: readonly string[], signal?: AbortSignal): Promise<void> {
    // `-s`: paths are not read by the shell of the host. `-e` is split at spaces by rsync itself, outside of quotes.
    const shell = ['ssh', ...this.options].map(quoted).join(' ');
    const { code, stderr } = await runChild('rsync', ['-a', '-s', '-e', shell, ...words], { signal });
    if (code === TRANSPORT) throw connectionError(this.name, stderr);
    if (code !== 0) throw transferError(this.name, stderr);
  }

  async #piped(
    signal: AbortSignal | undefined,
    from: (pipe: PassThrough) => Promise<RunResult>,
    to: (pipe: PassThrough) => Promise<RunResult>,
  ): Promise<void> {
    const pipe = new PassThrough();
    const results = await Promise.all([from(pipe), to(pipe)]);
    signal?.throwIfAborted();
    for (const { code, stderr } of results) {
      if (code === TRANSPORT) throw connectionError(this.name, stderr);
      if (code !== 0) throw transferError(this.name, stderr);
    }
  }
}

/** One word for a POSIX shell, whatever is in it. */
export function quoted(word: string): string {
  return /^[\w./=:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function noSsh(): TrainingError {
  return new TrainingError(
    'no_host',
    'There is no ssh on this machine. Install OpenSSH (on Windows: Settings, Optional features).',
  );
}

/** Why ssh did not get there, and what to do; its own last line stands behind. */
export function connectionError(host: string, stderr: string): TrainingError {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  if (/IDENTIFICATION HAS CHANGED/.test(stderr)) {
    return new TrainingError(
      'host_key',
      `The key of ${host} is another one than before. If the machine was set up anew, remove the old key with: ssh-keygen -R ${host}. If not, somebody may be in between.`,
    );
  }
  if (/Host key verification failed/.test(stderr)) {
    return new TrainingError(
      'host_key',
      `${host} is not known yet. Connect once in a terminal (ssh ${host}) and confirm its key.`,
    );
  }
  if (/Permission denied/.test(stderr)) {
    return new TrainingError(
      'denied',
      `${host} does not let us in (${said}). Add your key there: ssh-copy-id ${host}; or load it into the agent: ssh-add.`,
    );
  }
  return new TrainingError(
    'no_host',
    `${host} cannot be reached (${said || 'the connection was cut'}). Check the name, the network and that ssh ${host} works in a terminal.`,
  );
}

function transferError(host: string, stderr: string): TrainingError {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  const full = /No space left on device|Disk quota exceeded/.test(stderr);
  return new TrainingError(
    'no_host',
    full ? `The disk of ${host} is full. Make room there and try again.` : `Copying to or from ${host} failed: ${said}`,
  );
}
