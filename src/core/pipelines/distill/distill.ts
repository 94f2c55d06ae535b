import { NearIndex } from '../../datasets/near';
import type { SourceDocument } from '../../documents/types';
import { AskFailed, asked, type Pipeline, StageClosed, type UnitContext, type UnitResult } from '../../engine/pipeline';
import { chunkRow, goldenRow, qaRow, validationRow } from '../../records/distill';
import { checkPair } from './checks';
import { admit, type Admitted, readmit, restoreKept } from './duplicates';
import { finishDistillation } from './finish';
import { judge } from './judge';
import type { DistillOptions } from './options';
import { passagesOf, type PassageUnit } from './passages';
import { plannedAsks } from './plan';
import { pairsOf, withoutPairs } from './rows';
import { generate, validate } from './stages';

/** Questions this alike (Jaccard similarity of their shingles) are the same question. */
const twinThreshold = 0.85;

/** Documents → chunks → grounded Q&A → free checks → validation → golden dataset → training formats. */
export function distill(documents: readonly SourceDocument[], options: DistillOptions): Pipeline<PassageUnit> {
  const passages = passagesOf(documents, options);
  const kept = new NearIndex<string>({ threshold: twinThreshold, seed: options.seed });

  async function work(unit: PassageUnit, run: UnitContext): Promise<UnitResult> {
    const { text, section } = unit.chunk;
    const answer = await asked(run.ask(generate, { text, section, questions: options.questions }));
    if (answer instanceof AskFailed || answer instanceof StageClosed) {
      return withoutPairs(unit, options.questions, answer);
    }
    const checked = answer.value.map((pair) => checkPair(pair, unit.chunk));
    const admitted = await run.inTurn<readonly Admitted[]>((recorded) =>
      recorded ? readmit(kept, recorded) : checked.map((pair, k) => admit(kept, `${unit.id}_qa_${k}`, pair)),
    );
    const judged = await Promise.all(admitted.map((pair) => judge(pair, unit.chunk, run, options)));
    return pairsOf(unit, judged, answer);
  }

  return {
    kind: 'distill',
    stages: [generate, validate],
    units: () => passages.inVisitOrder(options.seed),
    unitCount: passages.count,
    planned: () => plannedAsks(passages, options),
    work,
    restore: (_unit, result) => {
      restoreKept(kept, result);
    },
    outputs: [
      { name: 'chunks.jsonl', schema: chunkRow },
      { name: 'generated_qa_pairs.jsonl', schema: qaRow },
      { name: 'validation_results.jsonl', schema: validationRow },
      { name: 'golden_dataset.jsonl', schema: goldenRow },
    ],
    finish: (run) => finishDistillation(run, passages, options.export),
  };
}
