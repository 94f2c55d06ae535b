import type {
  MessageBatch,
  MessageBatchIndividualResponse,
  MessageBatchResult,
} from '@anthropic-ai/sdk/resources/messages/batches';
import { isObject } from './asked';
import { chance, hashOf } from './chance';
import type { Exchange } from './exchange';
import { askedByMessages, message, messagesInput } from './messages';
import { batchRefused } from './refusals';
import type { Simulation } from './simulation';

interface Running {
  readonly batch: MessageBatch;
  readonly requests: readonly { readonly custom_id: string; readonly params: Readonly<Record<string, unknown>> }[];
  results: string;
  timer?: NodeJS.Timeout;
}

/** Anthropic's Message Batches. */
export class MessageBatches {
  readonly #running = new Map<string, Running>();
  #next = 1;

  constructor(private readonly simulation: Simulation) {}

  dispose(): void {
    for (const { timer } of this.#running.values()) clearTimeout(timer);
  }

  async handle(exchange: Exchange): Promise<boolean> {
    const [whole, id, action] = /^\/v1\/messages\/batches(?:\/([^/]+))?(?:\/(\w+))?$/.exec(exchange.path) ?? [];
    if (whole === undefined) return false;
    const stranger = this.simulation.strangerError('anthropic', exchange.key);
    if (stranger) {
      exchange.error(stranger, 'anthropic', 'req_0');
      return true;
    }
    if (id === undefined) {
      if (exchange.method === 'POST') this.#create(exchange, await exchange.json());
      else {
        const data = [...this.#running.values()].map(({ batch }) => batch).reverse();
        exchange.send(200, { data, has_more: false, first_id: null, last_id: null });
      }
      return true;
    }
    const running = this.#running.get(id);
    const gone = this.simulation.options.withoutResults && action === 'results';
    if (!running || gone)
      exchange.error({ status: 404, message: 'batch not found', type: 'not_found_error' }, 'anthropic', 'req_0');
    else if (action === 'results') exchange.text(running.results, 'application/x-jsonl');
    else if (action === 'cancel') exchange.send(200, this.#cancel(running, exchange));
    else exchange.send(200, running.batch);
    return true;
  }

  #create(exchange: Exchange, body: Readonly<Record<string, unknown>>): void {
    const requests = (Array.isArray(body.requests) ? body.requests : []).filter(isObject).map((request) => ({
      custom_id: String(request.custom_id),
      params: isObject(request.params) ? request.params : {},
    }));
    if (this.simulation.options.refusesBatches === 'submit') {
      exchange.error(batchRefused(), 'anthropic', 'req_0');
      return;
    }
    const bad = requests.find(({ custom_id }) => !/^[a-zA-Z0-9_-]{1,64}$/.test(custom_id));
    if (bad || requests.length === 0 || requests.length > 100_000) {
      const message = bad
        ? `requests: custom_id "${bad.custom_id}" is not valid`
        : 'requests: wrong number of requests';
      exchange.error({ status: 400, message, type: 'invalid_request_error' }, 'anthropic', 'req_0');
      return;
    }
    const created = new Date();
    const batch: MessageBatch = {
      id: `msgbatch_${this.#next++}`,
      type: 'message_batch',
      processing_status: 'in_progress',
      request_counts: { processing: requests.length, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
      created_at: created.toISOString(),
      expires_at: new Date(created.getTime() + 86_400_000).toISOString(),
      ended_at: null,
      archived_at: null,
      cancel_initiated_at: null,
      results_url: null,
    };
    const running: Running = { batch, requests, results: '' };
    this.#running.set(batch.id, running);
    const origin = `http://${exchange.request.headers.host ?? '127.0.0.1'}`;
    running.timer = setTimeout(() => this.#end(running, origin, false), this.simulation.options.batchMs ?? 50);
    exchange.send(200, batch);
  }

  #cancel(running: Running, exchange: Exchange): MessageBatch {
    if (running.batch.processing_status !== 'ended') {
      clearTimeout(running.timer);
      running.batch.cancel_initiated_at = new Date().toISOString();
      this.#end(running, `http://${exchange.request.headers.host ?? '127.0.0.1'}`, true);
    }
    return running.batch;
  }

  #end({ batch, requests }: Running, origin: string, canceled: boolean): void {
    const running = this.#running.get(batch.id);
    if (!running) return;
    const counts = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
    const lines = requests.map(({ custom_id, params }) => {
      const result: MessageBatchResult = canceled ? { type: 'canceled' } : this.#result(params);
      counts[result.type]++;
      return JSON.stringify({ custom_id, result } satisfies MessageBatchIndividualResponse);
    });
    running.results = `${lines.sort((a, b) => hashOf(a).localeCompare(hashOf(b))).join('\n')}\n`;
    batch.request_counts = counts;
    batch.processing_status = 'ended';
    batch.ended_at = new Date().toISOString();
    batch.results_url = `${origin}/v1/messages/batches/${batch.id}/results`;
  }

  #result(params: Readonly<Record<string, unknown>>): MessageBatchResult {
    const asked = askedByMessages(params);
    const { seed, options } = this.simulation;
    const luck = chance(seed, 'batch', asked.hash, this.simulation.attempt(asked.hash));
    const { batchErrored = 0, batchExpired = 0 } = options;
    if (luck < batchExpired) return { type: 'expired' };
    if (luck < batchExpired + batchErrored) {
      const error = { type: 'api_error', message: 'Internal server error' } as const;
      return { type: 'errored', error: { type: 'error', error, request_id: null } };
    }
    const reply = this.simulation.workInBatch(asked, messagesInput(params, this.simulation.count), false);
    return { type: 'succeeded', message: message(params, asked, reply, 'batch') };
  }
}
