import assert from 'node:assert/strict';
import { Pace } from './pace';

/** A provider with a token bucket, and a client that sends as fast as its pace lets it; time is simulated. */
function simulate(seconds: number, capacityAt: (second: number) => number, burst = 16) {
  const pace = new Pace(0);
  let tokens = burst;
  let sent = 0;
  let admitted = 0;
  let possible = burst;
  for (let now = 0; now < seconds * 1000; now += 1) {
    const perMs = capacityAt(now / 1000) / 1000;
    tokens = Math.min(burst, tokens + perMs);
    possible += perMs;
    // At most four a millisecond, as a client without a pace would.
    for (let n = 0; n < 4 && pace.wait(now) <= 0; n += 1) {
      pace.sent(now);
      sent += 1;
      if (tokens >= 1) {
        tokens -= 1;
        admitted += 1;
      } else {
        pace.pushedBack(now);
      }
    }
  }
  return { used: admitted / possible, sentPerNeeded: sent / admitted };
}

describe('the pace', () => {
  for (const capacity of [20, 50, 400]) {
    it(`keeps close to ${capacity} requests a second, and is seldom pushed back`, () => {
      const { used, sentPerNeeded } = simulate(60, () => capacity);
      assert.ok(used >= 0.95, `${used} of the capacity`);
      assert.ok(sentPerNeeded <= 1.05, `${sentPerNeeded} sent per request needed`);
    });
  }

  it('follows a capacity that halves and doubles', () => {
    const { used, sentPerNeeded } = simulate(90, (second) => (second > 30 && second < 60 ? 50 : 100));
    assert.ok(used >= 0.95, `${used} of the capacity`);
    assert.ok(sentPerNeeded <= 1.05, `${sentPerNeeded} sent per request needed`);
  });

  it('comes to equal shares with others that it hears of, also with one that comes late, and uses what there is', () => {
    const capacity = 60;
    const paces = [new Pace(0), new Pace(0), new Pace(20_000)];
    const admitted = [0, 0, 0];
    let tokens = 16;
    let sent = 0;
    for (let now = 0; now < 60_000; now += 1) {
      tokens = Math.min(16, tokens + capacity / 1000);
      const there = paces.slice(0, now < 20_000 ? 2 : 3);
      const rates = there.map((pace) => pace.rate(now));
      for (const [index, pace] of there.entries()) {
        // Each looks once a second, at a moment of its own.
        if (now % 1000 === 300 * index) pace.share(now, rates.toSpliced(index, 1));
        // The first is quicker off the mark.
        for (let n = 0; n < (index === 0 ? 4 : 1) && pace.wait(now) <= 0; n += 1) {
          pace.sent(now);
          sent += 1;
          if (tokens < 1) pace.pushedBack(now);
          else {
            tokens -= 1;
            if (now >= 25_000) admitted[index] = (admitted[index] ?? 0) + 1;
          }
        }
      }
    }
    const total = admitted.reduce((sum, each) => sum + each, 0);
    assert.ok(Math.min(...admitted) / Math.max(...admitted) > 0.9, `shares of ${admitted.join()}`);
    assert.ok(total / (capacity * 35) > 0.9, `${total} of ${capacity * 35}`);
    assert.ok(sent / (60 * capacity) < 1.1, `${sent} sent`);
  });

  it('is not slowed down by one push-back in thirty, which is no sign of too many', () => {
    const pace = new Pace(0);
    for (let now = 0; now < 60_000; now += 10) {
      pace.sent(now);
      if (now % 300 === 290) assert.equal(pace.pushedBack(now), 'alone');
    }
    assert.equal(pace.rate(60_000), undefined);
  });

  it('bears a quarter of "overloaded", which is for others to mend, and not three quarters', () => {
    for (const [every, slowed] of [
      [4, false],
      [1, true],
    ] as const) {
      const pace = new Pace(0);
      for (let turn = 0; turn < 1000; turn += 1) {
        pace.sent(turn * 10);
        if (turn % every === 0) pace.pushedBack(turn * 10, 'overloaded');
      }
      assert.equal(pace.rate(10_000) !== undefined, slowed);
    }
  });

  it('is free until something is pushed back', () => {
    assert.equal(new Pace(0).rate(1000), undefined);
    assert.equal(new Pace(0).wait(1000), 0);
  });
});
