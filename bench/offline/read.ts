/**
 * Prints rows of the offline teacher for reading, as a judge would see them.
 *   npx tsx bench/offline/read.ts FILE… [--rows 40] [--seed 1] [--all] [--questions 5]
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chunks } from '../../src/core/documents/chunk';
import { type GeneratedPair, generationEnvelope, validationEnvelope } from '../../src/core/records/envelopes';
import type { OfflineTask } from '../../src/core/teachers/offline/tasks';
import { createOfflineTeacher } from '../../src/core/teachers/offline/teacher';
import { seededRandom } from '../../src/core/engine/random';

interface Row {
  readonly pair: GeneratedPair;
  readonly passage: string;
  readonly section: readonly string[];
}

const teacher = createOfflineTeacher();
const { signal } = new AbortController();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string', default: '40' },
      seed: { type: 'string', default: '1' },
      questions: { type: 'string', default: '5' },
      all: { type: 'boolean', default: false },
    },
  });
  const rows: Row[] = [];
  const asked = new Set<string>();
  let characters = 0;
  const started = performance.now();
  for (const file of positionals) {
    const text = await readFile(file, 'utf8');
    characters += text.length;
    for await (const row of distill(text, Number(values.questions))) {
      // Chunks overlap; a run drops what is asked twice.
      if (!asked.has(row.pair.question)) rows.push(row);
      asked.add(row.pair.question);
    }
  }
  const seconds = (performance.now() - started) / 1000;
  show(values.all ? rows : sample(rows, Number(values.rows), Number(values.seed)));
  const checking = performance.now();
  let approved = 0;
  for (const row of rows) {
    const says = await objections(row);
    if (says.length === 0) approved += 1;
    else console.log(`Rejected: ${row.pair.question} ${says.join(' ')}`);
  }
  const checked = (performance.now() - checking) / 1000;
  const speed = (time: number) => `${time.toFixed(2)} s, ${(characters / 1000 / time).toFixed(0)} kB/s`;
  console.log(`${rows.length} rows from ${characters} characters in ${speed(seconds)}.`);
  console.log(`Its own validator approves ${approved} of them, in ${speed(checked)}.`);
}

async function* distill(text: string, questions: number): AsyncGenerator<Row> {
  for (const { text: passage, section } of chunks(text)) {
    const reply = await ask({ kind: 'distill.generate', passage, section, questions });
    for (const pair of generationEnvelope.parse(reply).pairs) yield { pair, passage, section };
  }
}

async function objections({ pair, passage, section }: Row): Promise<readonly string[]> {
  const { question, answer, evidence } = pair;
  const reply = await ask({ kind: 'distill.validate', passage, section, question, answer, evidence });
  return validationEnvelope.parse(reply).errors;
}

async function ask(task: OfflineTask): Promise<unknown> {
  const { text } = await teacher.complete({ messages: [], maxTokens: 1000, task }, signal);
  return JSON.parse(text) as unknown;
}

function show(rows: readonly Row[]): void {
  for (const [i, { pair }] of rows.entries()) {
    console.log(`${i + 1}. [${pair.difficulty}] ${pair.question}`);
    console.log(`   A: ${pair.answer.replaceAll('\n', ' ⏎ ')}`);
    console.log(`   E: ${pair.evidence.join(' | ').replaceAll('\n', ' ⏎ ')}\n`);
  }
}

/** Seeded sample without replacement, in the rows' own order. */
function sample(all: readonly Row[], count: number, seed: number): Row[] {
  const random = seededRandom(seed);
  const keyed = all.map((row, order) => ({ row, order, key: random() })).sort((a, b) => a.key - b.key);
  return keyed
    .slice(0, count)
    .sort((a, b) => a.order - b.order)
    .map(({ row }) => row);
}

void main();
