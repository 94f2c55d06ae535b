import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Grounding, ground } from '../../src/core/documents/ground';
import { type Case, falseKinds, heavyKinds, makeCase, readPassages, trueKinds } from './cases';
import { Random } from './random';
import { worstCases } from './worst';

const root = path.resolve(__dirname, '..', '..');
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '300' },
    show: { type: 'string', default: '5' },
  },
});

interface Tally {
  readonly kind: string;
  readonly cases: number;
  readonly verified: number;
  readonly repaired: number;
  readonly unverified: number;
  /** True quotes not found, or found in the wrong place; fabrications let through. */
  readonly wrong: readonly Case[];
}

function main(): boolean {
  const passages = readPassages(root).filter((page) => page.sentences.length > 0);
  const kinds = [...trueKinds, ...heavyKinds, ...falseKinds];
  const tallies = kinds.map((kind, i) => measure(kind, passages, new Random(Number(values.seed) * 1000 + i)));
  const truths = tallies.slice(0, trueKinds.length);
  const worse = tallies.slice(trueKinds.length, trueKinds.length + heavyKinds.length);
  const lies = tallies.slice(trueKinds.length + heavyKinds.length);
  console.log(`${passages.length} passages, seed ${values.seed}\n`);
  printTable('true quotes', truths, 'missed');
  printTable('worse scans, not held to the bar', worse, 'missed');
  printTable('fabrications', lies, 'let through');
  for (const { kind, wrong } of tallies) for (const one of wrong.slice(0, Number(values.show))) show(kind, one);
  const missed = count(truths, ({ wrong }) => wrong.length) / count(truths, ({ cases }) => cases);
  const through = count(lies, ({ wrong }) => wrong.length);
  const slowest = worstCases();
  const bars = [
    [`true quotes missed ${(missed * 100).toFixed(2)} % (bar: below 1 %)`, missed < 0.01],
    [`fabrications let through ${through} of ${count(lies, ({ cases }) => cases)} (bar: 0)`, through === 0],
    [`slowest on 100 KB ${slowest.toFixed(0)} ms (bar: below 2000 ms)`, slowest < 2000],
  ] as const;
  for (const [what, met] of bars) console.log(`${met ? 'met   ' : 'MISSED'} ${what}`);
  return bars.every(([, met]) => met);
}

function measure(kind: string, passages: ReturnType<typeof readPassages>, random: Random): Tally {
  const counts = { verified: 0, repaired: 0, unverified: 0 };
  const wrong: Case[] = [];
  let cases = 0;
  for (let tries = 0; cases < Number(values.cases) && tries < Number(values.cases) * 40; tries += 1) {
    const one = makeCase(kind, passages, random);
    if (!one) continue;
    cases += 1;
    const found = ground(one.quote, one.passage);
    counts[found.status] += 1;
    if (!isRight(one, found)) wrong.push(one);
  }
  return { kind, cases, ...counts, wrong };
}

/** A true quote must come back as the passage's own words, and not a neighbour's; a fabrication must not come back. */
function isRight({ truth, passage }: Case, found: Grounding): boolean {
  if (truth === undefined) return found.status === 'unverified';
  if (found.status === 'unverified' || passage.slice(found.start, found.end) !== found.quote) return false;
  return truth.includes(found.quote.trim()) || found.quote.includes(truth.trim());
}

function count<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function printTable(title: string, tallies: readonly Tally[], wrong: string): void {
  console.log(`${title.padEnd(32)} cases  verified  repaired  unverified  ${wrong}`);
  for (const { kind, cases, verified, repaired, unverified, wrong: bad } of tallies) {
    const share = cases === 0 ? '' : `${bad.length} (${((bad.length / cases) * 100).toFixed(1)} %)`;
    console.log(
      `${kind.padEnd(32)} ${pad(cases, 5)}  ${pad(verified, 8)}  ${pad(repaired, 8)}  ${pad(unverified, 10)}  ${share}`,
    );
  }
  console.log('');
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}

function show(kind: string, { quote, passage, truth }: Case): void {
  const found = ground(quote, passage);
  console.log(`${kind}\n  quote   ${JSON.stringify(quote)}\n  truth   ${JSON.stringify(truth ?? '(fabricated)')}`);
  console.log(
    `  found   ${found.status === 'unverified' ? `${found.reason} ${JSON.stringify(found.difference ?? '')}` : JSON.stringify(found.quote)}\n`,
  );
}

process.exitCode = main() ? 0 : 1;
