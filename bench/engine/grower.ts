import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Pipeline, Stage, Unit } from '../../src/core/engine/pipeline';
import { rebuild } from '../../src/core/engine/rebuild';
import { runPipeline } from '../../src/core/engine/run';
import type { Teacher } from '../../src/core/teachers/teacher';

/** `grower.cjs run|resume|rebuild FOLDER ROWS`: a run against a teacher that answers at once; `resume` adds a unit to it. */
const [kind = '', folder = '', rows = ''] = process.argv.slice(2);
const count = Number(rows);
const answer = 'The keystone holds the arch: it takes the thrust of both halves and passes it on. '.repeat(6);
let firstRequest: number | undefined;

const teacher: Teacher = {
  provider: 'bench',
  model: 'instant',
  deployment: 'bench',
  inputTokenBound: () => 300,
  async complete() {
    firstRequest ??= performance.now();
    const usage = { input: 280, cached: 0, cacheWrite: 0, output: 120, reasoning: 0 };
    return { text: answer, finish: 'stop', usage, usageReported: true };
  },
};

const stage: Stage<number, string> = {
  name: 'answer',
  role: 'answerer',
  promptVersion: 1,
  parserVersion: 1,
  maxTokens: () => 200,
  prompt: (index) => ({ messages: [{ role: 'user', content: `Question ${String(index)}: ${'why? '.repeat(200)}` }] }),
  parse: (value) => String(value),
};

function pipeline(units: number): Pipeline<Unit> {
  return {
    kind: 'bench',
    stages: [stage],
    unitCount: units,
    *units() {
      for (let index = 0; index < units; index += 1) yield { index, id: `u${String(index)}` };
    },
    async work(unit, context) {
      const { value } = await context.ask(stage, unit.index);
      await context.inTurn(() => undefined);
      const counts = { requested: 1, ok: 1, approved: 1, rejected: 0, failed: 0, unvalidated: 0 };
      return { rows: { 'answers.jsonl': [{ id: unit.id, value }] }, counts };
    },
    restore: () => undefined,
    outputs: [{ name: 'answers.jsonl', schema: z.object({ id: z.string(), value: z.string() }) }],
  };
}

async function main(): Promise<void> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  if (kind === 'rebuild') {
    await rebuild(folder);
  } else {
    await runPipeline(pipeline(kind === 'resume' ? count + 1 : count), {
      folder,
      teachers: { answerer: [teacher] },
      config: {},
      inputs: [],
      seed: 1,
      budget: { run: 100_000 },
      prices: { 'bench/instant': { input: 1, output: 2 } },
      concurrency: 64,
      resume: [],
    });
  }
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const result = {
    ms,
    cpuMs: (user + system) / 1000,
    rssMb: process.resourceUsage().maxRSS / 1024,
    firstRequestMs: (firstRequest ?? began) - began,
    journalMb: (await stat(path.join(folder, 'journal.jsonl'))).size / 1e6,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

void main();
