import { type ProgressLine, progressLine, type StopReason } from '../records/training';

/** Where a job stands, out of `progress.jsonl`. */
export interface Progress {
  readonly step: number;
  readonly maxSteps: number;
  readonly train: readonly Extract<ProgressLine, { kind: 'train' }>[];
  readonly evaluations: readonly Extract<ProgressLine, { kind: 'evaluation' }>[];
  /** Steps with a checkpoint; the trainer keeps the best and the last. */
  readonly checkpoints: readonly number[];
  readonly best: { readonly step: number; readonly loss: number } | undefined;
  /** Of the last evaluation. */
  readonly withoutImprovement: number;
  readonly patience: number | undefined;
  /** Until the last step, should nothing stop it before; by the pace of this session. */
  readonly secondsLeft: number | undefined;
  /** How long it has worked, over all its starts, by a clock that does not jump. */
  readonly seconds: number;
  readonly stopReason: StopReason | undefined;
}

/** Lines as they are read from the file; those that cannot be read (the last one, half written) are left out. */
export function parseProgress(text: string): ProgressLine[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const parsed = progressLine.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      // Half written: it comes whole with the next look.
      return [];
    }
  });
}

/** After a resume from a checkpoint the steps behind it are done again: what was said of them before is forgotten. */
export function summarizeProgress(lines: readonly ProgressLine[]): Progress {
  let train: Extract<ProgressLine, { kind: 'train' }>[] = [];
  let evaluations: Extract<ProgressLine, { kind: 'evaluation' }>[] = [];
  let checkpoints: number[] = [];
  let begin: Extract<ProgressLine, { kind: 'begin' }> | undefined;
  let last: ProgressLine | undefined;
  let before = 0;
  for (const line of lines) {
    if (line.kind === 'begin') {
      before += last?.seconds ?? 0;
      begin = line;
      train = train.filter(({ step }) => step <= line.step);
      evaluations = evaluations.filter(({ step }) => step <= line.step);
      checkpoints = checkpoints.filter((step) => step <= line.step);
    } else if (line.kind === 'train') train.push(line);
    else if (line.kind === 'evaluation') evaluations.push(line);
    else if (line.kind === 'checkpoint') checkpoints = [...checkpoints.filter((step) => step !== line.step), line.step];
    last = line;
  }
  const step = last?.step ?? 0;
  const maxSteps = begin?.max_steps ?? 0;
  const latest = evaluations.at(-1);
  return {
    step,
    maxSteps,
    train,
    evaluations,
    checkpoints,
    best: bestOf(evaluations),
    withoutImprovement: latest?.without_improvement ?? 0,
    patience: latest?.patience,
    secondsLeft: begin && last ? secondsLeft(begin, last, maxSteps) : undefined,
    seconds: before + (last?.seconds ?? 0),
    stopReason: last?.kind === 'end' ? last.stop_reason : undefined,
  };
}

function bestOf(evaluations: Progress['evaluations']): Progress['best'] {
  let best: Progress['best'];
  for (const { step, loss } of evaluations) {
    if (loss !== null && (best === undefined || loss < best.loss)) best = { step, loss };
  }
  return best;
}

function secondsLeft(begin: ProgressLine, last: ProgressLine, maxSteps: number): number | undefined {
  const steps = last.step - begin.step;
  if (steps <= 0 || last.kind === 'end') return undefined;
  return ((last.seconds - begin.seconds) / steps) * (maxSteps - last.step);
}
