import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject } from './asked';
import { errorBody, type Dialect, type HttpError } from './refusals';

/** One HTTP request and its response, with what every handler needs. */
export class Exchange {
  readonly path: string;
  readonly method: string;
  readonly query: URLSearchParams;
  /** What is sent from now on breaks off in the middle. */
  cutsAnswers = false;
  #raw: Buffer | undefined;
  readonly #arrived = performance.now();
  readonly #gone = new AbortController();

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    const url = new URL(request.url ?? '/', 'http://simulator');
    this.path = url.pathname;
    this.query = url.searchParams;
    this.method = request.method ?? 'GET';
    response.once('close', () => {
      if (!response.writableFinished) this.#gone.abort();
    });
  }

  /** The client closed its connection before the answer was whole. */
  get abandoned(): boolean {
    return this.#gone.signal.aborted;
  }

  get key(): string {
    const { authorization, 'x-api-key': own } = this.request.headers;
    return (typeof own === 'string' ? own : authorization?.replace(/^Bearer /, '')) ?? '';
  }

  async raw(): Promise<Buffer> {
    if (!this.#raw) {
      const parts: Buffer[] = [];
      for await (const part of this.request) if (Buffer.isBuffer(part)) parts.push(part);
      this.#raw = Buffer.concat(parts);
    }
    return this.#raw;
  }

  async json(): Promise<Readonly<Record<string, unknown>>> {
    const value: unknown = JSON.parse((await this.raw()).toString('utf8') || '{}');
    return isObject(value) ? value : {};
  }

  /** Waits until so long after the request came; sooner over when the client goes away, unless the work goes on without it. */
  async answerIn(latencyMs: number, evenAbandoned = false): Promise<void> {
    const ms = latencyMs - (performance.now() - this.#arrived);
    if (ms <= 0) return;
    if (evenAbandoned) return sleep(ms);
    await sleep(ms, undefined, { signal: this.#gone.signal }).catch((error: unknown) => {
      if (!this.abandoned) throw error;
    });
  }

  /** Never answers: ends when the client has had enough. */
  async hang(): Promise<void> {
    await new Promise((resolve) => {
      this.response.once('close', resolve);
    });
  }

  send(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    const text = JSON.stringify(body);
    if (this.cutsAnswers) {
      this.cut(text, headers);
      return;
    }
    if (!this.response.headersSent)
      this.response.writeHead(status, {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
        ...headers,
      });
    this.response.end(text);
  }

  error(error: HttpError, dialect: Dialect, requestId: string): void {
    this.send(error.status, errorBody(error, dialect, requestId), {
      [dialect === 'anthropic' ? 'request-id' : 'x-request-id']: requestId,
      ...error.headers,
    });
  }

  text(body: string, type: string): void {
    if (this.cutsAnswers) {
      this.cut(body, {});
      return;
    }
    this.response.writeHead(200, { 'content-type': type });
    this.response.end(body);
  }

  /** Headers and half of the body, then a cut connection. */
  cut(body: string, headers: Readonly<Record<string, string>>): void {
    const { response } = this;
    if (!response.headersSent)
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        ...headers,
      });
    response.write(body.slice(0, Math.floor(body.length / 2)), () => this.request.socket.destroy());
  }

  reset(): void {
    this.request.socket.resetAndDestroy();
  }
}
