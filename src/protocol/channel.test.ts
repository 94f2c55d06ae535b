import assert from 'node:assert/strict';
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { connect, serve, type ChannelError, type Client, type Contract, type Port } from './channel';

const contract = {
  requests: {
    double: { params: z.object({ value: z.number() }), result: z.object({ value: z.number() }) },
    fail: { params: z.object({}), result: z.object({}) },
    wait: { params: z.object({}), result: z.object({}) },
  },
  events: { told: z.object({ text: z.string() }) },
} as const satisfies Contract;

class OutOfPaper extends Error {
  readonly code = 'out_of_paper';
}

function over(port: MessagePort): Port {
  return {
    post: (message) => {
      port.postMessage(message);
    },
    listen: (receive) => {
      port.on('message', receive);
      return () => port.off('message', receive);
    },
  };
}

describe('A channel', () => {
  let near: MessagePort;
  let far: MessagePort;
  let client: Client<typeof contract>;
  let invalid: ChannelError[];
  let tell: (text: string) => void;
  let aborted: Promise<unknown>;

  beforeEach(() => {
    ({ port1: near, port2: far } = new MessageChannel());
    invalid = [];
    let stop: (reason: unknown) => void = () => undefined;
    aborted = new Promise((resolve) => (stop = resolve));
    const server = serve(over(far), contract, {
      double: ({ value }) => ({ value: value * 2 }),
      fail: () => Promise.reject(new OutOfPaper('The printer has no paper. Put some in.')),
      wait: async (_params, signal) => {
        await once(signal, 'abort');
        stop(signal.reason);
        throw signal.reason;
      },
    });
    tell = (text) => server.emit('told', { text });
    client = connect(over(near), contract, (error) => invalid.push(error));
  });

  afterEach(() => {
    near.close();
    far.close();
  });

  it('answers a request', async () => {
    assert.deepEqual(await client.call('double', { value: 21 }), { value: 42 });
  });

  it('carries an error with its code and its sentence', async () => {
    await assert.rejects(client.call('fail', {}), { code: 'out_of_paper', message: /has no paper/ });
  });

  it('refuses parameters that do not fit, and says so to the one who asked', async () => {
    near.postMessage({ kind: 'request', id: 99, name: 'double', params: { value: 'two' } });
    const [reply] = (await once(near, 'message')) as [{ id: number; code: string }];
    assert.equal(reply.id, 99);
    assert.equal(reply.code, 'invalid_message');
  });

  for (const name of ['nobody', 'constructor', '__proto__']) {
    it(`answers an unknown request (${name}) with an error`, async () => {
      near.postMessage({ kind: 'request', id: 7, name, params: {} });
      const [reply] = (await once(near, 'message')) as [{ code: string }];
      assert.equal(reply.code, 'unknown_message');
    });
  }

  it('refuses an answer that does not fit', async () => {
    const answer = client.call('double', { value: 1 });
    far.postMessage({ kind: 'result', id: 0, value: 'nonsense' });
    await assert.rejects(answer, { code: 'invalid_message' });
  });

  it('tells the other side when nobody waits any more', async () => {
    const abort = new AbortController();
    const answer = client.call('wait', {}, abort.signal);
    abort.abort();
    await aborted;
    await assert.rejects(answer);
  });

  it('brings events, and reports one that does not fit', async () => {
    const heard: string[] = [];
    client.on('told', ({ text }) => heard.push(text));
    tell('first');
    far.postMessage({ kind: 'event', name: 'told', value: { text: 5 } });
    tell('second');
    await client.call('double', { value: 1 });
    assert.deepEqual(heard, ['first', 'second']);
    assert.equal(invalid.length, 1);
  });

  it('keeps the answers to one client from the next one on its port', async () => {
    const first = connect(over(near), contract, () => undefined);
    const second = connect(over(near), contract, () => undefined, 1000);
    const late = first.call('double', { value: 1 });
    assert.deepEqual(await second.call('double', { value: 2 }), { value: 4 });
    assert.deepEqual(await late, { value: 2 });
  });

  it('lets what is under way be aborted, but for one', async () => {
    const signals: AbortSignal[] = [];
    const { port1, port2 } = new MessageChannel();
    const server = serve(over(port2), contract, {
      double: ({ value }) => ({ value }),
      fail: () => ({}),
      wait: async (_params, signal) => {
        signals.push(signal);
        if (signals.length === 2) server.abort(signal);
        else await once(signal, 'abort');
        return {};
      },
    });
    const asking = connect(over(port1), contract, () => undefined);
    await Promise.all([asking.call('wait', {}), asking.call('wait', {})]);
    assert.deepEqual(
      signals.map(({ aborted: isAborted }) => isAborted),
      [true, false],
    );
    port1.close();
    port2.close();
  });

  it('leaves nobody waiting when it is closed', async () => {
    const answer = client.call('wait', {});
    client.close();
    await assert.rejects(answer, { code: 'channel_closed' });
    await assert.rejects(client.call('double', { value: 1 }), { code: 'channel_closed' });
  });
});
