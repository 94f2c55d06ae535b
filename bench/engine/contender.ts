import path from 'node:path';
import OpenAI from 'openai';
import { z } from 'zod';
import type { Pipeline, Stage, Unit } from '../../src/core/engine/pipeline';
import { runPipeline } from '../../src/core/engine/run';
import { createTeacher } from '../../src/core/teachers/create';
import type { Teacher } from '../../src/core/teachers/teacher';

/** `contender.cjs bare|engine URL REQUESTS IN_FLIGHT FOLDER [HOME]`: the same requests, once with the SDK alone. */
const [kind = '', url = '', requests = '', inFlight = '', folder = '', home = ''] = process.argv.slice(2);
const count = Number(requests);
const width = Number(inFlight);
const prompt = (index: number): string =>
  `Question ${String(index)}: ${'what holds the arch of a bridge up? '.repeat(12)}`;

async function bare(): Promise<void> {
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${url}/v1`, maxRetries: 0 });
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      await client.chat.completions.create({
        model: 'gpt-4.1-mini',
        messages: [{ role: 'user', content: prompt(index) }],
        max_completion_tokens: 200,
      });
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function engine(teacher: Teacher): Promise<void> {
  const stage: Stage<number, string> = {
    name: 'answer',
    role: 'answerer',
    promptVersion: 1,
    parserVersion: 1,
    maxTokens: () => 200,
    prompt: (index) => ({ messages: [{ role: 'user', content: prompt(index) }] }),
    parse: (value) => String(value),
  };
  const pipeline: Pipeline<Unit> = {
    kind: 'bench',
    stages: [stage],
    unitCount: count,
    *units() {
      for (let index = 0; index < count; index += 1) yield { index, id: String(index) };
    },
    async work(unit, context) {
      const { value } = await context.ask(stage, unit.index);
      const counts = { requested: 1, ok: 1, approved: 1, rejected: 0, failed: 0, unvalidated: 0 };
      return { rows: { 'answers.jsonl': [{ id: unit.id, value }] }, counts };
    },
    outputs: [{ name: 'answers.jsonl', schema: z.object({ id: z.string(), value: z.string() }) }],
  };
  const report = await runPipeline(pipeline, {
    folder: path.join(folder, `engine-${String(process.pid)}`),
    teachers: { answerer: [teacher] },
    config: {},
    inputs: [],
    seed: 1,
    budget: { run: 1000 },
    prices: { 'openai/gpt-4.1-mini': { input: 0.4, output: 1.6 } },
    concurrency: width,
    resume: [],
    ...(home !== '' && { home }),
  });
  if (report.counts.ok !== count) throw new Error(JSON.stringify(report));
}

/** Both have their SDK loaded before the clock starts. */
async function main(): Promise<void> {
  const teacher = await createTeacher(
    { provider: 'openai', model: 'gpt-4.1-mini' },
    { keys: { env: { OPENAI_API_KEY: 'sk-test' } }, env: { OPENAI_BASE_URL: `${url}/v1` } },
  );
  const cpu = process.cpuUsage();
  const began = performance.now();
  await (kind === 'bare' ? bare() : engine(teacher));
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const rssMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ ms, cpuMs: (user + system) / 1000, rssMb })}\n`);
}

void main();
