import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judge, noEvaluations, replay } from './stopping';

const settings = { patience: 3, minDelta: 0.001, convergenceSpread: 0.005 };
const loss = fc.double({ min: 0.01, max: 20, noNaN: true });
const losses = fc.array(loss, { maxLength: 60 });

describe('smart stopping', () => {
  it('stops when patience is used up, and not before', () => {
    assert.equal(replay([3, 2, 2.1, 2.2], settings).reason, undefined);
    assert.equal(replay([3, 2, 2.1, 2.2, 2.3], settings).reason, 'patience');
  });

  it('takes no improvement below min_delta for one, however often it comes', () => {
    const { withoutImprovement, reference } = replay([2, 1.9995, 1.9991], settings);
    assert.deepEqual([withoutImprovement, reference], [2, 2]);
  });

  it('sees that losses have converged when they move up and down within half a percent', () => {
    assert.equal(replay([3, 1, 0.999, 1.001, 0.9985, 1.0005], { ...settings, patience: 50 }).reason, 'convergence');
  });

  it('goes on while losses fall steadily, however slowly', () => {
    const falling = [1, 0.9992, 0.9984, 0.9976, 0.9968, 0.996];
    assert.equal(replay(falling, { ...settings, patience: 50 }).reason, undefined);
  });

  it('judges not a number first', () => {
    assert.equal(replay([1, 1, 1, 1, Number.NaN], { ...settings, patience: 1 }).reason, 'not_a_number');
    assert.equal(replay([1, Number.POSITIVE_INFINITY], settings).reason, 'not_a_number');
  });

  it('names convergence where patience would stop at the same evaluation', () => {
    assert.equal(replay([1, 1, 1, 1, 1], { ...settings, patience: 4 }).reason, 'convergence');
  });

  it('holds for any losses: patience only after that many evaluations without a better one', () => {
    fc.assert(
      fc.property(losses, (values) => {
        const state = replay(values, { ...settings, convergenceSpread: 0 });
        if (state.reason !== 'patience') return;
        const before = Math.min(...values.slice(0, -settings.patience));
        const since = Math.min(...values.slice(-settings.patience));
        assert.ok(since >= before - settings.minDelta - 1e-12);
      }),
    );
  });

  it('holds for any losses: convergence never with fewer than five, nor on a steady fall', () => {
    fc.assert(
      fc.property(losses, (values) => {
        const state = replay(values, { ...settings, patience: 1000 });
        if (values.length < 5) assert.equal(state.reason, undefined);
        const falling = values.toSorted((a, b) => b - a).filter((value, at, all) => value !== all[at - 1]);
        assert.equal(replay(falling, { ...settings, patience: 1000 }).reason, undefined);
      }),
    );
  });

  it('holds for any losses: a history replayed is the history judged, one by one', () => {
    fc.assert(
      fc.property(losses, loss, (values, next) => {
        assert.deepEqual(judge(replay(values, settings), next, settings), replay([...values, next], settings));
        assert.deepEqual(replay([], settings), noEvaluations);
      }),
    );
  });
});
