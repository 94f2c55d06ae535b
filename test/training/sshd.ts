import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { descendants } from '../descendants';
import { freePort, until } from './lab';

const run = promisify(execFile);
const SSHD = '/usr/sbin/sshd';

/** Where an sshd can be started: Linux with the package, as root (it wants its separation directory). */
export const hasSshd = process.platform === 'linux' && existsSync(SSHD) && process.getuid?.() === 0;

export interface Sshd {
  /** What `DISTILLERY_SSH_CONFIG` names; the host is called `lab`. */
  readonly config: string;
  /** Where jobs and everything of the person lie on that host. */
  readonly home: string;
  /** Cuts every connection at once, and lets nobody in until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A real OpenSSH server on loopback, with keys of its own. Its sessions get `environment`. */
export async function openSshd(folder: string, environment: Readonly<Record<string, string>>): Promise<Sshd> {
  await mkdir(folder, { recursive: true });
  // Debian's sshd does not start without it.
  await mkdir('/run/sshd', { recursive: true });
  const file = (name: string) => path.join(folder, name);
  for (const key of ['host', 'person']) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)]);
  await writeFile(file('authorized_keys'), await readFile(file('person.pub')), { mode: 0o600 });
  const port = await freePort();
  const variables = Object.entries(environment).map(([name, value]) => `"${name}=${value}"`);
  await writeFile(
    file('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${file('host')}`,
      `PidFile ${file('sshd.pid')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'PermitRootLogin prohibit-password',
      'UsePAM no',
      'StrictModes no',
      ...(variables.length > 0 ? [`SetEnv ${variables.join(' ')}`] : []),
      '',
    ].join('\n'),
  );
  const hostKey = (await readFile(file('host.pub'), 'utf8')).trim();
  await writeFile(file('known_hosts'), `[127.0.0.1]:${port} ${hostKey}\n`);
  await writeFile(
    file('ssh_config'),
    [
      'Host lab',
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      `  User ${os.userInfo().username}`,
      `  IdentityFile ${file('person')}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${file('known_hosts')}`,
      '  GlobalKnownHostsFile /dev/null',
      '',
    ].join('\n'),
  );
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    server = spawn(SSHD, ['-D', '-f', file('sshd_config'), '-E', file('sshd.log')], {
      stdio: 'ignore',
      detached: true,
    });
    await until(() => existsSync(file('sshd.pid')));
  }
  async function stop(): Promise<void> {
    if (server?.pid === undefined) return;
    // The sessions of the server. What they started lives on.
    for (const { pid } of await descendants(server.pid, (command) => /^(?:\S*\/)?sshd/u.test(command)))
      process.kill(pid, 'SIGKILL');
    server.kill('SIGTERM');
    await once(server, 'exit');
    server = undefined;
  }
  await start();
  return { config: file('ssh_config'), home: os.homedir(), start, stop };
}
