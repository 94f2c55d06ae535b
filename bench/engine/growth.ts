import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Bench, holdTo, table } from './bundled';

/**
 * How time, memory and journal grow with the rows, against a teacher that answers at once; then resuming and rebuilding:
 *   npx tsx bench/engine/growth.ts [--rows 1000,10000,100000,1000000]
 * Exit code 1 when a process passes 250 MB, a resume of 10,000 rows takes a second to its first request, or a row of
 * the largest costs twice the processor time or journal of one of the smallest.
 */
const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000,10000' } } });
const measured = z.object({
  ms: z.number(),
  cpuMs: z.number(),
  rssMb: z.number(),
  firstRequestMs: z.number(),
  journalMb: z.number(),
});

async function main(): Promise<void> {
  const bench = await Bench.open();
  try {
    const program = await bench.bundle('grower.ts');
    const results = [];
    let smallest: { readonly cpuMs: number; readonly journalMb: number } | undefined;
    for (const rows of values.rows.split(',').map(Number)) {
      const folder = path.join(bench.folder, String(rows));
      for (const kind of ['run', 'resume', 'rebuild']) {
        const result = measured.parse(await bench.run(program, [kind, folder, rows]));
        holdTo(`${kind} of ${rows}, MB`, result.rssMb, { atMost: 250 });
        if (kind === 'resume' && rows === 10_000) holdTo('resume, ms', result.firstRequestMs, { atMost: 1000 });
        if (kind === 'run') {
          const row = { cpuMs: result.cpuMs / rows, journalMb: result.journalMb / rows };
          smallest ??= row;
          holdTo(`CPU a row, of ${rows}`, row.cpuMs / smallest.cpuMs, { atMost: 2 });
          holdTo(`journal a row, of ${rows}`, row.journalMb / smallest.journalMb, { atMost: 2 });
        }
        results.push({
          rows,
          what: kind,
          'wall s': (result.ms / 1000).toFixed(2),
          'CPU ms / row': (result.cpuMs / rows).toFixed(3),
          'RSS MB': result.rssMb.toFixed(0),
          'first request ms': kind === 'rebuild' ? '' : result.firstRequestMs.toFixed(0),
          'journal MB': result.journalMb.toFixed(1),
        });
      }
    }
    table(results);
  } finally {
    await bench.close();
  }
}

void main();
