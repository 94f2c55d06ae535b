import { parseArgs } from 'node:util';
import { builtInDomain } from '../../src/core/pipelines/cascade/builtIn';
import { parseDomain } from '../../src/core/pipelines/cascade/domain';
import { pointsOf } from '../../src/core/pipelines/cascade/points';
import { formatCase, tellCase } from '../../src/core/teachers/offline/cascade/cases';

/**
 * Cases of the offline teacher, to be read:
 *   npx tsx bench/pipelines/cases.ts [--domain medical] [--seed 42] [--count 30]
 */
const { values } = parseArgs({
  options: {
    domain: { type: 'string', default: 'medical' },
    seed: { type: 'string', default: '42' },
    count: { type: 'string', default: '30' },
  },
});

async function main(): Promise<void> {
  const domain = parseDomain(await builtInDomain(values.domain), values.domain);
  let told = 0;
  for (const point of pointsOf(domain, Number(values.seed))) {
    if (told++ >= Number(values.count)) return;
    const trace = tellCase({ kind: 'cascade.raw', domain: domain.name, ...point });
    const { instruction, reasoning_chain, trinary_logic } = formatCase({
      kind: 'cascade.format',
      trace,
      difficulty: point.difficulty,
    });
    const { premise_a, premise_b, premise_c, resolution } = trinary_logic;
    process.stdout.write(
      `${told}. (${point.difficulty}) ${instruction}\n  a ${premise_a}\n  b ${premise_b}\n  c ${premise_c}\n  > ${resolution}\n  : ${reasoning_chain.split('\n').slice(1).join('\n    ')}\n\n`,
    );
  }
}

void main();
