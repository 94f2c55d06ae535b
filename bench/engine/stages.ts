import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Pipeline, Stage, Unit } from '../../src/core/engine/pipeline';
import { runPipeline } from '../../src/core/engine/run';
import type { Teacher } from '../../src/core/teachers/teacher';
import { holdTo } from './bundled';

/**
 * Three uneven stages on three deployments: the wall against the critical path, which is the slowest stage alone:
 *   npx tsx bench/engine/stages.ts [UNITS]
 */
const units = Number(process.argv[2] ?? 600);
const WIDTH = 32;
const latencies = { sketch: 100, write: 300, check: 50 };

function teacher(ms: number, model: string): Teacher {
  return {
    provider: 'bench',
    model,
    deployment: model,
    inputTokenBound: () => 10,
    async complete() {
      await sleep(ms);
      const usage = { input: 10, cached: 0, cacheWrite: 0, output: 10, reasoning: 0 };
      return { text: 'done', finish: 'stop', usage, usageReported: true };
    },
  };
}

const stages = Object.keys(latencies).map((name): Stage<string, string> => ({
  name,
  role: name,
  promptVersion: 1,
  parserVersion: 1,
  maxTokens: () => 10,
  prompt: (text) => ({ messages: [{ role: 'user', content: `${name} ${text}` }] }),
  parse: (value) => String(value),
}));

const pipeline: Pipeline<Unit> = {
  kind: 'bench',
  stages,
  unitCount: units,
  *units() {
    for (let index = 0; index < units; index += 1) yield { index, id: String(index) };
  },
  async work(unit, context) {
    for (const stage of stages) await context.ask(stage, unit.id);
    const counts = { requested: 1, ok: 1, approved: 1, rejected: 0, failed: 0, unvalidated: 0 };
    return { rows: { 'rows.jsonl': [{ id: unit.id }] }, counts };
  },
  outputs: [{ name: 'rows.jsonl', schema: z.object({ id: z.string() }) }],
};

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'distillery-bench-'));
  const prices = Object.fromEntries(Object.keys(latencies).map((name) => [`bench/${name}`, { input: 0, output: 0 }]));
  const began = performance.now();
  await runPipeline(pipeline, {
    folder,
    teachers: Object.fromEntries(Object.entries(latencies).map(([name, ms]) => [name, [teacher(ms, name)]])),
    config: {},
    inputs: [],
    seed: 1,
    budget: {},
    prices,
    concurrency: WIDTH,
    resume: [],
  });
  const ms = performance.now() - began;
  const critical = (units / WIDTH) * latencies.write + latencies.sketch + latencies.check;
  process.stdout.write(
    `wall ${(ms / 1000).toFixed(2)} s, critical path ${(critical / 1000).toFixed(2)} s: ${(ms / critical).toFixed(3)}\n`,
  );
  holdTo('wall / critical path', ms / critical, { atMost: 1.1 });
  await rm(folder, { recursive: true, force: true });
}

void main();
