import { z } from 'zod';

/**
 * The one transport between runtimes: editor ↔ webview and editor ↔ process beside it. A contract is a table of requests
 * and events with a zod schema each. What crosses is parsed by the side that receives it, and every request is
 * answered: with its result or with an error that has a code and a sentence.
 */

export interface Contract {
  /** Asked by the client, answered by the server. */
  readonly requests: Readonly<Record<string, { readonly params: z.ZodType; readonly result: z.ZodType }>>;
  /** Told by the server, unasked. Each is a complete snapshot of what it names: one that is lost costs nothing. */
  readonly events: Readonly<Record<string, z.ZodType>>;
}

/** One end of a pipe: a webview, `window`, a `MessagePort`. */
export interface Port {
  post(message: unknown): void;
  /** Returns what stops the listening. */
  listen(receive: (message: unknown) => void): () => void;
}

type RequestName<C extends Contract> = keyof C['requests'] & string;
type EventName<C extends Contract> = keyof C['events'] & string;

export type Params<C extends Contract, K extends RequestName<C>> = z.output<C['requests'][K]['params']>;
export type Result<C extends Contract, K extends RequestName<C>> = z.output<C['requests'][K]['result']>;
export type EventOf<C extends Contract, K extends EventName<C>> = z.output<C['events'][K]>;

export type Handlers<C extends Contract> = {
  readonly [K in RequestName<C>]: (
    params: Params<C, K>,
    signal: AbortSignal,
  ) => Promise<z.input<C['requests'][K]['result']>> | z.input<C['requests'][K]['result']>;
};

/** What the other side answered instead of a result. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const toServer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), id: z.number().int(), name: z.string(), params: z.unknown() }),
  z.object({ kind: z.literal('cancel'), id: z.number().int() }),
]);

const toClient = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), id: z.number().int(), value: z.unknown() }),
  z.object({ kind: z.literal('error'), id: z.number().int(), code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('event'), name: z.string(), value: z.unknown() }),
]);

export interface Server<C extends Contract> {
  emit<K extends EventName<C>>(name: K, value: z.input<C['events'][K]>): void;
  /** Aborts what is under way, but for the request that has this signal. */
  abort(but?: AbortSignal): void;
  /** Stops answering and aborts what is under way. */
  close(): void;
}

/** Answers a contract's requests on a port. */
export function serve<C extends Contract>(port: Port, contract: C, handlers: Handlers<C>): Server<C> {
  const running = new Map<number, AbortController>();

  async function answer<K extends RequestName<C>>(
    id: number,
    name: K,
    params: unknown,
    handle: Handlers<C>[K] | undefined,
  ): Promise<void> {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      if (!handle) throw unknownMessage(name);
      const checked = parse<C['requests'][K]['params']>(contract.requests[name]?.params, params, name);
      const value = await handle(checked, abort.signal);
      port.post({ kind: 'result', id, value });
    } catch (error) {
      port.post({ kind: 'error', id, ...describe(error) });
    } finally {
      running.delete(id);
    }
  }

  function abortAll(but?: AbortSignal): void {
    for (const abort of running.values()) if (abort.signal !== but) abort.abort();
  }

  const stop = port.listen((message) => {
    const request = toServer.safeParse(message);
    if (!request.success) return;
    if (request.data.kind === 'cancel') running.get(request.data.id)?.abort();
    else {
      const { id, name, params } = request.data;
      void answer(id, name, params, Object.hasOwn(handlers, name) ? handlers[name] : undefined);
    }
  });

  return {
    emit: (name, value) => {
      port.post({ kind: 'event', name, value });
    },
    abort: abortAll,
    close: () => {
      stop();
      abortAll();
    },
  };
}

export interface Client<C extends Contract> {
  call<K extends RequestName<C>>(
    name: K,
    params: z.input<C['requests'][K]['params']>,
    signal?: AbortSignal,
  ): Promise<Result<C, K>>;
  /** Hears one event; a message that does not fit its schema goes to `onInvalid` of `connect`. */
  on<K extends EventName<C>>(name: K, hear: (value: EventOf<C, K>) => void): () => void;
  /** Ends the channel: what is still open is rejected with `channel_closed`. */
  close(reason?: Error): void;
}

/**
 * Asks a contract's requests over a port. One that has served another client before, as a panel's has when its page is
 * loaded again, needs another `firstId`: an answer to that one may still be on its way.
 */
export function connect<C extends Contract>(
  port: Port,
  contract: C,
  onInvalid: (error: ChannelError) => void,
  firstId = 0,
): Client<C> {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const events: C['events'] = contract.events;
  let next = firstId;
  let closed: Error | undefined;

  const stop = port.listen((message) => {
    const reply = toClient.safeParse(message);
    if (!reply.success) return;
    const { data } = reply;
    if (data.kind === 'event') {
      for (const hear of listeners.get(data.name) ?? []) hear(data.value);
      return;
    }
    const asked = open.get(data.id);
    open.delete(data.id);
    if (data.kind === 'result') asked?.resolve(data.value);
    else asked?.reject(new ChannelError(data.code, data.message));
  });

  return {
    call: async (name, params, signal) => {
      if (closed) throw closed;
      signal?.throwIfAborted();
      const id = next++;
      const cancel = () => port.post({ kind: 'cancel', id });
      const value = await new Promise<unknown>((resolve, reject) => {
        open.set(id, { resolve, reject });
        signal?.addEventListener('abort', cancel, { once: true });
        port.post({ kind: 'request', id, name, params });
      }).finally(() => signal?.removeEventListener('abort', cancel));
      return parse<C['requests'][typeof name]['result']>(contract.requests[name]?.result, value, name);
    },
    on: (name, hear) => {
      const receive = (value: unknown) => {
        try {
          hear(parse<C['events'][typeof name]>(events[name], value, name));
        } catch (error) {
          if (!(error instanceof ChannelError)) throw error;
          onInvalid(error);
        }
      };
      const hearing = listeners.get(name) ?? new Set();
      listeners.set(name, hearing.add(receive));
      return () => {
        hearing.delete(receive);
      };
    },
    close: (reason: Error = new ChannelError('channel_closed', 'The other side has gone away.')) => {
      closed = reason;
      stop();
      for (const { reject } of open.values()) reject(reason);
      open.clear();
    },
  };
}

function parse<T extends z.ZodType>(schema: T | undefined, value: unknown, name: string): z.output<T> {
  if (!schema) throw unknownMessage(name);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ChannelError('invalid_message', `The message “${name}” is not as agreed: ${z.prettifyError(parsed.error)}`);
}

function unknownMessage(name: string): ChannelError {
  return new ChannelError(
    'unknown_message',
    `Nobody answers “${name}”. Reload the window, so that all of it is of one version.`,
  );
}

/** The code and the sentence that cross to the other side. */
function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, message: error.message };
}
