import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { command } from './command';
import { vsCodeServer } from './server-build';

export interface ServerOptions {
  /** User settings, over the lab's own quiet defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** False: the window starts in Restricted Mode. */
  readonly trust?: boolean;
  /** Reaches the extension host and the processes that it starts. */
  readonly env?: Readonly<Record<string, string>>;
  /** A packaged extension to install before the first window. */
  readonly vsix?: string;
  /** Folders of further extensions, loaded beside ours. */
  readonly beside?: readonly string[];
}

export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `127.0.0.1:PORT`, as in `vscode-remote://AUTHORITY/path`. */
  readonly authority: string;
  /** The release that is run: `4.139.1` is VS Code 1.139.1. */
  readonly version: string;
  /** What the server said, for a look after a failure. Removed with the server. */
  readonly log: string;
  /** Replaces the user settings; a window reads them when it loads. */
  writeSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
}

/** A workbench without the parts that want a network, an account or a decision. */
const quiet = {
  'files.autoSave': 'off',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'git.openRepositoryInParentFolders': 'never',
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
};

/** Starts a VS Code server of its own, with fresh user data, on a free port of 127.0.0.1. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { node, main, version } = await vsCodeServer();
  const data = await mkdtemp(path.join(tmpdir(), 'distillery-vscode-'));
  const settingsFile = path.join(data, 'data', 'User', 'settings.json');
  const writeSettings = async (settings: Readonly<Record<string, unknown>>) => {
    await mkdir(path.dirname(settingsFile), { recursive: true });
    await writeFile(settingsFile, JSON.stringify({ ...quiet, ...settings }, undefined, 2));
  };
  await writeSettings(options.settings ?? {});

  const extensions = path.join(data, 'extensions');
  const folders = ['--server-data-dir', data, '--extensions-dir', extensions];
  for (const folder of options.beside ?? []) {
    await cp(folder, path.join(extensions, path.basename(folder)), { recursive: true });
  }
  const log = path.join(data, 'server.log');
  // A ledger of its own: what a simulator bills is nobody's money.
  const ledger = { DISTILLERY_HOME: path.join(data, 'home') };
  const env = { ...hostEnvironment(), EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...ledger, ...options.env };
  if (options.vsix !== undefined) {
    await command(node, [main, ...folders, '--install-extension', options.vsix], { env, log });
  }
  const trust = options.trust === false ? [] : ['--disable-workspace-trust'];
  const child = spawn(node, [main, ...folders, ...trust, ...fixedFlags], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the extension host ends with the server.
    detached: true,
  });
  endWithThisProcess(child);
  const url = await listening(child, log);
  return {
    url,
    authority: new URL(url).host,
    log,
    version,
    writeSettings,
    [Symbol.asyncDispose]: async () => {
      await stop(child);
      await rm(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const fixedFlags = [
  '--host=127.0.0.1',
  '--port=0',
  '--without-connection-token',
  '--accept-server-license-terms',
  // Without this flag a built server ignores the window's payload (extension under development, tests).
  '--enable-smoke-test-driver',
  '--telemetry-level=off',
];

/** The machine's environment without what would change the server: an outer VS Code, Electron, Node or npm. */
function hostEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|npm_|NODE_OPTIONS$|NODE_PATH$|TSX_|MOCHA_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function listening(child: ChildProcess, log: string): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('The server was started without pipes.');
  const file = createWriteStream(log, { flags: 'a' });
  stdout.pipe(file, { end: false });
  stderr.pipe(file, { end: false });
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const address = /Web UI available at (\S+)/.exec(line)?.[1];
      if (address === undefined) return;
      resolve(`http://127.0.0.1:${new URL(address).port}`);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      running.delete(child);
      file.end();
      reject(new Error(`The VS Code server ended with ${code} before it listened; see ${log}.`));
    });
  });
}

/** Ends the server and its extension host; waits until they are gone. */
async function stop(child: ChildProcess): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  killGroup(child);
  await ended;
}

/** Servers are process groups of their own: they must be ended by hand when this process is interrupted. */
const running = new Set<ChildProcess>();
let watching = false;

function endWithThisProcess(child: ChildProcess): void {
  if (!watching) {
    process.on('exit', () => running.forEach(killGroup));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  }
  watching = true;
  running.add(child);
}

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
}
