import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { builtOnce, labCache } from './cache';
import { command } from './command';
import { systemPackages } from './debian';

/** code-server 4.139.1 carries the server and workbench of VS Code 1.139.1, and needs Node 24. */
const codeServer = '4.139.1';
const serverNode = '24';

export interface VsCodeServer {
  /** The Node that runs the server and its extension host. */
  readonly node: string;
  /** `server-main.js`. */
  readonly main: string;
  readonly version: string;
}

/** No VS Code can be had on this machine, and why. */
export class NoVsCode extends Error {
  readonly code = 'no-vscode';
}

/** The real VS Code server, built from npm into the user's cache the first time (about two minutes on two cores). */
export async function vsCodeServer(): Promise<VsCodeServer> {
  if (process.platform === 'win32') {
    throw new NoVsCode(
      'The VS Code server from npm cannot be built on Windows; allow the download of a desktop build.',
    );
  }
  const key = `code-server-${codeServer}-${process.platform}-${process.arch}`;
  const root = await builtOnce(path.join(labCache(), key), build);
  return { ...layout(root), version: codeServer };
}

function layout(root: string) {
  const platformPackage = `node-${process.platform}-${process.arch}`;
  const nested = path.join(root, 'node', 'node_modules', 'node', 'node_modules', platformPackage);
  const flat = path.join(root, 'node', 'node_modules', platformPackage);
  const nodeHome = existsSync(nested) ? nested : flat;
  const vscode = path.join(root, 'package', 'lib', 'vscode');
  return {
    nodeHome,
    node: path.join(nodeHome, 'bin', 'node'),
    vscode,
    main: path.join(vscode, 'out', 'server-main.js'),
  };
}

async function build(root: string): Promise<void> {
  await systemPackages('g++', 'make', 'python3', 'pkg-config', 'libkrb5-dev');
  const started = Date.now();
  const log = `${root}.log`;
  await rm(log, { force: true });
  const say = (what: string) => console.log(`  [${((Date.now() - started) / 1000).toFixed(0)} s] ${what}`);
  console.log(`Building VS Code's server once into ${path.dirname(root)} (about two minutes; log: ${log}).`);

  say(`Node ${serverNode} and code-server ${codeServer} from npm`);
  await Promise.all([installNode(root, log), unpackCodeServer(root, log)]);
  const { node, nodeHome, vscode } = layout(root);
  const env = {
    ...process.env,
    PATH: [path.dirname(node), process.env['PATH'] ?? ''].join(path.delimiter),
    // The headers come from the npm package; the variable beats a `nodedir` of the person's ~/.npmrc.
    npm_config_nodedir: nodeHome,
    // node-gyp compiles on all cores.
    JOBS: 'max',
  };
  const install = ['install', '--omit=dev', '--no-audit', '--no-fund'];
  say('its native modules, compiled');
  await Promise.all([
    command('npm', [...install, '--ignore-scripts'], { cwd: path.join(root, 'package'), env, log }),
    command('npm', install, { cwd: vscode, env, log }),
    command('npm', install, { cwd: path.join(vscode, 'extensions'), env, log }),
  ]);
  await command(node, [path.join(vscode, 'out', 'server-main.js'), '--version'], { env, log });
  say('ready');
}

async function installNode(root: string, log: string): Promise<void> {
  const cwd = path.join(root, 'node');
  await mkdir(cwd);
  await writeFile(path.join(cwd, 'package.json'), JSON.stringify({ name: 'lab-node', private: true }));
  await command('npm', ['install', `node@${serverNode}`, '--no-audit', '--no-fund'], { cwd, log });
}

async function unpackCodeServer(root: string, log: string): Promise<void> {
  await command('npm', ['pack', `code-server@${codeServer}`], { cwd: root, log });
  const packed = (await readdir(root)).find((name) => name.endsWith('.tgz'));
  if (packed === undefined) throw new NoVsCode(`npm pack code-server@${codeServer} left no archive; see ${log}.`);
  await command('tar', ['-xzf', packed], { cwd: root, log });
  await rm(path.join(root, packed));
}
