import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Lookout } from './lookout';

describe('The lookout for changes of a file', () => {
  let looks: number;
  let lookout: Lookout;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    looks = 0;
    lookout = new Lookout(500);
    void (async () => {
      for (;;) {
        await lookout.next();
        looks++;
      }
    })();
  });
  afterEach(() => mock.timers.reset());

  async function passes(ms: number): Promise<void> {
    mock.timers.tick(ms);
    await new Promise((resolve) => setImmediate(resolve));
  }

  it('looks at times, not at all while nobody looks, and at once when somebody does again', async () => {
    await passes(500);
    await passes(500);
    assert.equal(looks, 2);
    await passes(300);
    lookout.watch(false);
    await passes(3_600_000);
    assert.equal(looks, 2);
    lookout.watch(true);
    await passes(0);
    assert.equal(looks, 3);
    lookout.watch(true);
    await passes(499);
    assert.equal(looks, 3);
    await passes(1);
    assert.equal(looks, 4);
  });

  it('does not begin again by itself when nobody looks any more while it looks', async () => {
    mock.timers.tick(500);
    lookout.watch(false);
    await passes(3_600_000);
    assert.equal(looks, 1);
    lookout.watch(true);
    await passes(0);
    assert.equal(looks, 2);
  });
});
