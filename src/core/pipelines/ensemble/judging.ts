import { type Answer, asked, AskFailed, StageClosed, type UnitContext } from '../../engine/pipeline';
import type { CompletionRow, CritiqueRow } from '../../records/ensemble';
import type { Instruction } from '../prompts/ensemble';
import { meanScore } from './scores';
import type { Critiques, EnsembleStages } from './stages';

/** What one judge said of the others' answers. */
export interface Judgement {
  /** The teachers whose answers it was shown, in this order. */
  readonly shown: readonly number[];
  /** Undefined when there was nothing to show. */
  readonly said: Answer<Critiques> | AskFailed | undefined;
}

/** A seeded order of the answers for each judge, drawn for all of them: it does not depend on who failed. */
export function drawOrders(teachers: number, run: Pick<UnitContext, 'random'>): readonly (readonly number[])[] {
  return Array.from({ length: teachers }, () => {
    const order = Array.from({ length: teachers }, (_, at) => at);
    // Fisher and Yates.
    for (let k = order.length - 1; k > 0; k--) {
      const other = Math.floor(run.random() * (k + 1));
      const [a, b] = [order[k], order[other]];
      if (a !== undefined && b !== undefined) [order[k], order[other]] = [b, a];
    }
    return order;
  });
}

/** Each teacher scores the others' answers. Undefined when the stage closed before all had. */
export async function crossJudge(
  instruction: Instruction,
  answers: readonly (string | null)[],
  orders: readonly (readonly number[])[],
  run: UnitContext,
  { judge }: EnsembleStages,
): Promise<readonly Judgement[] | undefined> {
  // A lone answer is for a person to look at, whatever it would score.
  const alone = answers.filter((answer) => answer !== null).length < 2;
  const judgements = await Promise.all(
    orders.map(async (order, teacher) => {
      const shown = alone ? [] : order.filter((of) => of !== teacher && answers[of] !== null);
      if (shown.length === 0) return { shown, said: undefined };
      const texts = shown.map((of) => answers[of] ?? '');
      const said = await asked(run.ask(judge, { ...instruction, answers: texts }, { teacher }));
      return { shown, said };
    }),
  );
  const ended = judgements.flatMap(({ shown, said }) => (said instanceof StageClosed ? [] : [{ shown, said }]));
  return ended.length === judgements.length ? ended : undefined;
}

/** What each teacher answered, and what the others said of it. */
export function completionsOf(
  answers: readonly (string | null)[],
  judgements: readonly Judgement[],
  teachers: readonly string[],
): CompletionRow[] {
  return answers.map((answer, teacher) => {
    const critiques = judgements.flatMap(({ shown, said }, judge) => {
      const position = shown.indexOf(teacher);
      const critique = said === undefined || said instanceof AskFailed ? undefined : said.value[position];
      return critique ? [{ by: teachers[judge] ?? '', ...critique, position } satisfies CritiqueRow] : [];
    });
    return { answer, score: meanScore(critiques), critiques };
  });
}
