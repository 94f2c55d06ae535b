import type { TrainingSpec } from '../records/training';

/** How the trainer's process ended, as the launcher wrote it; undefined when it could not. */
export interface Exit {
  readonly code: number | null;
  readonly signal: number | null;
}

const SIGKILL = 9;
/** `launch.py` writes it at every start: what is before it belongs to an earlier one. */
const START = '----- distillery starts the trainer -----';

/** Why a trainer failed, in words that say what to do, from how it ended and what it wrote last. */
export function explainFailure(exit: Exit | undefined, wholeLog: string, spec: TrainingSpec): string {
  const log = wholeLog.slice(wholeLog.lastIndexOf(START) + 1);
  // Warnings of a trainer that was ended from outside explain nothing.
  const known = exit?.code ? causes.find(({ pattern }) => pattern.test(log)) : undefined;
  if (known) return known.say(spec, known.pattern.exec(log)?.[1] ?? '');
  if (exit === undefined) {
    return 'The process is gone and left no word: the machine was restarted, or somebody ended it. Resume the job: it goes on from the last checkpoint.';
  }
  if (exit.signal === SIGKILL || exit.code === 137) {
    return killedWithoutWord(spec);
  }
  if (exit.signal !== null)
    return `The trainer was ended by signal ${exit.signal}. Resume the job: it goes on from the last checkpoint.`;
  const said = lastLine(log);
  return `The trainer ended with ${exit.code ?? 'an error'}${said === '' ? '' : `: ${said}`}. The whole story is in run.log.`;
}

const causes: readonly { readonly pattern: RegExp; say(spec: TrainingSpec, found: string): string }[] = [
  {
    pattern:
      /CUDA out of memory|OutOfMemoryError|HIP out of memory|MPS backend out of memory|DefaultCPUAllocator: can't allocate/,
    say: (spec) => `Memory ran out. ${smallerBatch(spec)}`,
  },
  {
    // What torchrun says of a rank that was killed.
    pattern: /Signal 9 \(SIGKILL\)|exitcode\s*:\s*-9\b/,
    say: (spec) => killedWithoutWord(spec),
  },
  {
    pattern: /FileNotFoundError: .*(?:progress\.jsonl|trainer\.json|[\\/]output[\\/])/,
    say: () =>
      'The job’s folder was moved or removed while it trained. Resume the job where it lies now: it goes on from the last checkpoint.',
  },
  {
    pattern: /No space left on device|Disk quota exceeded/,
    say: () => 'The disk is full. Make room (old checkpoints, other jobs’ output), then resume.',
  },
  // Before gated ones: what the hub says of a missing model speaks of gated ones as well.
  {
    pattern: /is not a local folder and is not a valid model identifier|Repository Not Found|RepositoryNotFoundError/,
    say: ({ model }) =>
      `There is no model ${model}, or it is private: check the name, and set HF_TOKEN for a private one.`,
  },
  {
    pattern: /gated repo|awaiting a review from the repo authors|Access to model .* is restricted/,
    say: ({ model }) => `${model} is gated: accept its licence on huggingface.co, and set HF_TOKEN where the job runs.`,
  },
  {
    pattern:
      /We couldn't connect to|Max retries exceeded|Temporary failure in name resolution|LocalEntryNotFoundError|OfflineModeIsEnabled/,
    say: ({ model }) =>
      `The model hub cannot be reached to load ${model}. Check the network, or give the folder of a model that is there.`,
  },
  {
    pattern:
      /No package metadata was found for bitsandbytes|requires (?:the )?bitsandbytes|No module named 'bitsandbytes'/,
    say: () =>
      'QLoRA needs bitsandbytes and an NVIDIA GPU. Use the method lora, or set up the environment on a machine with one.',
  },
  {
    pattern: /CUDA driver version is insufficient|no kernel image is available|Found no NVIDIA driver/,
    say: () => 'The GPU’s driver is too old for this PyTorch, or does not answer. Update the driver and try again.',
  },
  {
    pattern: /ModuleNotFoundError: No module named '([^']+)'/,
    say: (_spec, module) => `The training environment has no ${module}. Set it up again: distillery train --set-up.`,
  },
  {
    pattern: /SafetensorError|header too (?:large|small)|incomplete metadata/i,
    say: () => 'A weights file is cut off. Fetch the model again, or remove the newest checkpoint and resume.',
  },
];

function killedWithoutWord(spec: TrainingSpec): string {
  return `The trainer was killed, most likely because memory ran out. ${smallerBatch(spec)}`;
}

function smallerBatch({ batch_size, accumulation, method }: TrainingSpec): string {
  if (batch_size > 1) {
    const half = Math.floor(batch_size / 2);
    return `Resume it with a smaller batch of the same effect: --set batch_size=${half} --set accumulation=${Math.ceil((batch_size * accumulation) / half)}.`;
  }
  return method === 'full'
    ? 'Try the method lora.'
    : 'Try a shorter cutoff_length, a smaller model, or the method qlora on an NVIDIA GPU.';
}

/** The last line that says something: Python's own words for the error. */
function lastLine(log: string): string {
  const lines = log.split(/[\r\n]+/).map((line) => line.trim());
  const found =
    lines.findLast((line) => /^[\w.]*(?:Error|Exception|Interrupt)\b.*/.test(line)) ??
    lines.findLast((line) => line !== '');
  return (found ?? '').slice(0, 300).replace(/\.$/, '');
}
