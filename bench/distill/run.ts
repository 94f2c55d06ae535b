/**
 * A document of 1 MB distilled end to end with the offline teacher: chunks, questions, checks, verdicts, exports, every file of
 * a run folder. Prints where the time goes.
 *   npx tsx bench/distill/run.ts [--kb 1000] [--seed 1]
 */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chunks } from '../../src/core/documents/chunk';
import { readDocument } from '../../src/core/documents/read';
import type { SourceDocument } from '../../src/core/documents/types';
import { runPipeline } from '../../src/core/engine/run';
import { distill } from '../../src/core/pipelines/distill/distill';
import { distillDefaults } from '../../src/core/pipelines/distill/options';
import type { OfflineTask } from '../../src/core/teachers/offline/tasks';
import { createOfflineTeacher } from '../../src/core/teachers/offline/teacher';
import type { Teacher } from '../../src/core/teachers/teacher';
import { makeDocument } from './document';

const { values } = parseArgs({
  options: { kb: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});

interface Time {
  readonly cpu: number;
  readonly wall: number;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'distillery-bench-'));
  try {
    const file = path.join(folder, 'document.md');
    await writeFile(file, makeDocument(path.resolve(__dirname, '..', '..'), Number(values.kb) * 1000));
    await measureAll(file, path.join(folder, 'run'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureAll(file: string, run: string): Promise<void> {
  const teacher = createOfflineTeacher();
  // Loaded before anything is timed: the language model is loaded once a process, whatever the document's size.
  await answerAll(teacher, [
    { kind: 'distill.generate', passage: 'The valve opens at 69 bar.', section: [], questions: 1 },
  ]);
  const tasks: OfflineTask[] = [];
  const [report, whole] = await timed(async () =>
    distillOnce(await readDocument(file), recording(teacher, tasks), run),
  );
  const [document, reading] = await timed(() => readDocument(file));
  const [count, chunking] = await timed(() => Promise.resolve([...chunks(document.text)].length));
  const [, generating] = await timed(() =>
    answerAll(
      teacher,
      tasks.filter(({ kind }) => kind === 'distill.generate'),
    ),
  );
  const [, validating] = await timed(() =>
    answerAll(
      teacher,
      tasks.filter(({ kind }) => kind === 'distill.validate'),
    ),
  );
  const journal = await readFile(path.join(run, 'journal.jsonl'), 'utf8');
  const [, parsing] = await timed(() => Promise.resolve(reparse(journal)));
  const parts = [reading, chunking, generating, validating];
  const rest = {
    cpu: whole.cpu - sum(parts.map(({ cpu }) => cpu)),
    wall: whole.wall - sum(parts.map(({ wall }) => wall)),
  };
  const { counts } = report;
  console.log(
    `${(document.bytes / 1e6).toFixed(2)} MB, ${count} passages, ${tasks.length} requests, ${counts.ok} pairs, ${counts.approved} approved`,
  );
  console.log(`journal ${((await stat(path.join(run, 'journal.jsonl'))).size / 1e6).toFixed(1)} MB\n`);
  console.log('stage                                       CPU s   wall s   share of CPU');
  row('read and decode', reading, whole);
  row('chunk', chunking, whole);
  row('teacher: ask (asked again, alone)', generating, whole);
  row('teacher: judge (asked again, alone)', validating, whole);
  row('engine, checks, files, exports (the rest)', rest, whole);
  row('whole run', whole, whole);
  console.log('\nbaselines');
  const base = { cpu: reading.cpu + chunking.cpu, wall: reading.wall + chunking.wall };
  console.log(
    `read and chunk alone: ${base.cpu.toFixed(2)} s of CPU, the run takes ${(whole.cpu / base.cpu).toFixed(0)} times that`,
  );
  console.log(
    `JSON.parse and stringify of the journal's lines: ${parsing.cpu.toFixed(2)} s of CPU, the rest takes ${(rest.cpu / parsing.cpu).toFixed(1)} times that`,
  );
  console.log(
    `${(document.bytes / 1000 / whole.wall).toFixed(0)} kB/s end to end, ${((whole.cpu * 1000) / Math.max(1, counts.ok)).toFixed(1)} ms of CPU a pair`,
  );
}

function distillOnce(document: SourceDocument, teacher: Teacher, folder: string) {
  const seed = Number(values.seed);
  return runPipeline(distill([document], { ...distillDefaults, seed }), {
    folder,
    teachers: { generator: [teacher], validator: [teacher] },
    config: {},
    inputs: [{ path: document.file, bytes: document.bytes, sha256: document.sha256 }],
    seed,
    budget: {},
    concurrency: 16,
    resume: [],
  });
}

/** The same teacher, and a note of what it was asked. */
function recording(teacher: Teacher, tasks: OfflineTask[]): Teacher {
  return {
    ...teacher,
    complete(request, signal) {
      if (request.task) tasks.push(request.task);
      return teacher.complete(request, signal);
    },
  };
}

async function answerAll(teacher: Teacher, tasks: readonly OfflineTask[]): Promise<void> {
  const { signal } = new AbortController();
  for (const task of tasks) await teacher.complete({ messages: [], maxTokens: 1000, task }, signal);
}

function reparse(journal: string): number {
  let bytes = 0;
  for (const line of journal.split('\n')) if (line !== '') bytes += JSON.stringify(JSON.parse(line)).length;
  return bytes;
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, Time]> {
  const before = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, { cpu: (user + system) / 1e6, wall: (performance.now() - started) / 1000 }];
}

function row(name: string, { cpu, wall }: Time, whole: Time): void {
  const share = `${((cpu / whole.cpu) * 100).toFixed(0)} %`;
  console.log(name.padEnd(42) + cpu.toFixed(2).padStart(7) + wall.toFixed(2).padStart(9) + share.padStart(15));
}

function sum(list: readonly number[]): number {
  return list.reduce((total, one) => total + one, 0);
}

void main();
