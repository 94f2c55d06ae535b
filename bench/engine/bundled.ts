import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/** A place for a bench: programs bundled as the product's are, a simulator in a process of its own, and a clean-up. */
export class Bench {
  readonly #children: ChildProcess[] = [];

  private constructor(readonly folder: string) {}

  static async open(): Promise<Bench> {
    return new Bench(await mkdtemp(path.join(os.tmpdir(), 'distillery-bench-')));
  }

  async bundle(source: string): Promise<string> {
    const outfile = path.join(this.folder, `${path.parse(source).name}.cjs`);
    const entry = path.join(import.meta.dirname, source);
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      banner: { js: `const __entry = ${JSON.stringify(`file://${entry}`)};` },
      define: { 'import.meta.url': '__entry' },
      logLevel: 'error',
    });
    return outfile;
  }

  /** @returns its address. Flags as in `test/simulator/main.ts`. */
  async simulator(...flags: readonly string[]): Promise<string> {
    const main = path.join(import.meta.dirname, '../../test/simulator/main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', main, '--tokens', 'fast', '--attached', ...flags], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    return (JSON.parse(first.toString('utf8')) as { url: string }).url;
  }

  /** Runs a bundled program; its last line of output is JSON. */
  async run(program: string, args: readonly (string | number)[], node: readonly string[] = []): Promise<unknown> {
    const child = spawn(process.execPath, [...node, program, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${path.basename(program)} ended with ${String(code)}: ${text}`);
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      child.stdin?.end();
      child.kill();
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function table(rows: readonly Readonly<Record<string, string | number>>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => String(row[column]).length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ');
  process.stdout.write(`${line(columns)}\n`);
  for (const row of rows) process.stdout.write(`${line(columns.map((column) => String(row[column])))}\n`);
}

/** Says where a limit is passed, and lets the bench end with exit code 1. */
export function holdTo(
  what: string,
  figure: number,
  limit: { readonly atMost?: number; readonly atLeast?: number },
): void {
  const { atMost = Infinity, atLeast = -Infinity } = limit;
  if (figure <= atMost && figure >= atLeast) return;
  process.stdout.write(
    `✘ ${what}: ${figure.toFixed(3)}, wanted ${atMost < Infinity ? `≤ ${atMost}` : `≥ ${atLeast}`}\n`,
  );
  process.exitCode = 1;
}
