import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type * as z from 'zod/mini';
import { DatasetError, type DatasetErrorCode, type RowProblem } from './errors';
import { countLines, lineBlocks, linesOf, type Line, type LineBlock } from './lines';
import { datasetLines, isLinesFile } from './rows';
import { readBytes } from './source';

/**
 * What is found out about a block of lines without knowing any other block: parsing and looking, which is most of the
 * work of a step. It runs on whatever thread; what it returns is given to the thread that puts the blocks together.
 */
export type Scan<Result> = (lines: readonly Line[]) => Result | Promise<Result>;

/** A scan that threads can start by its name: `block-scans.ts` lists them for `blocks.worker.ts`. */
export interface BlockScan<Config, Result> {
  readonly name: string;
  /** From how many bytes on threads are worth their start: some 60 ms of a processor each, and code that is cold. */
  readonly threadsFrom: (config: Config) => number;
  /** Nothing but data: it is copied to threads. */
  readonly config: z.ZodMiniType<Config>;
  readonly prepare: (config: Config, signal?: AbortSignal) => Scan<Result> | Promise<Scan<Result>>;
}

export interface ScannedBlock<Result> {
  /** Bytes in it are good until two more blocks were asked for. */
  readonly found: Result;
  /** The lines once more, for the rare case in which what was found does not suffice. */
  readonly lines: () => readonly Line[];
}

/** What a thread is asked, and what it answers. */
export type ScanRequest = LineBlock & { readonly number: number };
export type ScanReply<Result> =
  | { readonly found: Result; readonly bytes: Uint8Array }
  | { readonly failed: { readonly code?: DatasetErrorCode; readonly message: string; readonly rows?: RowProblem[] } };

/** More than four are not fed by one that reads, joins and writes. */
const MOST_THREADS = 4;
/** Beside the bundle. From source there is none: everything then happens on the thread that asks. */
const script = join(__dirname, 'workers', 'blocks.js');

/**
 * Scans a dataset block by block, of a long file on several threads, and hands the results over in the order of the
 * file. Memory holds a few blocks.
 * @throws {DatasetError} `not_found`, `unreadable`, `not_utf8`, and what the scan throws
 */
export async function* scanFile<Config, Result>(
  file: string,
  scan: BlockScan<Config, Result>,
  config: Config,
  options: ScanOptions = {},
): AsyncGenerator<ScannedBlock<Result>> {
  const { signal } = options;
  const threads = await threadsFor(file, options.thread?.from ?? scan.threadsFrom(config), options);
  if (threads > 1) {
    yield* onThreads(file, () => startThread(scan.name, config, options.thread), threads, signal);
    return;
  }
  const look = await scan.prepare(config, signal);
  for await (const lines of datasetLines(file, signal)) {
    signal?.throwIfAborted();
    yield { found: await look(lines), lines: () => lines };
  }
  signal?.throwIfAborted();
}

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** How a thread is started, and from how many bytes on it is worth it: for tests, which have no bundle. */
  readonly thread?: { readonly start: (workerData: unknown) => Worker; readonly from: number };
}

async function threadsFor(file: string, from: number, { thread }: ScanOptions): Promise<number> {
  if (thread === undefined && !existsSync(script)) return 1;
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size < from || !(await isLinesFile(file))) return 1;
  return Math.min(MOST_THREADS, availableParallelism());
}

function startThread(name: string, config: unknown, thread: ScanOptions['thread']): Worker {
  const workerData = { name, config };
  return thread ? thread.start(workerData) : new Worker(script, { workerData });
}

async function* onThreads<Result>(
  file: string,
  start: () => Worker,
  count: number,
  signal?: AbortSignal,
): AsyncGenerator<ScannedBlock<Result>> {
  const threads = Array.from({ length: count }, () => new ScanThread<Result>(start()));
  const waiting: Promise<ScannedBlock<Result>>[] = [];
  const stop = () => void threads.map((thread) => thread.stop());
  signal?.addEventListener('abort', stop);
  try {
    let number = 1;
    let turn = 0;
    for await (const block of lineBlocks(readBytes(file, signal), file)) {
      const lines = countLines(block);
      const scanned = threads[turn++ % count]?.scan({ ...block, number });
      // Whoever waits for it gets the error; until then it must not count as unhandled.
      scanned?.catch(() => undefined);
      if (scanned) waiting.push(scanned);
      number += lines;
      if (waiting.length < count * 2) continue;
      const first = await waiting.shift();
      if (first) yield first;
    }
    for (const scanned of waiting) yield await scanned;
    signal?.throwIfAborted();
  } catch (error) {
    // A thread that was stopped says so in its own way.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

/** A thread answers in the order in which it was asked. */
class ScanThread<Result> {
  private readonly asked: {
    readonly answer: (reply: ScanReply<Result>) => void;
    readonly fail: (why: Error) => void;
  }[] = [];

  private ended: Error | undefined;

  constructor(private readonly worker: Worker) {
    worker.on('message', (reply: ScanReply<Result>) => this.asked.shift()?.answer(reply));
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', () => this.fail(new Error('A thread that reads the dataset has ended.')));
  }

  scan(request: ScanRequest): Promise<ScannedBlock<Result>> {
    const { number, offset } = request;
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.ended);
        return;
      }
      const answer = (reply: ScanReply<Result>) => {
        if ('failed' in reply) reject(errorOf(reply.failed));
        else {
          const { bytes } = reply;
          const lines = () =>
            linesOf({ bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), offset }, number);
          resolve({ found: reply.found, lines });
        }
      };
      this.asked.push({ answer, fail: reject });
      const { buffer } = request.bytes;
      this.worker.postMessage(request, buffer instanceof ArrayBuffer ? [buffer] : []);
    });
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(why: Error): void {
    this.ended ??= why;
    for (const { fail } of this.asked.splice(0)) fail(why);
  }
}

function errorOf({ code, message, rows }: Extract<ScanReply<unknown>, { failed: unknown }>['failed']): Error {
  return code === undefined ? new Error(message) : new DatasetError(code, message, rows);
}
