import type { Hardware, TrainingMethod, TrainingSpec } from '../records/training';
import { TrainingError } from './errors';

/** What a job needs and takes, roughly: it decides what is refused and what the person is told before starting. */

interface Load {
  readonly billions: number;
  readonly method: TrainingMethod;
  readonly batchSize: number;
  readonly cutoffLength: number;
  readonly kind: Hardware['kind'];
}

/**
 * GB of memory. Weights, gradients and optimizer by LLaMA-Factory's table (LoRA 16-bit 7B: 16 GB, 4-bit: 6 GB, full: 18
 * bytes a parameter); on a processor weights are 32-bit. Activations grow with the tokens in flight.
 */
export function memoryNeeded({ billions, method, batchSize, cutoffLength, kind }: Load): number {
  const gbABillion = { lora: kind === 'cpu' ? 4.4 : 2.2, qlora: 0.75, full: 18 }[method];
  const tokens = batchSize * cutoffLength;
  // One part in proportion to the model, one for the logits of a large vocabulary.
  const activations = (tokens / 8192) * (0.6 * billions + 2);
  return billions * gbABillion + activations + 0.8;
}

/** Seconds, from the arithmetic of a training step (6 operations a parameter and token, 4 where weights are frozen). */
export function secondsNeeded(run: {
  readonly billions: number;
  readonly method: TrainingMethod;
  readonly tokens: number;
  readonly epochs: number;
  readonly hardware: Hardware;
}): number {
  const operations = run.billions * 1e9 * run.tokens * run.epochs * (run.method === 'full' ? 6 : 4);
  // What hardware of the kind reaches in training, not what its sheet says.
  const rate = { cuda: 4e13, rocm: 3e13, apple: 3e12, cpu: 1e11 }[run.hardware.kind];
  const startup = 20;
  return startup + operations / rate;
}

/**
 * Refuses what cannot fit, and says what would.
 * @throws {TrainingError} `cannot_fit`
 */
export function refuseWhatCannotFit(
  spec: Pick<TrainingSpec, 'method' | 'batch_size' | 'gpus' | 'deepspeed'>,
  billions: number,
  cutoffLength: number,
  hardware: Hardware,
): number {
  const { kind } = hardware;
  if (spec.method === 'qlora' && kind !== 'cuda') {
    throw new TrainingError('cannot_fit', 'QLoRA needs an NVIDIA GPU, and there is none. Use the method lora.');
  }
  if (spec.gpus > 1 && hardware.gpus.length < spec.gpus) {
    throw new TrainingError(
      'cannot_fit',
      `${spec.gpus} GPUs are wanted, and there are ${hardware.gpus.length}. Set gpus to what there is.`,
    );
  }
  const load = { billions, method: spec.method, batchSize: spec.batch_size, cutoffLength, kind };
  const needed = memoryNeeded(load);
  const there = memoryThere(hardware, spec.deepspeed === undefined ? 1 : spec.gpus);
  if (there === undefined || needed <= there) return needed;
  const fits = alternatives(load).find(({ load: other }) => memoryNeeded(other) <= there);
  const advice = fits
    ? `This would fit: ${fits.advice}.`
    : `At most a model of about ${largest(load, there).toFixed(1)} billion parameters fits here with ${spec.method}.`;
  throw new TrainingError(
    'cannot_fit',
    `The job needs about ${needed.toFixed(1)} GB, and ${kind === 'cuda' ? 'the GPU has' : 'this machine has'} ${there.toFixed(1)} GB. ${advice}`,
  );
}

function memoryThere({ kind, gpus, memory_mb }: Hardware, sharing: number): number | undefined {
  const [first] = gpus;
  if (kind === 'cuda' && first) return (Math.min(...gpus.map((gpu) => gpu.memory_mb)) / 1000) * sharing;
  return memory_mb === null ? undefined : memory_mb / 1000;
}

/** Gentler first: the batch, then the method. */
function alternatives(load: Load): { load: Load; advice: string }[] {
  const list = [];
  for (let batchSize = Math.floor(load.batchSize / 2); batchSize >= 1; batchSize = Math.floor(batchSize / 2)) {
    list.push({
      load: { ...load, batchSize },
      advice: `--set batch_size=${batchSize} --set accumulation=${Math.ceil((2 * load.batchSize) / batchSize)}`,
    });
  }
  const gentler: TrainingMethod[] = load.kind === 'cuda' ? ['lora', 'qlora'] : ['lora'];
  for (const method of gentler) {
    if (method === load.method) continue;
    list.push({ load: { ...load, method, batchSize: 1 }, advice: `--method ${method} --set batch_size=1` });
  }
  return list;
}

function largest(load: Load, there: number): number {
  let low = 0;
  let high = load.billions;
  for (let round = 0; round < 30; round++) {
    const middle = (low + high) / 2;
    if (memoryNeeded({ ...load, batchSize: 1, billions: middle }) <= there) low = middle;
    else high = middle;
  }
  return low;
}
