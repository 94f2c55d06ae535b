import { once } from 'node:events';
import { createServer } from 'node:http';
import { isObject, type Asked } from './asked';
import { batchTrouble } from './batch-faults';
import type { Bill } from './bill';
import { askedByChat, chatCompletion, chatEvents, chatInput, completion } from './chat';
import { hashOf } from './chance';
import { Exchange } from './exchange';
import { FileBatches } from './file-batches';
import { MessageBatches } from './message-batches';
import { askedByMessages, message, messageEvents, messagesInput } from './messages';
import { type FaultName, liveOptions, type LiveOptions, type SimulatorOptions } from './options';
import { refusedParameter, type Dialect } from './refusals';
import { Simulation, type Logged, type Reply } from './simulation';

type Body = Readonly<Record<string, unknown>>;

/** A provider of all kinds on one port. */
export interface Simulator {
  /** Without a path. OpenAI: `${url}/v1`; DeepSeek and Anthropic: `url`. */
  readonly url: string;
  /** The environment that sends all providers here. */
  readonly env: Readonly<Record<'OPENAI_BASE_URL' | 'DEEPSEEK_BASE_URL' | 'ANTHROPIC_BASE_URL', string>>;
  /** What came in, the first 5,000. */
  readonly requests: readonly Logged[];
  readonly bill: Bill;
  readonly struck: ReadonlyMap<FaultName, number>;
  readonly statistics: Statistics;
  change(options: LiveOptions): void;
  close(): Promise<void>;
}

export interface Statistics {
  /** Requests that came in, batches' lines not among them. */
  readonly requests: number;
  readonly peakInFlight: number;
  readonly admitted: number;
  readonly turnedAway: number;
  readonly fabricatedPairs: number;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulation = new Simulation(options);
  const handlers = new Handlers(simulation);
  const server = createServer((request, response) => {
    const exchange = new Exchange(request, response);
    handlers.handle(exchange).catch((error: unknown) => {
      if (exchange.abandoned) return;
      const message = error instanceof Error ? error.message : String(error);
      exchange.send(400, { error: { message, type: 'invalid_request_error', param: null, code: null } });
    });
  });
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator listens on no port.');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    env: { OPENAI_BASE_URL: `${url}/v1`, DEEPSEEK_BASE_URL: url, ANTHROPIC_BASE_URL: url },
    requests: simulation.log,
    bill: simulation.bill,
    struck: simulation.struck,
    get statistics() {
      return handlers.statistics;
    },
    change: (live) => simulation.change(live),
    /** A second time does nothing. */
    close: async () => {
      handlers.dispose();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

class Handlers {
  readonly #fileBatches: FileBatches;
  readonly #messageBatches: MessageBatches;

  constructor(private readonly simulation: Simulation) {
    this.#fileBatches = new FileBatches(simulation);
    this.#messageBatches = new MessageBatches(simulation);
  }

  get statistics(): Statistics {
    const { requests, peak, bucket, fabricatedPairs } = this.simulation;
    return {
      requests,
      peakInFlight: peak,
      admitted: bucket.admitted,
      turnedAway: bucket.turnedAway,
      fabricatedPairs: fabricatedPairs.total,
    };
  }

  dispose(): void {
    this.#fileBatches.dispose();
    this.#messageBatches.dispose();
  }

  async handle(exchange: Exchange): Promise<void> {
    const route = `${exchange.method} ${exchange.path}`;
    this.simulation.options.heard?.(route);
    switch (route) {
      case 'POST /v1/chat/completions':
      case 'POST /chat/completions':
        return this.#chat(exchange, await exchange.json());
      case 'POST /v1/completions':
        return this.#completions(exchange, await exchange.json());
      case 'POST /v1/messages':
        return this.#messages(exchange, await exchange.json());
      case 'POST /v1/messages/count_tokens': {
        const body = await exchange.json();
        exchange.send(200, { input_tokens: messagesInput(body, this.simulation.count) });
        return;
      }
      case 'GET /v1/models':
      case 'GET /models': {
        exchange.send(200, { object: 'list', data: this.#models() });
        return;
      }
      case 'GET /__simulator': {
        exchange.send(200, { bill: this.simulation.bill, statistics: this.statistics });
        return;
      }
      case 'POST /__simulator':
        this.simulation.change(liveOptions.parse(await exchange.json()));
        {
          exchange.send(200, {});
          return;
        }
    }
    if (await batchTrouble(exchange, this.simulation)) return;
    if (await this.#fileBatches.handle(exchange)) return;
    if (await this.#messageBatches.handle(exchange)) return;
    exchange.error(
      { status: 404, message: `Invalid URL (${route})`, type: 'invalid_request_error' },
      exchange.path.startsWith('/v1/messages') ? 'anthropic' : 'openai',
      'req_0',
    );
  }

  #models() {
    const names = this.simulation.options.models ?? ['gpt-6-luna', 'deepseek-flash', 'claude-sonnet-5-5'];
    return names.map((id) => ({ id, object: 'model', created: 1_790_000_000, owned_by: 'simulator' }));
  }

  async #chat(exchange: Exchange, body: Body): Promise<void> {
    const dialect: Dialect = String(body.model).startsWith('deepseek') ? 'deepseek' : 'openai';
    const asked = askedByChat(body);
    const input = chatInput(body, this.simulation.count);
    const { reasoningField, withoutUsage = false } = this.simulation.options;
    const style = {
      reasoningField: reasoningField ?? (dialect === 'deepseek' ? ('reasoning_content' as const) : undefined),
      withUsage: !withoutUsage,
      deepseek: dialect === 'deepseek',
    };
    const thinks = style.reasoningField !== undefined || /^(?:o\d|gpt-[56])/.test(asked.model);
    await this.#answer(exchange, { dialect, body, asked, input, thinks }, (reply) => ({
      whole: chatCompletion(body, asked, reply, style),
      events: () => chatEvents(body, asked, reply, style),
    }));
  }

  async #messages(exchange: Exchange, body: Body): Promise<void> {
    const asked = askedByMessages(body);
    const input = messagesInput(body, this.simulation.count);
    const thinks = isObject(body.thinking) && body.thinking.type !== 'disabled';
    await this.#answer(exchange, { dialect: 'anthropic', body, asked, input, thinks }, (reply) => {
      const whole = message(body, asked, reply);
      return { whole, events: () => messageEvents(whole) };
    });
  }

  async #completions(exchange: Exchange, body: Body): Promise<void> {
    const { simulation } = this;
    const { reply, usage } = completion(body, simulation.count);
    const hash = hashOf(JSON.stringify(body));
    const asked = { hash, model: String(body.model) };
    await this.#admitted(exchange, 'openai', body, asked, async () => {
      await exchange.answerIn(simulation.latency(hash));
      if (exchange.abandoned) return;
      const billed = { input: usage.input, output: usage.output, cached: 0, cacheWrite: 0 };
      simulation.bill.add(asked.model, hash, billed, simulation.options.now?.() ?? new Date(), false);
      exchange.send(200, reply, { 'x-request-id': `req_${hash}` });
    });
  }

  async #answer(
    exchange: Exchange,
    work: { dialect: Dialect; body: Body; asked: Asked; input: number; thinks: boolean },
    compose: (reply: Reply) => { whole: unknown; events: () => Iterable<string> },
  ): Promise<void> {
    const { simulation } = this;
    const { dialect, body, asked } = work;
    await this.#admitted(exchange, dialect, body, asked, async () => {
      const headers = {
        [dialect === 'anthropic' ? 'request-id' : 'x-request-id']: `req_${asked.hash}`,
        ...simulation.bucket.headers(dialect === 'anthropic' ? 'anthropic' : 'openai'),
      };
      // A connection to DeepSeek that waits for its turn gets blank lines.
      if (dialect === 'deepseek' && body.stream !== true) {
        exchange.response.writeHead(200, { 'content-type': 'application/json', ...headers });
        exchange.response.write('\n\n');
      }
      const { billAbandoned = false } = simulation.options;
      const reply = simulation.answer(asked, work.input, work.thinks, false);
      const { whole, events } = compose(reply);
      await exchange.answerIn(simulation.latency(asked.hash), billAbandoned);
      if (exchange.abandoned && !billAbandoned) return;
      simulation.charge(asked, reply, false);
      if (reply.cut) {
        exchange.cut(JSON.stringify(whole), headers);
        return;
      }
      if (body.stream !== true) {
        exchange.send(200, whole, headers);
        return;
      }
      exchange.response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
      for (const event of events()) exchange.response.write(event);
      exchange.response.end();
    });
  }

  /** What happens to a request before it is worked on, and the book-keeping around it. */
  async #admitted(
    exchange: Exchange,
    dialect: Dialect,
    body: Body,
    asked: Pick<Asked, 'hash' | 'model'>,
    work: () => Promise<void>,
  ): Promise<void> {
    const { simulation } = this;
    simulation.requests++;
    simulation.peak = Math.max(simulation.peak, ++simulation.inFlight);
    const { path, request } = exchange;
    const note = (status: number, outcome: string) =>
      simulation.note({ path, model: asked.model, hash: asked.hash, status, outcome, body, headers: request.headers });
    try {
      const bad = refusedParameter(body, dialect, new Set(simulation.options.refuses));
      const admission = bad ? { kind: 'error' as const, error: bad } : simulation.admit(dialect, exchange.key, asked);
      switch (admission.kind) {
        case 'error':
          note(admission.error.status, 'refused');
          {
            exchange.error(admission.error, dialect, `req_${asked.hash}`);
            return;
          }
        case 'reset':
          note(0, 'reset');
          {
            exchange.reset();
            return;
          }
        case 'hang':
          note(0, 'hang');
          {
            await exchange.hang();
            return;
          }
        case 'work':
          await work();
          note(200, exchange.abandoned ? 'abandoned' : 'answered');
      }
    } finally {
      simulation.inFlight--;
    }
  }
}
