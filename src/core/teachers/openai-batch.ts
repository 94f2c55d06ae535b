import type { OpenAI } from 'openai';
import { z } from 'zod';
import { oneAttempt } from './attempt';
import {
  splitBatch,
  type BatchRequest,
  type BatchResult,
  type BatchStatus,
  type BatchTeacher,
  type SoughtBatch,
} from './batch';
import { jsonLines, lineError, lineId, notReached, noUsage, resultOf } from './batch-results';
import type { LearntCapabilities } from './capabilities';
import { readChatCompletion } from './chat-completion';
import { unreadableError } from './failures';
import { chatBody, openClient } from './openai';
import { deploymentOf, type Server } from './server';

/** Of OpenAI's Batch API; bytes with room for what the multipart form adds. */
const LIMITS = { requests: 50_000, bytes: 199_000_000 };
const ENDPOINT = '/v1/chat/completions';
/** Batches looked through for one of ours after a crash: those of about a day. */
const PAGES = 10;

/** OpenAI's Files and Batches: half the price, within a day. */
export class OpenAIBatchTeacher implements BatchTeacher {
  readonly provider: string;
  readonly model: string;
  readonly deployment: string;
  #client: Promise<OpenAI> | undefined;

  constructor(
    private readonly server: Server,
    private readonly learnt: LearntCapabilities,
  ) {
    this.provider = server.provider;
    this.model = server.model;
    this.deployment = `${deploymentOf(server)}#batch`;
  }

  parts(requests: Iterable<BatchRequest>): Iterable<readonly BatchRequest[]> {
    return splitBatch(requests, LIMITS, (request) => Buffer.byteLength(this.#line(request)));
  }

  async submit(requests: readonly BatchRequest[], token: string, signal: AbortSignal): Promise<string> {
    const lines = requests.map((request) => this.#line(request));
    return this.#attempt(signal, async (client, inner) => {
      const file = await client.files.create(
        { purpose: 'batch', file: new File(lines, `${token}.jsonl`, { type: 'application/jsonl' }) },
        { signal: inner },
      );
      const batch = await client.batches.create(
        { input_file_id: file.id, endpoint: ENDPOINT, completion_window: '24h', metadata: { token } },
        { signal: inner },
      );
      return batch.id;
    });
  }

  async find({ token, since }: SoughtBatch, signal: AbortSignal): Promise<{ readonly id: string } | 'absent'> {
    return this.#attempt(signal, async (client, inner) => {
      let page = await client.batches.list({ limit: 100 }, { signal: inner });
      for (let read = 0; read < PAGES; read++) {
        const found = page.data.find((batch) => batch.metadata?.token === token);
        if (found) return { id: found.id };
        // Newest first: older than our submit (but for a clock that is wrong by an hour) means it never arrived.
        const oldest = page.data.at(-1)?.created_at ?? 0;
        if (oldest * 1000 < since.getTime() - 3_600_000 || !page.hasNextPage()) return 'absent';
        page = await page.getNextPage();
      }
      return 'absent';
    });
  }

  async poll(id: string, signal: AbortSignal): Promise<BatchStatus> {
    const batch = await this.#attempt(signal, (client, inner) => client.batches.retrieve(id, { signal: inner }));
    const { total = 0, completed = 0, failed = 0 } = batch.request_counts ?? {};
    const counts = { total, done: completed + failed };
    switch (batch.status) {
      case 'completed':
      case 'expired':
      case 'cancelled':
        return { ended: true, ...counts };
      case 'failed': {
        const errors = batch.errors?.data ?? [];
        const reasons = errors.map((error) => error.message ?? error.code ?? '').join('; ');
        // The account may queue only so many tokens: a passing state, told as an error of the batch.
        const status = errors.some((error) => error.code === 'token_limit_exceeded') ? 429 : 400;
        return { ended: true, ...counts, rejected: lineError(status, { message: reasons }, this.server) };
      }
      default:
        return { ended: false, ...counts };
    }
  }

  async *results(id: string, signal: AbortSignal): AsyncGenerator<BatchResult> {
    const batch = await this.#attempt(signal, (client, inner) => client.batches.retrieve(id, { signal: inner }));
    for (const file of [batch.output_file_id, batch.error_file_id]) {
      if (!file) continue;
      const response = await this.#attempt(signal, (client) => client.files.content(file, { signal }));
      for await (const line of jsonLines(response, this.server, signal)) yield this.#result(line);
    }
  }

  async cancel(id: string, signal: AbortSignal): Promise<void> {
    await this.#attempt(signal, (client, inner) => client.batches.cancel(id, { signal: inner }));
  }

  #line({ id, request }: BatchRequest): string {
    const body = chatBody(request, this.model, this.learnt.current);
    return `${JSON.stringify({ custom_id: id, method: 'POST', url: ENDPOINT, body })}\n`;
  }

  #result(value: unknown): BatchResult {
    const id = lineId(value, this.server);
    return resultOf(id, () => {
      const line = outputLine.safeParse(value);
      if (!line.success) throw unreadableError(this.server, "a line of a batch's results is of another form");
      const { response, error } = line.data;
      // `batch_expired`, `batch_cancelled`: not worked on, so it belongs into a following batch.
      if (!response) throw notReached(this.server, error?.code);
      const { status_code: status, body, request_id: requestId } = response;
      if (status >= 300) throw lineError(status, body, this.server, requestId);
      return readChatCompletion(body, undefined, this.server, () => noUsage(this.server));
    });
  }

  #attempt<T>(signal: AbortSignal, work: (client: OpenAI, signal: AbortSignal) => Promise<T>): Promise<T> {
    return oneAttempt(this.server, signal, [], async (inner) =>
      work(await (this.#client ??= openClient(this.server)), inner),
    );
  }
}

const outputLine = z.object({
  response: z.object({ status_code: z.number(), request_id: z.string().optional(), body: z.unknown() }).nullish(),
  error: z.object({ code: z.string().nullish() }).nullish(),
});
