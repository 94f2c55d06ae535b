import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { exampleFolder, openVsCode } from '../../test/e2e/vscode';
import { project } from '../../test/lab/workspace';

interface Figure {
  readonly what: string;
  readonly value: number;
  /** Absent: a baseline, measured to be compared with. */
  readonly limit?: number;
  readonly unit: 'ms' | 'KB';
}

/** Size of the first bundle, activation in real VS Code, and the command line's answer to `--version`. */
async function main(): Promise<void> {
  const windows = Number(process.argv[2] ?? 3);
  const figures: Figure[] = [
    { what: 'dist/extension.js', value: kilobytes('dist/extension.js'), limit: 150, unit: 'KB' },
    { what: 'node -p 0 (median of 20)', value: median(starts(['-p', '0'])), unit: 'ms' },
    {
      what: 'distillery --version (median of 20)',
      value: median(starts(['dist/cli.js', '--version'])),
      limit: 150,
      unit: 'ms',
    },
    ...(await activation(windows)),
  ];
  for (const { what, value, limit, unit } of figures) {
    const verdict = limit === undefined ? 'baseline' : `${value < limit ? '✔' : '✖'} < ${limit} ${unit}`;
    console.log(`${what.padEnd(44)} ${value.toFixed(0).padStart(6)} ${unit}  ${verdict}`);
    if (limit !== undefined && value >= limit) process.exitCode = 1;
  }
}

function kilobytes(file: string): number {
  return statSync(path.join(project, file)).size / 1000;
}

/** Wall time of starting Node, in ms; three warm-up starts are not counted. */
function starts(args: readonly string[]): number[] {
  const times = Array.from({ length: 23 }, () => {
    const started = performance.now();
    const answer = execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
    if (answer === '') throw new Error(`node ${args.join(' ')} said nothing: there is nothing to time.`);
    return performance.now() - started;
  });
  return times.slice(3);
}

/** What VS Code itself measured, in fresh windows: its "Startup Performance" page has a row for each extension. */
async function activation(windows: number): Promise<Figure[]> {
  const rows: Activation[] = [];
  for (let n = 0; n < windows; n++) rows.push(await activationOnce());
  const of = (times: (row: Activation) => number) => median(rows.map(times));
  return [
    { what: `load code, of ${windows} windows`, value: of((row) => row.load), unit: 'ms' },
    { what: `activate(), of ${windows} windows`, value: of((row) => row.activate), limit: 20, unit: 'ms' },
  ];
}

interface Activation {
  readonly load: number;
  /** The call and what it waited for. */
  readonly activate: number;
}

async function activationOnce(): Promise<Activation> {
  await using workspace = await exampleFolder();
  await using code = await openVsCode({ folder: workspace.folder });
  await code.openContainer('Distillery');
  await code
    .view('Runs')
    .welcome(/Distill/)
    .waitFor();
  await code.runCommand('Developer: Startup Performance');
  const lines = code.page.locator('.editor-group-container.active .view-lines');
  await lines.getByText('System Info').waitFor();
  await lines.click();
  await code.page.keyboard.press('ControlOrMeta+a');
  await code.page.keyboard.press('ControlOrMeta+c');
  const text = await code.page.evaluate(() => navigator.clipboard.readText());
  const row = /^\| distillery\.distillery +\| \w+ +\| (\d+) +\| (\d+) +\| (\d+) +\|/m.exec(text);
  if (row === null) throw new Error('VS Code has no activation times of the extension: it did not activate.');
  const [load = 0, call = 0, finish = 0] = row.slice(1).map(Number);
  return { load, activate: call + finish };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
