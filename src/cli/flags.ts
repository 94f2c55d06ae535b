import { type Command, InvalidArgumentError, Option } from 'commander';

/** Parsers for option values; each refusal says what is wanted. */

export function wholeNumber(range: { min: number; max?: number }) {
  return (text: string): number => {
    const value = Number(text);
    const { min, max = Number.MAX_SAFE_INTEGER } = range;
    if (!/^-?\d+$/.test(text.trim()) || value < min || value > max) {
      const most = max === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${max}`;
      throw new InvalidArgumentError(`Give a whole number of at least ${min}${most}.`);
    }
    return value;
  };
}

export function fraction(range: { min: number; max: number }) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= range.min && value <= range.max)) {
      throw new InvalidArgumentError(`Give a number from ${range.min} to ${range.max}.`);
    }
    return value;
  };
}

export function listOf<T extends string>(allowed: readonly T[]) {
  return (text: string): T[] =>
    text.split(',').map((word) => {
      const found = allowed.find((candidate) => candidate === word.trim());
      if (!found) throw new InvalidArgumentError(`“${word.trim()}” is none of ${allowed.join(', ')}.`);
      return found;
    });
}

/** A repeatable flag. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** `--budget [STAGE=]USD`, repeatable; the run's cap under the key ''. */
export function budget(text: string, before: Readonly<Record<string, number>> | undefined): Record<string, number> {
  const [, stage = '', amount = ''] = /^(?:([\w-]+)=)?\$?(.*)$/.exec(text.trim()) ?? [];
  const usd = Number(amount);
  if (amount.trim() === '' || !Number.isFinite(usd) || usd <= 0) {
    throw new InvalidArgumentError('Give an amount in US dollars above 0, such as 5 or generate=2.50.');
  }
  return { ...before, [stage]: usd };
}

/** The flags of everything that asks a teacher (spec page 6). */
export interface AskFlags {
  readonly out?: string;
  readonly teacher?: readonly string[];
  readonly budget?: Readonly<Record<string, number>>;
  readonly estimateOnly?: boolean;
  readonly yes?: boolean;
  readonly seed: number;
  readonly concurrency: number;
  readonly delay?: number;
  /** Seconds. */
  readonly timeout: number;
  readonly batch?: boolean;
  /** Stages that stay live with `batch`. */
  readonly live?: readonly string[];
  /** Seconds between two looks at a batch. */
  readonly poll?: number;
  readonly maxExamples?: number;
  readonly startIndex?: number;
  readonly retryFailed?: boolean;
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly keysStdin?: boolean;
}

export function addAskFlags(command: Command): Command {
  return addRunFlags(
    command.option('--teacher <[role=]provider/model>', 'who answers; repeatable; “offline” needs no key', collect),
  );
}

/** The same for a command that names its teachers by flags of its own. */
export function addRunFlags(command: Command): Command {
  return command
    .option('--out <dir>', 'the run folder (default: distillery/<run name>); the same command again resumes it')
    .option('--budget <[stage=]usd>', 'the cap of the run or of a stage; repeatable', budget)
    .option('--estimate-only', 'what it would cost; nothing is sent')
    .option('--yes', 'do not ask above the confirmation threshold')
    .option('--seed <n>', 'the same seed and replies give the same files', wholeNumber({ min: 0 }), 42)
    .option('--concurrency <n>', 'at most this many requests at once', wholeNumber({ min: 1, max: 4096 }), 64)
    .option('--delay <ms>', 'wait this long between requests', wholeNumber({ min: 0 }))
    .option('--timeout <seconds>', 'give up on one attempt after this long', wholeNumber({ min: 1, max: 3600 }), 600)
    .option('--batch', 'through the provider’s Batch API: half price, within 24 hours')
    .option('--live <stage>', 'with --batch: this stage is asked live all the same; repeatable', collect)
    .option(
      '--poll <seconds>',
      'with --batch: look at the batches this often (default: 10)',
      fraction({ min: 0.01, max: 3600 }),
    )
    .option('--max-examples <n>', 'work on at most this many', wholeNumber({ min: 1 }))
    .option('--start-index <n>', 'begin with this one, counted from 0', wholeNumber({ min: 0 }))
    .option('--retry-failed', 'ask again for what was lost before')
    .option('--config <file>', 'YAML with any of these flags; flags win over it')
    .addOption(new Option('--keys-stdin', 'keys and settings as one line of JSON on stdin').hideHelp())
    .option('--json', 'exactly one JSON object on stdout')
    .option('--quiet', 'no progress');
}
