import { z } from 'zod';
import { counts } from '../records/run';

/**
 * The lines of `journal.jsonl`, the source of truth of a run. Append-only; `unit` is a unit's index, money is nano-dollars.
 * `docs/engine.md` says in prose what each is for.
 */

const nano = z.number().int().nonnegative();
const usage = z.object({
  input: z.number(),
  cached: z.number(),
  cacheWrite: z.number(),
  output: z.number(),
  reasoning: z.number(),
});
const reply = z.object({
  text: z.string(),
  reasoning: z.string().exactOptional(),
  finish: z.enum(['stop', 'length', 'refusal', 'filter']),
  usage,
  usageReported: z.boolean(),
  logprobs: z
    .array(
      z.object({
        token: z.string(),
        logprob: z.number(),
        top: z.array(z.object({ token: z.string(), logprob: z.number() })),
      }),
    )
    .exactOptional(),
  requestId: z.string().exactOptional(),
});

const of = { unit: z.number().int(), ask: z.string(), stage: z.string(), teacher: z.string() };

/** The run begins or goes on. Another parser version of a stage reopens every unit: its stored replies are read again. */
export const runLine = z.object({
  type: z.literal('run'),
  version: z.literal(1),
  run: z.string(),
  config_hash: z.string(),
  /** By stage. */
  parsers: z.record(z.string(), z.number().int()),
  /** The files that rows go to. */
  outputs: z.array(z.string()),
  at: z.string(),
});
/** A request is about to go out; its worst case is set aside. Without a `reply` or `lost` of the same `seq` it counts as spent. */
export const sentLine = z.object({
  type: z.literal('sent'),
  seq: z.number().int(),
  ...of,
  attempt: z.number().int(),
  reserved: nano,
  /** The batch that it goes out with. */
  batch: z.string().exactOptional(),
});
/** A batch is about to be submitted, with the requests that name its token; then the same with the provider's id. */
export const batchLine = z.object({
  type: z.literal('batch'),
  token: z.string(),
  teacher: z.string(),
  size: z.number().int(),
  at: z.string(),
  id: z.string().exactOptional(),
  /** Nobody waits for it any more: what it still holds counts as billed, and is asked anew. */
  gone: z.literal(true).exactOptional(),
});
/** An answer, whole. `attempt` 1 is the second try with the error appended. */
export const replyLine = z.object({
  type: z.literal('reply'),
  seq: z.number().int(),
  ...of,
  attempt: z.number().int(),
  cost: nano,
  /** By how much the bill passed the reservation. */
  over: nano.exactOptional(),
  /** With `over`: by how much the reservation was larger than the worst case, for what bills before it had passed. */
  headroom: z.number().exactOptional(),
  at: z.string(),
  reply,
});
/** No answer. `cost` is what may have been billed all the same. */
export const lostLine = z.object({
  type: z.literal('lost'),
  seq: z.number().int(),
  ...of,
  code: z.string(),
  message: z.string(),
  cost: nano,
  at: z.string(),
});
/** What a unit decided in its turn, and the fingerprint of the answers it had then. */
export const turnLine = z.object({
  type: z.literal('turn'),
  unit: z.number().int(),
  after: z.string(),
  value: z.unknown(),
});
/** The unit is worked again; its stored replies to these asks no longer count. */
export const retryLine = z.object({ type: z.literal('retry'), unit: z.number().int(), asks: z.array(z.string()) });

export const failureRow = z.object({
  id: z.string(),
  stage: z.string(),
  code: z.string(),
  message: z.string(),
  raw: z.string().exactOptional(),
});
/** What a unit gave. The last one of a unit counts; `open` ones are worked again on resume. */
export const doneLine = z.object({
  type: z.literal('done'),
  unit: z.number().int(),
  id: z.string(),
  rows: z.record(z.string(), z.array(z.unknown())),
  counts,
  failures: z.array(failureRow),
  open: z.boolean(),
  /** Asks by stage: answered, lost. */
  asks: z.record(z.string(), z.tuple([z.number().int(), z.number().int()])),
  /** The asks that are lost: what "retry failed" sends again. */
  lost: z.array(z.string()),
});
/** Of a `done` line, what the outputs are written from. */
export const doneRows = doneLine.pick({ rows: true, failures: true });
/** A file is about to be put in place with this content. */
export const outputLine = z.object({ type: z.literal('output'), path: z.string(), sha256: z.string() });

export const journalLine = z.discriminatedUnion('type', [
  runLine,
  sentLine,
  batchLine,
  replyLine,
  lostLine,
  turnLine,
  retryLine,
  doneLine,
  outputLine,
]);

export type ReplyLine = z.infer<typeof replyLine>;
export type LostLine = z.infer<typeof lostLine>;
export type TurnLine = z.infer<typeof turnLine>;
export type DoneLine = z.infer<typeof doneLine>;
export type RunLine = z.infer<typeof runLine>;
export type SentLine = z.infer<typeof sentLine>;
export type BatchLine = z.infer<typeof batchLine>;
export type JournalLine = z.infer<typeof journalLine>;

export const JOURNAL = 'journal.jsonl';
