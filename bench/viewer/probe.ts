import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** An extension beside ours in the lab: says how the extension host that both live in does, since it was last asked. */
export function activate(): void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  createServer((_, response) => {
    const { rss } = process.memoryUsage();
    response.end(JSON.stringify({ rss, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 }));
    delay.reset();
  }).listen(Number(process.env['VIEWER_PROBE_PORT']), '127.0.0.1');
}
