import { isObject } from './asked';
import { askedByChat, chatCompletion, chatInput, seconds } from './chat';
import { chance, hashOf } from './chance';
import type { Exchange } from './exchange';
import { batchRefused, NO_BATCH } from './refusals';
import type { Simulation } from './simulation';
import type { Batch } from 'openai/resources/batches';
import type { FileObject } from 'openai/resources/files';

type FileMeta = Omit<FileObject, 'status'> & { readonly status: 'processed' };

interface Stored {
  readonly meta: FileMeta;
  readonly text: string;
}

const MOST_LINES = 50_000;

/** OpenAI's Files and Batches. */
export class FileBatches {
  readonly #files = new Map<string, Stored>();
  readonly #batches = new Map<string, Batch>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #next = 1;

  constructor(private readonly simulation: Simulation) {}

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** False when the request is for somebody else. */
  async handle(exchange: Exchange): Promise<boolean> {
    const [, kind, id, action] = /^\/v1\/(files|batches)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(exchange.path) ?? [];
    const stranger = kind !== undefined && this.simulation.strangerError('openai', exchange.key);
    if (stranger) {
      exchange.error(stranger, 'openai', 'req_0');
      return true;
    }
    if (kind === 'files') return this.#handleFile(exchange, id, action);
    if (kind !== 'batches') return false;
    if (exchange.method === 'POST' && id === undefined) await this.#create(exchange);
    else if (exchange.method === 'GET' && id === undefined)
      exchange.send(200, { object: 'list', data: [...this.#batches.values()].reverse(), has_more: false });
    else {
      const batch = this.#batches.get(id ?? '');
      if (!batch) this.#missing(exchange, 'batch');
      else exchange.send(200, action === 'cancel' ? this.#cancel(batch) : batch);
    }
    return true;
  }

  async #handleFile(exchange: Exchange, id: string | undefined, action: string | undefined): Promise<boolean> {
    if (exchange.method === 'POST' && id === undefined) {
      const type = exchange.request.headers['content-type'] ?? '';
      const form = await new Response(new Uint8Array(await exchange.raw()), {
        headers: { 'content-type': type },
      }).formData();
      const file = form.get('file');
      if (file === null || typeof file === 'string') throw new Error("'file' is required");
      exchange.send(200, this.#store(file.name, await file.text(), 'batch').meta);
      return true;
    }
    const file = this.#files.get(id ?? '');
    const gone = this.simulation.options.withoutResults && file?.meta.purpose === 'batch_output';
    if (!file || gone) this.#missing(exchange, 'file');
    else if (exchange.method === 'DELETE') {
      this.#files.delete(file.meta.id);
      exchange.send(200, { id: file.meta.id, object: 'file', deleted: true });
    } else if (action === 'content') exchange.text(file.text, 'application/octet-stream');
    else exchange.send(200, file.meta);
    return true;
  }

  #store(filename: string, text: string, purpose: FileObject['purpose']): Stored {
    const id = `file-${this.#next++}`;
    const meta: FileMeta = {
      id,
      object: 'file',
      bytes: Buffer.byteLength(text),
      created_at: seconds(),
      filename,
      purpose,
      status: 'processed',
    };
    const stored = { meta, text };
    this.#files.set(id, stored);
    return stored;
  }

  async #create(exchange: Exchange): Promise<void> {
    const body = await exchange.json();
    const input = this.#files.get(String(body.input_file_id));
    if (!input) {
      this.#missing(exchange, 'file');
      return;
    }
    const { refusesBatches } = this.simulation.options;
    if (refusesBatches === 'submit') {
      exchange.error(batchRefused(), 'openai', 'req_0');
      return;
    }
    const lines = input.text.split('\n').filter((line) => line.trim() !== '');
    const batch: Batch = {
      id: `batch_${this.#next++}`,
      object: 'batch',
      endpoint: String(body.endpoint),
      completion_window: '24h',
      created_at: seconds(),
      expires_at: seconds() + 86_400,
      input_file_id: input.meta.id,
      status: 'validating',
      request_counts: { total: lines.length, completed: 0, failed: 0 },
      metadata: stringsIn(body.metadata),
    };
    this.#batches.set(batch.id, batch);
    exchange.send(200, batch);
    const refused = { code: 'model_not_supported', line: null, message: NO_BATCH, param: null };
    const problem = refusesBatches === 'check' ? refused : problemOf(lines);
    if (problem) {
      batch.status = 'failed';
      batch.errors = { object: 'list', data: [problem] };
      return;
    }
    const half = (this.simulation.options.batchMs ?? 50) / 2;
    this.#later(batch.id, half, () => {
      batch.status = 'in_progress';
      batch.in_progress_at = seconds();
      this.#later(batch.id, half, () => this.#finish(batch, lines));
    });
  }

  #later(id: string, ms: number, action: () => void): void {
    this.#timers.set(id, setTimeout(action, ms));
  }

  #finish(batch: Batch, lines: readonly string[]): void {
    const good: string[] = [];
    const bad: string[] = [];
    for (const line of lines) {
      const { text, failed } = this.#line(line);
      (failed ? bad : good).push(text);
    }
    // Order is not guaranteed, so it is not kept.
    const output = [...good].sort((a, b) => hashOf(a).localeCompare(hashOf(b)));
    if (output.length > 0)
      batch.output_file_id = this.#store('output.jsonl', `${output.join('\n')}\n`, 'batch_output').meta.id;
    if (bad.length > 0)
      batch.error_file_id = this.#store('errors.jsonl', `${bad.join('\n')}\n`, 'batch_output').meta.id;
    batch.request_counts = { total: lines.length, completed: good.length, failed: bad.length };
    batch.status = bad.some((line) => line.includes('"batch_expired"')) ? 'expired' : 'completed';
    batch.completed_at = seconds();
  }

  #line(line: string): { text: string; failed: boolean } {
    const request: unknown = JSON.parse(line);
    const { custom_id, body } = isObject(request) ? request : {};
    const asked = askedByChat(isObject(body) ? body : {});
    const { seed, options } = this.simulation;
    const id = `batch_req_${asked.hash.slice(0, 16)}`;
    const luck = chance(seed, 'batch', asked.hash, this.simulation.attempt(asked.hash));
    const { batchErrored = 0, batchExpired = 0 } = options;
    if (luck < batchExpired) {
      const error = { code: 'batch_expired', message: 'This request could not be executed before it expired.' };
      return { text: JSON.stringify({ id, custom_id, response: null, error }), failed: true };
    }
    if (luck < batchExpired + batchErrored) {
      const error = { message: 'The server had an error', type: 'server_error', param: null, code: null };
      const response = { status_code: 500, request_id: id, body: { error } };
      return { text: JSON.stringify({ id, custom_id, response, error: null }), failed: true };
    }
    const wire = isObject(body) ? body : {};
    const thinks = /^(?:o\d|gpt-[56])/.test(asked.model);
    const reply = this.simulation.workInBatch(asked, chatInput(wire, this.simulation.count), thinks);
    const style = { reasoningField: undefined, withUsage: true, deepseek: false };
    const response = { status_code: 200, request_id: id, body: chatCompletion(wire, asked, reply, style) };
    return { text: JSON.stringify({ id, custom_id, response, error: null }), failed: false };
  }

  #cancel(batch: Batch): Batch {
    clearTimeout(this.#timers.get(batch.id));
    if (batch.status === 'validating' || batch.status === 'in_progress') {
      batch.status = 'cancelled';
      batch.cancelled_at = seconds();
    }
    return batch;
  }

  #missing(exchange: Exchange, what: string): void {
    const error = { status: 404, message: `No such ${what}`, type: 'invalid_request_error' };
    exchange.error(error, 'openai', 'req_0');
  }
}

function stringsIn(value: unknown): Record<string, string> | null {
  if (!isObject(value)) return null;
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

function problemOf(lines: readonly string[]) {
  if (lines.length > MOST_LINES)
    return { code: 'too_many_tasks', line: null, message: `Too many requests: ${lines.length}`, param: null };
  const models = new Set<string>();
  for (const [at, line] of lines.entries()) {
    try {
      const value: unknown = JSON.parse(line);
      if (isObject(value) && isObject(value.body)) models.add(String(value.body.model));
    } catch {
      return { code: 'invalid_json_line', line: at + 1, message: 'This line is not valid JSON.', param: null };
    }
  }
  if (models.size > 1)
    return { code: 'mismatched_model', line: null, message: 'A batch has requests for one model.', param: null };
  return undefined;
}
