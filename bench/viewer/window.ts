import { execFileSync } from 'node:child_process';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Frame } from 'playwright-core';
import { z } from 'zod';
import { descendants } from '../../test/descendants';
import { openInViewer, viewerSettings } from '../../test/e2e/viewer.page';
import { openVsCode, type VsCode } from '../../test/e2e/vscode';
import { generate } from './generate';
import type { Frames, PanelClock } from './panelClock';

/**
 * The viewer as a person meets it, in real VS Code in a browser, on a large file:
 *
 *   npm run build && npx tsx bench/viewer/window.ts [--rows 700000 --bytes 1500] [--keep]
 *   … --rows 2000000 --bytes 500
 *
 * Linux (it reads /proc). Exit code 1 when a limit is passed.
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '700000' },
    bytes: { type: 'string', default: '1500' },
    folder: { type: 'string', default: '/tmp/viewer/window' },
    keep: { type: 'boolean', default: false },
  },
});
const PORT = 43_117;
/** A row that is read is counted by a tokenizer, which goes after 20 s without one. */
const TOKENIZER_GOES_MS = 25_000;
const host = z.object({ rss: z.number(), p99: z.number(), max: z.number() });
const rows = Number(values.rows);

async function main(): Promise<void> {
  const workspace = path.join(values.folder, 'workspace');
  const file = path.join(workspace, 'large.jsonl');
  await mkdir(workspace, { recursive: true });
  await generate(file, rows, Number(values.bytes));
  const { size } = await stat(file);
  // The same bytes under a name that the text editor opens, there before the window looks for files.
  const asText = file.replace(/jsonl$/u, 'txt');
  await rm(asText, { force: true });
  await link(file, asText);
  const wc = Math.min(...[1, 2, 3].map(() => timed(() => execFileSync('wc', ['-l', file]))));
  console.log(`${rows} rows, ${(size / 1e9).toFixed(2)} GB; wc -l ${wc.toFixed(0)} ms (page cache)`);
  try {
    await using code = await openVsCode({
      folder: workspace,
      settings: viewerSettings,
      env: { VIEWER_PROBE_PORT: String(PORT) },
      beside: [await probe()],
    });
    const panelClock = await bundled('panelClock.ts', 'iife');
    code.page.on('framenavigated', (frame) => {
      frame.evaluate(panelClock).catch(() => undefined); // A frame that is gone again was not the panel's.
    });
    await sleep(10_000); // What the window does at its start is not the viewer's.
    await measure(code, size, wc);
    await textEditor(code);
  } finally {
    if (!values.keep) await rm(values.folder, { recursive: true });
  }
}

async function measure(code: VsCode, size: number, wc: number): Promise<void> {
  const before = await askHost();
  const memory = await pageMemory(code);
  const { frame } = await openInViewer(code, 'large.jsonl');
  await frame.waitForFunction(() => clock().times.indexed !== undefined && clock().times.rows !== undefined);
  const {
    script = NaN,
    ready = NaN,
    heard = NaN,
    rows: first = NaN,
    indexed = NaN,
  } = await frame.evaluate(() => clock().times);
  report('the webview is ready after its script has come', ready - script, 'ms');
  report('the file heard of after the webview is ready', heard - ready, 'ms');
  report('first rows after the webview is ready', first - ready, 'ms', 300);
  report(`whole index after that (${((indexed - ready) / wc).toFixed(1)} × wc -l)`, indexed - ready, 'ms');
  const opened = await askHost();
  report('host: RSS growth with the index', (opened.rss - before.rss) / 1e6, 'MB');
  report('host: event loop p99 while opening', opened.p99, 'ms', 50);

  const jumps = await frame.evaluate(() => clock().jumps(500));
  const inTable = jumps.map(({ shown }) => shown).sort((a, b) => a - b);
  const inPane = jumps.map(({ read }) => read).sort((a, b) => a - b);
  report('jump, median of 500', inTable[250] ?? NaN, 'ms');
  report('jump, p99', inTable[495] ?? NaN, 'ms', 50);
  report('  longest, and the first', Math.max(...inTable), `ms, ${jumps[0]?.shown.toFixed(0)}`);
  report('  median and p99 until its row is read beside it', inPane[250] ?? NaN, `ms, ${inPane[495]?.toFixed(0)}`);
  await scroll(code, frame);
  await searches(frame, size);
  const after = await askHost();
  const tokenizer = await memoryOf('workers/scan.js');
  report('tokenizer, of the row read a moment ago', tokenizer / 1e6, 'MB');
  await sleep(TOKENIZER_GOES_MS);
  report('  after 25 s', (await memoryOf('workers/scan.js')) / 1e6, 'MB', 0);
  const grown = (await askHost()).rss - before.rss;
  report('host: RSS growth', grown / 1e6, 'MB', 64);
  const file = await memoryOf('workers/rows.js');
  report('the process that has read the file', file / 1e6, 'MB');
  // 8 bytes a line, and what the last block has in reserve.
  report('  both, beyond the index', (grown + file - rows * 8.2) / 1e6, 'MB');
  report('host: event loop p99 meanwhile', after.p99, 'ms', 50);
  report('host: event loop, longest', after.max, 'ms');
  const later = await pageMemory(code);
  report('webview: growth of the scripts’ heap', (later.heap - memory.heap) / 1e6, 'MB', 150);
  report('webview: growth of all renderers', (later.renderers - memory.renderers) / 1e6, 'MB', 150);
}

async function searches(frame: Frame, size: number): Promise<void> {
  const queries = [
    'needle-in-the-haystack',
    'difficulty:hard',
    'confidence:<0.1',
    'qa_id:="chunk_000042_qa_1"',
    'pump',
  ];
  for (const query of [...queries, 'has:question', '-difficulty:hard']) {
    const { first, whole, rows: found } = await frame.evaluate((text) => clock().search(text), query);
    report(`search ${query}: ${found} found`, size / 1e6 / whole, 'GB/s', 0.3, 'least');
    if (query !== 'needle-in-the-haystack') report(`  its first hit`, first ?? NaN, 'ms', 100);
  }
  // What is asked next is answered only when the thread has let go of what was asked before.
  const next = await frame.evaluate(async () => {
    void clock().search('-difficulty:hard');
    await new Promise((resolve) => setTimeout(resolve, 300));
    return (await clock().search('qa_id:chunk_000001')).first;
  });
  report('cancelled, and the first hit of the next', next ?? NaN, 'ms', 100);
  await frame.evaluate(() => clock().search(''));
}

async function scroll(code: VsCode, frame: Frame): Promise<void> {
  const box = await frame.locator('row-table').boundingBox();
  if (!box) throw new Error('The table is not shown.');
  await code.page.mouse.move(box.x + 100, box.y + 100);
  const idle = await watched(frame, () => sleep(2000));
  const drawn = await watched(frame, async () => {
    for (let step = 0; step < 200; step++) {
      await code.page.mouse.wheel(0, 120);
      await sleep(16);
    }
  });
  report('frames a second at rest (what this machine draws)', idle.drawn / idle.seconds, 'fps');
  report('frames a second while scrolling', drawn.drawn / drawn.seconds, 'fps');
  report('  dropped of 60 a second', (1 - drawn.drawn / drawn.seconds / 60) * 100, '%');
  report('  longest frame', drawn.longest, 'ms');
  report('  rows in the document at most', drawn.mostRows, 'rows', 60);
}

async function watched(frame: Frame, action: () => Promise<void>): Promise<Frames> {
  const watching = await frame.evaluateHandle(() => clock().watchFrames());
  await action();
  return watching.evaluate((frames) => frames.stop());
}

async function textEditor(code: VsCode): Promise<void> {
  const started = performance.now();
  await code.page.keyboard.press('ControlOrMeta+p');
  await code.quickPick.type('large.txt');
  await code.quickPick.item('large.txt').first().waitFor();
  await code.quickPick.accept();
  const shown = code.page.locator('.monaco-editor-pane-placeholder, .editor-instance .view-line').first();
  await shown.waitFor({ timeout: 120_000 });
  const text = (await shown.textContent())?.slice(0, 200) ?? '';
  console.log(`text editor after ${(performance.now() - started).toFixed(0)} ms: ${text}`);
}

/** What is left after garbage was collected: heap of the window (panels are on it) and of all processes that draw. */
async function pageMemory(code: VsCode): Promise<{ heap: number; renderers: number }> {
  const session = await code.page.context().newCDPSession(code.page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
  return { heap, renderers: await memoryOf('--type=renderer') };
}

/** Memory of processes by their command lines, shared pages counted in part. */
async function memoryOf(text: string): Promise<number> {
  let bytes = 0;
  for (const { pid, command } of await descendants(process.pid)) {
    if (!command.includes(text)) continue;
    const memory = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''); // It may end meanwhile.
    bytes += Number(/^Pss:\s+(\d+) kB/mu.exec(memory)?.[1] ?? 0) * 1024;
  }
  return bytes;
}

async function askHost(): Promise<z.infer<typeof host>> {
  return host.parse(await (await fetch(`http://127.0.0.1:${PORT}`)).json());
}

async function probe(): Promise<string> {
  const place = path.join(values.folder, 'bench.viewer-probe-1.0.0');
  await mkdir(place, { recursive: true });
  await writeFile(path.join(place, 'probe.js'), await bundled('probe.ts', 'cjs'));
  const manifest = { name: 'viewer-probe', publisher: 'bench', version: '1.0.0', main: './probe.js' };
  const rest = { engines: { vscode: '^1.90.0' }, activationEvents: ['*'] };
  await writeFile(path.join(place, 'package.json'), JSON.stringify({ ...manifest, ...rest }));
  return place;
}

async function bundled(name: string, format: 'cjs' | 'iife'): Promise<string> {
  const entryPoints = [path.join(import.meta.dirname, name)];
  const platform = format === 'cjs' ? 'node' : 'browser';
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format, platform });
  return outputFiles[0]?.text ?? '';
}

function report(what: string, value: number, unit: string, limit?: number, side: 'most' | 'least' = 'most'): void {
  const kept = limit === undefined || (side === 'most' ? value <= limit : value >= limit);
  const verdict = limit === undefined ? '' : `${kept ? '✔' : '✖'} ${side === 'most' ? '≤' : '≥'} ${limit}`;
  console.log(`${what.padEnd(52)} ${value.toFixed(value < 10 ? 2 : 0).padStart(7)} ${unit.padEnd(4)} ${verdict}`);
  if (!kept) process.exitCode = 1;
}

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** Only inside the panel. */
declare function clock(): PanelClock;

void main();
