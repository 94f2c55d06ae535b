import type { Anthropic } from '@anthropic-ai/sdk';
import type { MessageBatchRequestCounts } from '@anthropic-ai/sdk/resources/messages/batches';
import { z } from 'zod';
import { messageBody, openAnthropic, readMessage } from './anthropic';
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
import { unreadableError } from './failures';
import { deploymentOf, type Server } from './server';

/** Of Message Batches; bytes with room for the array around the requests. */
const LIMITS = { requests: 100_000, bytes: 255_000_000 };

/** HTTP statuses of Anthropic's error types, which are all that a batch's line has. */
const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
};

/** Anthropic's Message Batches: half the price, within a day. */
export class AnthropicBatchTeacher implements BatchTeacher {
  readonly provider: string;
  readonly model: string;
  readonly deployment: string;
  #client: Promise<Anthropic> | undefined;

  constructor(
    private readonly server: Server,
    private readonly learnt: LearntCapabilities,
  ) {
    this.provider = server.provider;
    this.model = server.model;
    this.deployment = `${deploymentOf(server)}#batch`;
  }

  parts(requests: Iterable<BatchRequest>): Iterable<readonly BatchRequest[]> {
    return splitBatch(requests, LIMITS, (request) => Buffer.byteLength(JSON.stringify(this.#entry(request))) + 1);
  }

  async submit(requests: readonly BatchRequest[], _token: string, signal: AbortSignal): Promise<string> {
    const batch = await this.#attempt(signal, (client, inner) =>
      client.messages.batches.create({ requests: requests.map((one) => this.#entry(one)) }, { signal: inner }),
    );
    return batch.id;
  }

  /**
   * Message Batches carry no token of ours: one that is as large as ours, was made since then and is no other of ours
   * may be it. Only the ids in its results prove it, so while it is worked on it cannot be told, unless ours is `alone`.
   */
  async find(
    { since, size, names, known, alone = false }: SoughtBatch,
    signal: AbortSignal,
  ): Promise<{ readonly id: string } | 'absent' | 'unclear'> {
    const candidates = await this.#attempt(signal, async (client, inner) => {
      const found: { id: string; ended: boolean }[] = [];
      for await (const batch of client.messages.batches.list({ limit: 100 }, { signal: inner })) {
        // Newest first.
        if (Date.parse(batch.created_at) < since.getTime() - CLOCK_SLACK_MS) break;
        if (totalOf(batch.request_counts) !== size || known.has(batch.id)) continue;
        found.push({ id: batch.id, ended: batch.processing_status === 'ended' });
      }
      return found;
    });
    const open = candidates.filter(({ ended }) => !ended);
    for (const { id, ended } of candidates) {
      if (ended && (await this.#holds(id, names, signal))) return { id };
    }
    const [only, second] = open;
    if (!only) return 'absent';
    return alone && !second ? { id: only.id } : 'unclear';
  }

  async #holds(id: string, names: ReadonlySet<string>, signal: AbortSignal): Promise<boolean> {
    for await (const line of this.#lines(id, signal)) return names.has(lineId(line, this.server));
    return false;
  }

  async poll(id: string, signal: AbortSignal): Promise<BatchStatus> {
    const batch = await this.#attempt(signal, (client, inner) =>
      client.messages.batches.retrieve(id, {}, { signal: inner }),
    );
    const total = totalOf(batch.request_counts);
    return { ended: batch.processing_status === 'ended', total, done: total - batch.request_counts.processing };
  }

  async *results(id: string, signal: AbortSignal): AsyncGenerator<BatchResult> {
    for await (const line of this.#lines(id, signal)) {
      const result = this.#result(line);
      if (result) yield result;
    }
  }

  async *#lines(id: string, signal: AbortSignal): AsyncGenerator {
    // By path, not by the batch's `results_url`: behind a proxy that one names another host, and the key would go there.
    const path = `/v1/messages/batches/${encodeURIComponent(id)}/results`;
    const response = await this.#attempt(signal, (client) => client.get(path, { signal }).asResponse());
    yield* jsonLines(response, this.server, signal);
  }

  async cancel(id: string, signal: AbortSignal): Promise<void> {
    await this.#attempt(signal, (client, inner) => client.messages.batches.cancel(id, {}, { signal: inner }));
  }

  #entry({ id, request }: BatchRequest) {
    return { custom_id: id, params: messageBody(request, this.model, this.learnt.current) };
  }

  #result(value: unknown): BatchResult | undefined {
    const id = lineId(value, this.server);
    const parsed = outputLine.safeParse(value);
    if (parsed.data?.result.type === 'canceled') return undefined;
    return resultOf(id, () => {
      if (!parsed.success) throw unreadableError(this.server, "a line of a batch's results is of another form");
      const { result } = parsed.data;
      if (result.type === 'canceled') throw notReached(this.server, 'canceled');
      if (result.type === 'succeeded')
        return readMessage(result.message, undefined, this.server, () => noUsage(this.server));
      if (result.type === 'expired') throw notReached(this.server, 'expired');
      const type = errored.safeParse(result.error).data?.error.type ?? '';
      throw lineError(STATUS[type] ?? 500, result.error, this.server);
    });
  }

  #attempt<T>(signal: AbortSignal, work: (client: Anthropic, signal: AbortSignal) => Promise<T>): Promise<T> {
    return oneAttempt(this.server, signal, [], async (inner) => {
      this.#client ??= openAnthropic(this.server);
      return work(await this.#client, inner);
    });
  }
}

function totalOf({ processing, succeeded, errored, canceled, expired }: MessageBatchRequestCounts): number {
  return processing + succeeded + errored + canceled + expired;
}

const CLOCK_SLACK_MS = 60_000;

const errored = z.object({ error: z.object({ type: z.string() }) });

const outputLine = z.object({
  result: z.discriminatedUnion('type', [
    z.object({ type: z.literal('succeeded'), message: z.unknown() }),
    z.object({ type: z.literal('errored'), error: z.unknown() }),
    z.object({ type: z.literal('expired') }),
    z.object({ type: z.literal('canceled') }),
  ]),
});
