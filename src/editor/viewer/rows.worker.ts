import { dirname } from 'node:path';
import { applyReview } from '../../core/datasets/view/applyReview';
import { DatasetFile } from '../../core/datasets/view/datasetFile';
import { withEdits } from '../../core/datasets/view/edits';
import { DatasetViewError } from '../../core/datasets/view/errors';
import { otherHalf } from '../../core/datasets/view/pairHalves';
import { asksForReview } from '../../core/datasets/view/findRows';
import { keepUp } from '../../core/datasets/view/keepUp';
import { pairPreview } from '../../core/datasets/view/pairPreview';
import { Review } from '../../core/datasets/view/review';
import { reviewPath } from '../../core/datasets/view/reviewLog';
import { detailMessage, previewMessage } from '../../core/datasets/view/rowMessages';
import { RunFolder } from '../../core/datasets/view/runFolder';
import { Unpacking } from '../../core/datasets/view/unpacking';
import { serve } from '../../protocol/channel';
import { rowsContract, type ReviewCounts } from '../../protocol/rows';
import { Lookout } from './lookout';
import { editorPort } from './processPort';
import { Views } from './views';

/** How often the file and its review log are looked at for what others did. */
const FOLLOW_MS = 500;
/** Snapshots while indexing: often enough to see rows come, seldom enough to cost nothing. */
const TELL_MS = 60;

interface Opened {
  readonly dataset: DatasetFile;
  /** The file that the person opened; the dataset may be an unpacked copy of it. */
  readonly original: string;
  readonly review: Review;
  readonly views: Views;
}

let opened: Opened | undefined;
const lookout = new Lookout(FOLLOW_MS);
let lastTold = 0;
let lastJudging = 0;
let reviewVersion = 0;

const server = serve(editorPort(), rowsContract, {
  open: async ({ path, packed, original, cache }) => {
    const unpacking = packed === null ? undefined : await Unpacking.begin(packed, path, dirname(path));
    const dataset = await DatasetFile.open(path, cache ?? undefined, tell, unpacking);
    const review = await Review.open(dataset, reviewPath(original));
    opened = { dataset, original, review, views: new Views((progress) => server.emit('found', progress)) };
    void follow(opened);
    return dataset.state;
  },
  previews: ({ lines, columns }) => previews(current(), lines, columns),
  page: async ({ columns, ...stretch }) => {
    const { generation, rows } = await previews(current(), linesOf(stretch), columns);
    return { generation, rows: narrow(JSON.stringify(rows)) };
  },
  lines: (stretch) => ({ lines: linesOf(stretch) }),
  positionOf: ({ view, line }) => {
    const { views, dataset } = current();
    return { position: views.positionOf(view, line, dataset.state.lines) };
  },
  find: async ({ view, ...asked }, signal) => {
    const { views, dataset, original, review } = current();
    if (asksForReview(asked.query)) await review.settled();
    return views.find(view, { ...asked, path: dataset.path, original, review: review.state }, signal);
  },
  forget: ({ view }) => {
    current().views.forget(view);
    return {};
  },
  detail: async ({ view, position }) => {
    const { dataset, review } = current();
    const [line] = linesOf({ view, start: position, count: 1 });
    if (line === undefined) return null;
    const row = await dataset.row(line);
    const other = await otherHalf(dataset, row);
    return detailMessage(row, await review.of(row), other && { read: other, review: await review.of(other) });
  },
  values: async ({ lines }) => ({ rows: await valuesOf(lines) }),
  raw: async ({ line, most }) => {
    const { dataset } = current();
    const bytes = await dataset.bytes(line, most);
    const { start, end } = dataset.lineIndex.range(line);
    const whole = end - start <= most;
    // A cut may go through a letter.
    return { text: bytes.toString('utf8').replace(whole ? /\r$/u : /\ufffd$/u, ''), whole };
  },
  pair: async ({ line, choices: { variant, label } }) => {
    const { dataset, original } = current();
    return pairPreview(await dataset.row(line), original, { variant, ...(label === '' ? {} : { label }) });
  },
  provenance: async ({ line }, signal) => {
    const { dataset, original } = current();
    const folder = await RunFolder.around(original);
    const { row } = await dataset.row(line);
    if (!folder || row.state !== 'ok') return null;
    const found = await folder.provenanceOf(row.value, signal);
    return found && { ...found, evidence: [...found.evidence] };
  },
  judge: ({ lines, deed }) =>
    inTurn(async () => {
      await current().review.judge(lines, deed);
      return tellReview();
    }),
  judgeStretch: ({ deed, ...stretch }, signal) => {
    const lines = linesOf(stretch);
    return inTurn(async () => {
      if (lines.length > 0) {
        await current().review.judge(lines, deed, signal, (done) => tellJudging(done, lines.length));
      }
      return { rows: lines.length, counts: tellReview() };
    });
  },
  undo: () =>
    inTurn(async () => {
      const lines = await current().review.undo();
      return { lines, counts: tellReview() };
    }),
  apply: async ({ keep }, signal) => {
    const { dataset, review, original } = current();
    await review.settled();
    return applyReview(dataset, review, original, keep, signal);
  },
  watch: ({ on }) => {
    lookout.watch(on);
    return {};
  },
  close: async () => {
    const closing = opened;
    opened = undefined;
    await closing?.dataset.close();
    return {};
  },
});

function linesOf({ view, start, count }: { view: number | null; start: number; count: number }): number[] {
  const { views, dataset } = current();
  return views.lines(view, start, count, dataset.state.lines);
}

/** The mark of a text that was cut, spelt so that it does not make two bytes of every letter of the text around it. */
function narrow(json: string): string {
  return json.replaceAll('…', '\\u2026');
}

/** Rows as JSON, with their edits; lines that are none are left out. */
async function valuesOf(lines: readonly number[]): Promise<string[]> {
  const { dataset, review } = current();
  const rows: string[] = [];
  for (const line of lines) {
    const read = await dataset.row(line);
    if (read.row.state !== 'ok') continue;
    rows.push(JSON.stringify(withEdits(read.row.value, (await review.of(read))?.edits ?? [])));
  }
  return rows;
}

async function previews({ dataset, review }: Opened, lines: readonly number[], columns: readonly string[]) {
  const rows = await dataset.previews(lines);
  const messages = rows.map(async (row) => previewMessage(row, columns, await review.of(row)));
  return { generation: dataset.state.generation, rows: await Promise.all(messages) };
}

/** Deeds are written in the order of the keys: an undo must find the verdict that was given before it. */
let lastDeed: Promise<unknown> = Promise.resolve();
function inTurn<T>(deed: () => Promise<T>): Promise<T> {
  const done = lastDeed.then(deed, deed);
  lastDeed = done.catch(() => undefined); // The one who asked hears of it.
  return done;
}

function current(): Opened {
  if (!opened) throw new DatasetViewError('not_open', 'The dataset is not open. Close its tab and open it again.');
  return opened;
}

/** For as long as it is open. */
async function follow(mine: Opened): Promise<void> {
  const failed = (error: unknown) => {
    if (opened !== mine) return; // Closed while it was read.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    server.emit('failed', { code, message: error instanceof Error ? error.message : String(error) });
  };
  await keepUp(mine.dataset, mine.review, { dataset: tellNow, review: tellReview, failed }, async () => {
    await lookout.next();
    return opened === mine;
  });
}

function tell(): void {
  const now = Date.now();
  if (opened?.dataset.state.complete !== true && lastTold !== 0 && now - lastTold < TELL_MS) return;
  tellNow();
}

function tellNow(): void {
  lastTold = Date.now();
  if (opened) server.emit('changed', opened.dataset.state);
}

function tellJudging(done: number, total: number): void {
  const now = Date.now();
  if (now - lastJudging < TELL_MS) return;
  lastJudging = now;
  server.emit('judging', { done, total });
}

function tellReview(): ReviewCounts {
  const counts = { version: ++reviewVersion, ...current().review.counts };
  server.emit('reviewed', counts);
  return counts;
}
