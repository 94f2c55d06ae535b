import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChunkRow, GoldenRow, QaRow, ValidationRow } from '../../src/core/records/distill';

const project = path.resolve(__dirname, '..', '..');

export interface ViewerWorkspace extends AsyncDisposable {
  readonly folder: string;
  /** `distillery/distill-handbook`, as a run leaves it. */
  readonly run: string;
  readonly golden: readonly GoldenRow[];
  readonly pairs: readonly QaRow[];
}

/** A workspace folder with the handbook and a run folder whose rows really quote it. */
export async function viewerWorkspace(): Promise<ViewerWorkspace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'distillery-viewer-'));
  const run = path.join(folder, 'distillery', 'distill-handbook');
  await mkdir(run, { recursive: true });
  await cp(path.join(project, 'examples', 'handbook.md'), path.join(folder, 'handbook.md'));
  const document = await readFile(path.join(folder, 'handbook.md'), 'utf8');
  const rows = rowsOf(document);
  await writeFile(path.join(run, 'run.json'), JSON.stringify({ version: 1, run: 'distill-handbook', kind: 'distill' }));
  await writeRows(path.join(run, 'chunks.jsonl'), rows.chunks);
  await writeRows(path.join(run, 'generated_qa_pairs.jsonl'), rows.pairs);
  await writeRows(path.join(run, 'validation_results.jsonl'), rows.validations);
  await writeRows(path.join(run, 'golden_dataset.jsonl'), rows.golden);
  return {
    folder,
    run,
    golden: rows.golden,
    pairs: rows.pairs,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export async function writeRows(file: string, rows: readonly unknown[]): Promise<void> {
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/** A chunk for each paragraph that has sentences, a pair for each sentence: enough to be read, true in every offset. */
function rowsOf(document: string) {
  const sha256 = createHash('sha256').update(document).digest('hex');
  const chunks: ChunkRow[] = [];
  const pairs: QaRow[] = [];
  for (const paragraph of document.matchAll(/^[A-Z][^\n]{120,}$/gmu)) {
    const start = paragraph.index;
    const text = paragraph[0];
    const chunkId = `chunk_${String(chunks.length).padStart(6, '0')}`;
    const line = document.slice(0, start).split('\n').length;
    const place = { file: 'handbook.md', sha256, start, end: start + text.length };
    chunks.push({
      chunk_id: chunkId,
      text,
      source: { ...place, line_start: line, line_end: line },
      section: [],
      char_count: text.length,
    });
    for (const [nth, sentence] of [...text.matchAll(/[^.!?]+[.!?]/gu)].entries()) {
      const quote = sentence[0].trim();
      const from = start + text.indexOf(quote);
      pairs.push({
        qa_id: `${chunkId}_qa_${nth}`,
        question: `What does the handbook say about “${quote.split(' ').slice(0, 6).join(' ')}…”?`,
        answer: quote,
        reasoning: 'The passage says so in these words.',
        difficulty: (['easy', 'medium', 'hard'] as const)[nth % 3] ?? 'easy',
        evidence: [{ quote, start: from, end: from + quote.length }],
        source: { file: 'handbook.md', sha256, chunk_id: chunkId, start: place.start, end: place.end },
        confidence: 0.9,
        teacher: 'offline/extractive',
        cost_estimate: 0,
        timestamp: '2026-11-21T11:00:00.000Z',
      });
    }
  }
  const golden = pairs.map((pair): GoldenRow => ({
    instruction: pair.question,
    input: '',
    output: pair.answer,
    reasoning: pair.reasoning,
    difficulty: pair.difficulty,
    source: pair.source.chunk_id,
  }));
  return { chunks, pairs, golden, validations: pairs.map(approval) };
}

function approval({ qa_id }: QaRow): ValidationRow {
  return {
    qa_id,
    checks: { evidence: 'verified', not_empty: true, stands_alone: true, duplicate_of: null },
    validation: {
      grounded: true,
      no_hallucination: true,
      complete: true,
      approved: true,
      errors: [],
      corrections: null,
      confidence: 0.93,
    },
    status: 'approved',
    reason: '',
    cost_estimate: 0,
  };
}
