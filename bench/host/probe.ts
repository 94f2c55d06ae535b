import fs from 'node:fs';
import promises from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * An extension that is loaded beside ours in the lab and measures the extension host that both live in: the delay of its
 * event loop, its processor time, and the calls to the file system that concern run folders. Each request to its port is
 * answered with what was measured since the one before.
 */

/** How often the event loop is looked at; an idle one is measured as this long. */
const RESOLUTION_MS = 10;
const RUN_FOLDERS = `${path.sep}distillery${path.sep}`;

export function activate(): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const calls = new Map<string, number>();
  countCalls(promises, calls);
  countCalls(fs, calls);
  let since = performance.now();
  let cpu = process.cpuUsage();
  delay.enable();
  createServer((_, response) => {
    const { user, system } = process.cpuUsage(cpu);
    const ms = (nanoseconds: number) => nanoseconds / 1e6;
    const measured = {
      seconds: (performance.now() - since) / 1000,
      cpuMs: (user + system) / 1000,
      p50: ms(delay.percentile(50)),
      p99: ms(delay.percentile(99)),
      max: ms(delay.max),
      calls: Object.fromEntries(calls),
    };
    response.end(JSON.stringify(measured));
    delay.reset();
    calls.clear();
    since = performance.now();
    cpu = process.cpuUsage();
  }).listen(Number(process.env['DISTILLERY_PROBE_PORT']), '127.0.0.1');
}

/** Everything that takes a path first is counted by its name when the path is in a folder of runs. */
function countCalls(module: object, calls: Map<string, number>): void {
  for (const name of Object.keys(module)) {
    const original: unknown = Reflect.get(module, name);
    if (typeof original !== 'function' || /^[A-Z_]/.test(name)) continue;
    Object.defineProperty(module, name, {
      ...Object.getOwnPropertyDescriptor(module, name),
      value: function counted(this: unknown, ...args: unknown[]): unknown {
        const [file] = args;
        if (typeof file === 'string' && file.includes(RUN_FOLDERS)) calls.set(name, (calls.get(name) ?? 0) + 1);
        return Reflect.apply(original, this, args);
      },
    });
  }
}
