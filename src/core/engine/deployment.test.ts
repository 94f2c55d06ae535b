import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { Deployment, type Slot } from './deployment';
import { Refill } from './refill';

const never = new AbortController().signal;
setMaxListeners(0, never);
const tick = (): Promise<void> => new Promise(setImmediate);

/** Acquires and notes when it was let in. */
function queue(door: Deployment, priority: number, label: string, log: string[], since?: number): Promise<Slot> {
  return door.acquire(priority, 1, never, since).then((slot) => {
    log.push(label);
    return slot;
  });
}

describe('a deployment', () => {
  it('never has more under way than its maximum, and grows to it while answers come well', async () => {
    const door = new Deployment(100);
    let most = 0;
    let done = 0;
    const ask = async (): Promise<void> => {
      const slot = await door.acquire(0, 1, never);
      most = Math.max(most, door.inFlight);
      await tick();
      slot.answered();
      slot.end();
      done += 1;
    };
    await Promise.all(Array.from({ length: 2000 }, ask));
    assert.equal(done, 2000);
    assert.equal(most, 100);
    door.dispose();
  });

  it('grows before the first answer comes where nothing is pushed back', async () => {
    const door = new Deployment(100);
    const slots = await Promise.all(Array.from({ length: 100 }, () => door.acquire(0, 1, never)));
    assert.equal(door.inFlight, 100);
    for (const slot of slots) slot.end();
    door.dispose();
  });

  it('lets later stages go first, and still starves nobody', async () => {
    const door = new Deployment(1);
    const log: string[] = [];
    const first = await queue(door, 0, 'first', log);
    const waiting = [queue(door, 0, 'early', log, 0), ...Array.from({ length: 20 }, () => queue(door, 1, 'late', log))];
    first.end();
    for (const slot of waiting) {
      void slot.then((open) => {
        open.end();
      });
    }
    await Promise.all(waiting);
    assert.ok(log.indexOf('early') > 1, 'later stages first');
    assert.ok(log.indexOf('early') <= 8, `but the early one is let in as number ${log.indexOf('early')}`);
    door.dispose();
  });

  it('waits for all as long as the provider says, when it is said more than once', async () => {
    const door = new Deployment(8);
    const slots = [await door.acquire(0, 1, never), await door.acquire(0, 1, never)];
    for (const slot of slots) {
      slot.pushedBack('rate_limited', 150);
      slot.end();
    }
    const began = performance.now();
    await door.acquire(0, 1, never);
    assert.ok(performance.now() - began >= 145);
    door.dispose();
  });

  it('lets go of who waits when the run stops', async () => {
    const door = new Deployment(1);
    await door.acquire(0, 1, never);
    const stop = new AbortController();
    const waiting = door.acquire(0, 1, stop.signal);
    stop.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    assert.equal(door.queued, 0);
    door.dispose();
  });

  it('heeds what the headers leave, of requests and of tokens', async () => {
    for (const rate of [
      { requests: { remaining: 2, limit: 100, resetAt: Date.now() + 60_000 } },
      { tokens: { remaining: 20, limit: 1000, resetAt: Date.now() + 60_000 } },
    ]) {
      const door = new Deployment(8);
      const first = await door.acquire(0, 10, never);
      first.answered(rate);
      first.end();
      const stop = new AbortController();
      const three = [1, 2, 3].map(() => door.acquire(0, 10, stop.signal));
      await Promise.all(three.slice(0, 2));
      assert.equal(door.queued, 1);
      stop.abort();
      await assert.rejects(Promise.all(three));
      door.dispose();
    }
  });
});

describe("a provider's bucket", () => {
  it('fills as fast as its limit and reset time say', () => {
    const bucket = new Refill();
    bucket.told({ limit: 100, remaining: 0, resetAt: 10_000 }, 0);
    assert.equal(bucket.wait(1, 0), 200, 'one more is left in it');
    assert.equal(bucket.wait(1, 200), 0);
    bucket.drawn(1);
    assert.equal(bucket.wait(1, 200), 100);
    assert.equal(bucket.wait(500, 0), 10_000, 'what is larger than the bucket goes when it is full');
    assert.equal(bucket.wait(500, 10_000), 0);
  });

  it('that does not say when it is whole again is known by the next answer only', () => {
    const bucket = new Refill();
    bucket.told({ remaining: 1 }, 0);
    assert.equal(bucket.wait(1, 0), 0);
    bucket.drawn(1);
    assert.equal(bucket.wait(1, 5000), Infinity);
  });
});
