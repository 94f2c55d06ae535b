import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readDocument } from '../../src/core/documents/read';
import { estimateRun } from '../../src/core/engine/estimate';
import { pricesFor } from '../../src/core/engine/pricing';
import { runPipeline } from '../../src/core/engine/run';
import { distill } from '../../src/core/pipelines/distill/distill';
import { distillDefaults } from '../../src/core/pipelines/distill/options';
import type { RunReport } from '../../src/core/records/run';
import { createTeacher } from '../../src/core/teachers/create';
import { parseTeacher } from '../../src/core/teachers/spec';
import { keys } from '../../test/simulator/requests';
import { startSimulator } from '../../test/simulator/server';
import { table } from '../engine/bundled';

/**
 * Estimates against what distillations then cost, over documents, models, options and faults of all kinds:
 *   npx tsx bench/estimate/estimate.ts [--runs 20] [--first 0] [--passages 40]
 * `--first 20` are other runs. Exit code 1 when more than one in twenty ends outside of low to high, or is far from the corrected likely one.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    first: { type: 'string', default: '0' },
    passages: { type: 'string', default: '40' },
  },
});
const root = path.resolve(import.meta.dirname, '../..');
/** Together some forty passages each. */
const libraries = [
  ['examples/handbook.md', 'examples/field-notes.txt'],
  ['essay', 'biography', 'fresh-2-city', 'fresh-2-craft', 'fresh-2-medicine', 'fresh-2-memoir'],
  ['fresh-2-report', 'fresh-2-science', 'fresh-2-town', 'fresh-2-animal', 'fresh-3-machine', 'fresh-3-report'],
  ['fresh-animal', 'fresh-biography', 'fresh-machine', 'fresh-report', 'fresh-3-town', 'fresh-3-biography'],
].map((names) => names.map((name) => (name.includes('/') ? name : `test/fixtures/prose/${name}.txt`)));
const models = ['openai/gpt-6-luna', 'anthropic/claude-haiku-5-5', 'deepseek/deepseek-flash', 'openai/gpt-6.1-terra'];
const WITHIN = 0.15;
/** What is said is held to that from when it says itself that it is sure to so much. */
const SURE = 0.2;
/** The simulator answers thirty times as fast as a provider: so are pauses after failures. */
const patience = { backoffMs: 15, longestBackoffMs: 1000 };

/** One of `choices`, another one at every run, in a rhythm of its own. */
function pick<T>(choices: readonly [T, ...T[]], run: number, stride: number): T {
  return choices[Math.floor(run / stride) % choices.length] ?? choices[0];
}

async function measure(run: number, folder: string) {
  const library = libraries[(run + Math.floor(run / 4)) % libraries.length] ?? [];
  const generator = models[run % models.length] ?? '';
  const validator = models[(run + Math.floor(run / 4)) % models.length] ?? '';
  const options = {
    ...distillDefaults,
    questions: pick([5, 3, 8], run, 1),
    chunkSize: pick([800, 500, 1200], run, 2),
    votes: pick([1, 1, 3], run, 1),
    validateFraction: pick([1, 1, 0.5], run, 3),
    maxPassages: Number(values.passages),
    seed: run,
  };
  const fault = pick([0, 0.02], run, 2);
  const simulator = await startSimulator({
    seed: run,
    latencyMs: 60,
    jitterMs: 60,
    cached: pick([0, 0.5], run, 5),
    fabrication: pick([0, 0.1], run, 3),
    faults: { wrong_schema: fault, truncated: fault, server_error: fault, rate_limit_bare: fault, reset: fault },
  });
  try {
    const context = { keys: { env: keys }, env: simulator.env, learnt: new Map() };
    const teachers = {
      generator: [await createTeacher(parseTeacher(generator), context)],
      validator: [await createTeacher(parseTeacher(validator), context)],
    };
    const documents = await Promise.all(library.map((name) => readDocument(path.join(root, name), { name })));
    const pipeline = distill(documents, options);
    const before = await estimateRun(
      pipeline.planned?.() ?? [],
      teachers,
      await pricesFor(Object.values(teachers).flat(), {}),
    );
    let first: RunReport['estimate'];
    let settled: RunReport['estimate'];
    let firstAt = 0;
    let settledAt = 0;
    const report = await runPipeline(pipeline, {
      folder,
      teachers,
      config: {},
      inputs: [],
      seed: run,
      budget: {},
      concurrency: 8,
      patience,
      resume: [],
      onProgress: ({ estimate, requests }) => {
        if (settled || !estimate?.corrected) return;
        if (!first) firstAt = requests;
        first ??= estimate;
        if (estimate.high_usd - estimate.low_usd > 2 * SURE * estimate.likely_usd) return;
        settled = estimate;
        settledAt = requests;
      },
    });
    return { library, generator, validator, options, before, first, firstAt, settled, settledAt, report };
  } finally {
    await simulator.close();
  }
}

async function main(): Promise<void> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'distillery-estimate-'));
  const rows = [];
  let outside = 0;
  let far = 0;
  /** Those that ended before the few answers that they have told enough to be sure. */
  let unsure = 0;
  let firstOutside = 0;
  const runs = Number(values.runs);
  const from = Number(values.first);
  for (let run = from; run < from + runs; run += 1) {
    const result = await measure(run, path.join(home, String(run)));
    const { before, first: early, settled, report } = result;
    const spent = report.spend_usd;
    const inside = spent >= before.low_usd && spent <= before.high_usd;
    const off = settled ? settled.likely_usd / spent - 1 : undefined;
    const earlyInside = !early || (spent >= early.low_usd && spent <= early.high_usd);
    if (!earlyInside) firstOutside += 1;
    if (!inside) outside += 1;
    if (off === undefined) unsure += 1;
    else if (Math.abs(off) > WITHIN) far += 1;
    const dollars = (usd: number): string => usd.toFixed(4);
    rows.push({
      documents: path.parse(result.library[0] ?? '').name,
      generator: result.generator,
      validator: result.validator,
      'q/votes': `${result.options.questions}/${result.options.votes}`,
      low: dollars(before.low_usd),
      high: dollars(before.high_usd),
      spent: dollars(spent),
      inside: inside ? 'yes' : 'NO',
      'corrected at': early ? `${result.firstAt} of ${report.requests}` : '',
      'first range': early ? `${dollars(early.low_usd)}-${dollars(early.high_usd)}${earlyInside ? '' : ' NO'}` : '',
      'sure at': settled ? String(result.settledAt) : '',
      likely: settled ? dollars(settled.likely_usd) : '',
      off: off === undefined ? '' : `${(off * 100).toFixed(0)} %`,
    });
  }
  table(rows);
  process.stdout.write(
    `${runs - outside} of ${runs} within low to high, ${runs - firstOutside} within the first corrected range, ` +
      `${runs - unsure - far} of ${runs - unsure} within 15 % once it is sure, ${unsure} ended before that\n`,
  );
  await rm(home, { recursive: true, force: true });
  if ([outside, firstOutside, far].some((misses) => misses > runs / 20)) process.exitCode = 1;
}

void main();
