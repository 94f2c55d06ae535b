import assert from 'node:assert/strict';
import { Pace } from './pace';

/**
 * A provider with a token bucket that answers after `answerMs`, and a client that has at most 32, then 64 under way and sends as
 * fast as its pace lets it; time is simulated.
 */
function simulate(seconds: number, capacityAt: (second: number) => number, answerMs: number) {
  const burst = 16;
  const pace = new Pace(0);
  const underWay: { readonly sentAt: number; readonly taken: boolean }[] = [];
  let tokens = burst;
  let sent = 0;
  let admitted = 0;
  let possible = burst;
  for (let now = 0; now < seconds * 1000; now += 1) {
    const perMs = capacityAt(now / 1000) / 1000;
    tokens = Math.min(burst, tokens + perMs);
    possible += perMs;
    for (let first = underWay[0]; first && now - first.sentAt >= answerMs; first = underWay[0]) {
      underWay.shift();
      if (!first.taken) pace.pushedBack(now, first.sentAt);
    }
    for (; underWay.length < (now < answerMs ? 32 : 64) && pace.wait(now) <= 0; sent += 1) {
      pace.sent(now);
      const taken = tokens >= 1;
      underWay.push({ sentAt: now, taken });
      if (taken) tokens -= 1;
      if (taken) admitted += 1;
    }
  }
  return { used: admitted / possible, sentPerNeeded: sent / admitted };
}

describe('the pace', () => {
  for (const capacity of [50, 150, 300]) {
    for (const answerMs of [20, 200]) {
      it(`keeps close to ${capacity} requests a second, told of too many after ${answerMs} ms`, () => {
        const { used, sentPerNeeded } = simulate(60, () => capacity, answerMs);
        assert.ok(used >= 0.95, `${used} of the capacity`);
        assert.ok(sentPerNeeded <= 1.05, `${sentPerNeeded} sent per request needed`);
      });
    }
  }

  for (const answerMs of [20, 200]) {
    it(`follows a capacity that halves and doubles, told of too many after ${answerMs} ms`, () => {
      const { used, sentPerNeeded } = simulate(90, (second) => (second > 30 && second < 60 ? 50 : 100), answerMs);
      assert.ok(used >= 0.95, `${used} of the capacity`);
      assert.ok(sentPerNeeded <= 1.05, `${sentPerNeeded} sent per request needed`);
    });
  }

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
          if (tokens < 1) pace.pushedBack(now, now);
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
      if (now % 300 === 290) assert.equal(pace.pushedBack(now, now), 'alone');
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
        if (turn % every === 0) pace.pushedBack(turn * 10, turn * 10, 'overloaded');
      }
      assert.equal(pace.rate(10_000) !== undefined, slowed);
    }
  });

  it('is free until something is pushed back', () => {
    assert.equal(new Pace(0).rate(1000), undefined);
    assert.equal(new Pace(0).wait(1000), 0);
  });
});
