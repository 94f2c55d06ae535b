import { open } from 'node:fs/promises';
import { findPairProblems } from '../../core/datasets/view/pairProblems';
import { tokensOfParts } from '../../core/datasets/view/partTokens';
import { DatasetViewError } from '../../core/datasets/view/errors';
import { mathml } from '../../core/datasets/view/mathml';
import { gatherStatistics } from '../../core/datasets/view/statistics';
import { ValidatorVerdicts } from '../../core/datasets/view/validatorVerdicts';
import { explainRows, listTwins, spareTwins, TWIN_FLOOR } from '../../core/datasets/view/twinGroups';
import { findTwins, twinGraph, type TwinGraph } from '../../core/datasets/twins';
import { serve } from '../../protocol/channel';
import { scanContract } from '../../protocol/scan';
import { editorPort } from './processPort';

const TELL_MS = 80;

const server = serve(editorPort(), scanContract, {
  statistics: async ({ path, original }, signal) => {
    await using file = await open(path, 'r');
    const tell = atTimes((bytes) => server.emit('read', { bytes }));
    return await gatherStatistics(file, signal, tell, await ValidatorVerdicts.around(original, signal));
  },
  pairProblems: ({ path }, signal) =>
    findPairProblems(
      path,
      signal,
      atTimes((rows) => server.emit('checked', { rows })),
    ),
  twins: async ({ path }, signal) => {
    const onRows = atTimes((rows) => server.emit('compared', { rows }));
    graph = twinGraph(await findTwins(path, TWIN_FLOOR, { signal, onRows }), TWIN_FLOOR);
    return { rows: graph.lines.length, floor: TWIN_FLOOR };
  },
  twinGroups: ({ threshold, start, count }) => listTwins(foundTwins(), threshold, { start, count }),
  spareTwins: ({ threshold, keep }) => ({ lines: spareTwins(foundTwins(), threshold, keep) }),
  explainTwins: ({ first, second }) => explainRows(JSON.parse(first), JSON.parse(second)),
  tokens: async ({ json }) => ({ parts: await tokensOfParts(JSON.parse(json)) }),
  math: async ({ tex, display }) => ({ mathml: (await mathml(tex, display)) ?? null }),
});

let graph: TwinGraph | undefined;

function foundTwins(): TwinGraph {
  if (!graph) throw new DatasetViewError('not_open', 'Twins were not looked for yet. Open the Twins tab again.');
  return graph;
}

/** Hands numbers on no more often than the eye can follow. */
function atTimes(tell: (value: number) => void): (value: number) => void {
  let last = 0;
  return (value) => {
    if (Date.now() - last < TELL_MS) return;
    last = Date.now();
    tell(value);
  };
}
