import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { desktopVsCode } from '../lab/desktop';
import { startServer } from '../lab/server';
import { openWindow } from '../lab/window';
import { exampleFolder, project } from '../lab/workspace';

/** Runs `test/vscode/suite` in the extension host of a real VS Code: a desktop build, else the server from npm. */
async function main(): Promise<number> {
  const tests = await bundled();
  await using workspace = await exampleFolder();
  const desktop = await desktopVsCode();
  return await (desktop === undefined
    ? onServer(workspace.folder, tests)
    : onDesktop(desktop, workspace.folder, tests));
}

/** Compiles the suite to `out/vscode`: an extension host reads JavaScript. Packages stay in node_modules. */
async function bundled(): Promise<string> {
  const source = path.join(project, 'test', 'vscode');
  const out = path.join(project, 'out', 'vscode');
  await rm(out, { recursive: true, force: true });
  const suites = readdirSync(path.join(source, 'suite')).filter((file) => file.endsWith('.test.ts'));
  await build({
    entryPoints: [path.join(source, 'index.ts'), ...suites.map((file) => path.join(source, 'suite', file))],
    outdir: out,
    outbase: source,
    bundle: true,
    packages: 'external',
    external: ['vscode'],
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return path.join(out, 'index.js');
}

async function onServer(folder: string, tests: string): Promise<number> {
  await using server = await startServer();
  console.log(`VS Code server ${server.version}, in Chromium`);
  const { promise, resolve } = deferred<number>();
  const output = suiteOutput();
  await using _window = await openWindow(server, {
    folder,
    extension: project,
    tests,
    onLog: output.line,
    onExit: resolve,
  });
  const code = await promise;
  output.end();
  return code;
}

async function onDesktop(vscodeExecutablePath: string, folder: string, tests: string): Promise<number> {
  console.log(`VS Code on the desktop: ${vscodeExecutablePath}`);
  const userData = await mkdtemp(path.join(tmpdir(), 'distillery-desktop-'));
  try {
    return await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: project,
      extensionTestsPath: tests,
      launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust', '--user-data-dir', userData],
    });
  } finally {
    await rm(userData, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Prints what the suite prints; the workbench's chatter before it only when no suite started. */
function suiteOutput() {
  const chatter: string[] = [];
  const state = { started: false };
  return {
    line: (text: string) => {
      if (state.started) console.log(text);
      else chatter.push(text);
      if (text.includes('── suite')) state.started = true;
    },
    end: () => {
      if (!state.started) console.error(chatter.join('\n'));
    },
  };
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
