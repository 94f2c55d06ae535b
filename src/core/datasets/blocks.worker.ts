import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod/mini';
import { startScan } from './block-scans';
import type { ScanReply, ScanRequest } from './blocks';
import { DatasetError } from './errors';
import { linesOf } from './lines';

if (!parentPort) throw new Error('This file is a worker thread of the dataset functions.');
const port = parentPort;

const { name, config } = z.object({ name: z.string(), config: z.unknown() }).parse(workerData);
const scan = startScan(name, config);
let before: Promise<void> = Promise.resolve();

port.on('message', (request: ScanRequest) => {
  // Answers go out in the order of the questions, also when a scan waits for something.
  before = before.then(() => answer(request));
});

async function answer({ bytes: sent, number, offset }: ScanRequest): Promise<void> {
  const bytes = Buffer.from(sent.buffer, sent.byteOffset, sent.length);
  try {
    const found = await (await scan)(linesOf({ bytes, offset }, number));
    reply({ found, bytes: sent }, [sent, ...views(found)]);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { message } = error;
    const known = error instanceof DatasetError ? { code: error.code, rows: [...error.rows] } : {};
    reply({ failed: { message, ...known } }, []);
  }
}

function reply(what: ScanReply<unknown>, handedOver: readonly ArrayBufferView[]): void {
  const memory = new Set(handedOver.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : [])));
  port.postMessage(what, [...memory]);
}

function views(found: unknown): ArrayBufferView[] {
  if (typeof found !== 'object' || found === null) return [];
  return Object.values(found).filter((value: unknown) => ArrayBuffer.isView(value));
}
