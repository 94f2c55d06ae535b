import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { judge, noEvaluations, type StopSettings } from '../../src/core/training/stopping';
import { type Lab, openLab } from './lab';

interface Case {
  readonly settings: StopSettings;
  readonly losses: readonly number[];
}

/** Evaluation losses of real runs of the tiny model: LoRA, a rising learning rate, full fine-tuning. */
const seen = [
  [5.2106, 4.7336, 4.6608, 4.637, 4.6294, 4.6255, 4.6199, 4.6176, 4.617, 4.6162, 4.6162, 4.6155, 4.6154],
  [4.9305, 4.7012, 4.643, 4.6301, 4.6257, 4.6155, 4.6134, 4.6116, 4.6119, 4.6121],
  [4.6972, 4.6921, 4.6874, 4.6801, 4.6826],
];

const number = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: 0, max: 12, noNaN: true }) },
  { weight: 20, arbitrary: fc.double({ min: 0.995, max: 1.005, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
);
const settings = fc.record({
  patience: fc.integer({ min: 1, max: 6 }),
  minDelta: fc.constantFrom(0, 0.001, 0.1),
  convergenceSpread: fc.constantFrom(0, 0.005, 0.05),
});

describe('the callback and its reference', function () {
  this.timeout(900_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });

  it('decide the same after every evaluation, of real and of any losses', () => {
    const real = seen.flatMap((losses) =>
      [1, 2, 3].map((patience) => ({ settings: { patience, minDelta: 0.001, convergenceSpread: 0.005 }, losses })),
    );
    const any = fc.sample(fc.record({ settings, losses: fc.array(number, { maxLength: 40 }) }), 2000);
    const cases = [...real, ...any];
    assert.deepEqual(inPython(lab, cases), cases.map(inTypeScript));
  });
});

function inTypeScript({ settings: chosen, losses }: Case): (string | null)[] {
  let state = noEvaluations;
  return losses.map((loss) => {
    state = judge(state, loss, chosen);
    return `${state.reason ?? 'on'} ${state.withoutImprovement}`;
  });
}

const SCRIPT = `
import json, sys
from stopping import Settings, Stopping
said = []
for case in json.load(sys.stdin):
    told = case["settings"]
    stopping = Stopping(Settings(told["patience"], told["minDelta"], told["convergenceSpread"]))
    answers = []
    for loss in case["losses"]:
        reason = stopping.judge(float(loss))
        answers.append(f"{reason or 'on'} {stopping.without_improvement}")
    said.append(answers)
print(json.dumps(said))
`;

function inPython({ python }: Lab, cases: readonly Case[]): (string | null)[][] {
  // As text, because JSON has neither NaN nor Infinity; both languages print and read doubles exactly.
  const told = cases.map((one) => ({ ...one, losses: one.losses.map(String) }));
  const said = execFileSync(python, ['-c', SCRIPT], {
    cwd: path.resolve(import.meta.dirname, '..', '..', 'trainer'),
    input: JSON.stringify(told),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return z.array(z.array(z.string())).parse(JSON.parse(said));
}
