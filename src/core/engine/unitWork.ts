import { createHash } from 'node:crypto';
import type { Teacher } from '../teachers/teacher';
import { teacherName } from '../teachers/teacher';
import { prepare, seedFor, withError } from './ask';
import type { Halt } from './halt';
import type { Journal } from './journal';
import type { ReplyLine } from './lines';
import { fromUsd, type Nano, toUsd } from './money';
import { readReply } from './parse';
import { type Answer, AskFailed, InvalidReply, type Stage, StageClosed, type Unit, type UnitContext } from './pipeline';
import { seededRandom } from './random';
import { forget, type Recalled, replyKey } from './recall';
import type { Errand } from './errand';
import type { Sender } from './sender';
import type { Turns } from './turns';

/** What a unit's work needs of its run. */
export interface Desk {
  readonly seed: number;
  readonly teachers: Readonly<Record<string, readonly Teacher[]>>;
  readonly stages: readonly { readonly name: string }[];
  readonly journal: Journal;
  readonly sender: Sender;
  readonly halt: Halt;
  readonly turns: Turns;
}

/** The context of one unit: asks are answered from the journal where it has the reply, else by the teacher. */
export class UnitWork implements UnitContext {
  readonly signal: AbortSignal;
  /** By stage: answered, lost. */
  readonly asks: Record<string, [number, number]> = {};
  readonly lostAsks: string[] = [];
  #closed: StageClosed | undefined;
  #lostStage = '';
  readonly #asked = new Map<string, Promise<Answer<unknown>>>();
  readonly #outcomes: string[] = [];
  readonly #random: () => number;
  #turned = false;

  constructor(
    private readonly desk: Desk,
    private readonly unit: Unit,
    private readonly ticket: number,
    private readonly recalled: Recalled,
  ) {
    this.signal = desk.halt.cut;
    this.#random = seededRandom(seedFor(desk.seed, unit.id));
  }

  /** The last time that an ask met a closed stage. */
  get closed(): StageClosed | undefined {
    return this.#closed;
  }

  /** The stage of the ask that was lost last. */
  get lostStage(): string {
    return this.#lostStage;
  }

  async ask<In, Out>(
    stage: Stage<In, Out>,
    input: In,
    options: { readonly vote?: number; readonly teacher?: number } = {},
  ): Promise<Answer<Out>> {
    const teacher = this.desk.teachers[stage.role]?.[options.teacher ?? 0];
    if (!teacher) throw new Error(`The run has no teacher ${options.teacher ?? 0} in the role ${stage.role}.`);
    const { key, request } = prepare(
      { unitId: this.unit.id, runSeed: this.desk.seed, vote: options.vote ?? 0 },
      stage,
      input,
      teacher,
    );
    const asked = this.#asked.get(key);
    // The same stage and prompt: the same type of answer.
    if (asked) return (await asked) as Answer<Out>;
    const errand = {
      unit: this.unit.index,
      ask: key,
      stage: stage.name,
      priority: this.desk.stages.findIndex(({ name }) => name === stage.name),
      teacher,
      request,
    };
    const answer = this.#counted(stage, key, this.#answer(stage, input, errand));
    this.#asked.set(key, answer);
    return await answer;
  }

  async inTurn<T>(decide: (recorded?: T) => T): Promise<T> {
    if (this.#turned) throw new Error(`Unit ${this.unit.id} has had its turn.`);
    this.#turned = true;
    const after = createHash('sha256').update(this.#outcomes.sort().join()).digest('base64url').slice(0, 16);
    const { turn } = this.recalled;
    if (turn?.after === after) {
      // Run for what it leaves behind; the decision itself is on record, whatever else is known by now.
      decide(turn.value as T);
      this.desk.turns.pass(this.ticket);
      return turn.value as T;
    }
    const mine = await this.desk.turns.wait(this.ticket);
    try {
      if (!mine) throw new StageClosed('turn', this.desk.halt.stop?.kind ?? 'cancelled');
      const decided = decide();
      const value: unknown = decided === undefined ? null : JSON.parse(JSON.stringify(decided));
      this.desk.journal.append({ type: 'turn', unit: this.unit.index, after, value });
      return value as T;
    } finally {
      this.desk.turns.pass(this.ticket);
    }
  }

  random(): number {
    return this.#random();
  }

  async #counted<In, Out>(stage: Stage<In, Out>, key: string, answer: Promise<Answer<Out>>): Promise<Answer<Out>> {
    const tally = (this.asks[stage.name] ??= [0, 0]);
    try {
      const result = await answer;
      tally[0] += 1;
      this.#outcomes.push(`${key}:${stage.parserVersion}`);
      return result;
    } catch (error) {
      if (error instanceof StageClosed) {
        this.#closed = error;
        this.#asked.delete(key);
      } else if (error instanceof AskFailed) {
        tally[1] += 1;
        this.lostAsks.push(key);
        this.#lostStage = stage.name;
        this.#outcomes.push(`${key}:${error.code}`);
      }
      throw error;
    }
  }

  /** One reply, and one more if it cannot be used. */
  async #answer<In, Out>(stage: Stage<In, Out>, input: In, errand: Omit<Errand, 'attempt'>): Promise<Answer<Out>> {
    let cost: Nano = this.recalled.lostCost.get(errand.ask) ?? 0;
    let request = errand.request;
    for (let attempt = 0; ; attempt += 1) {
      const { line, lostCost } = await this.#reply({ ...errand, request, attempt }, cost);
      cost += line.cost + lostCost;
      const { reply } = line;
      if (reply.finish === 'refusal' || reply.finish === 'filter') {
        if (forget(this.recalled, errand.ask)) return await this.#answer(stage, input, errand);
        throw new AskFailed('refused', `${line.teacher} refused to answer.`, toUsd(cost), reply.text);
      }
      try {
        const value = readReply(stage, input, reply);
        return { value, costUsd: toUsd(cost), teacher: teacherName(errand.teacher), reply, at: line.at };
      } catch (error) {
        if (!(error instanceof InvalidReply)) throw error;
        if (attempt === 1) {
          if (forget(this.recalled, errand.ask)) return await this.#answer(stage, input, errand);
          const code = reply.finish === 'length' ? 'truncated' : 'invalid_reply';
          throw new AskFailed(code, error.message, toUsd(cost), reply.text);
        }
        request = withError(request, reply, error);
      }
    }
  }

  async #reply(errand: Errand, costSoFar: Nano): Promise<{ readonly line: ReplyLine; readonly lostCost: Nano }> {
    const stored = this.recalled.replies.get(replyKey(errand.ask, errand.attempt));
    if (stored) return { line: stored, lostCost: 0 };
    try {
      return await this.desk.sender.send(errand);
    } catch (error) {
      if (!(error instanceof AskFailed)) throw error;
      throw new AskFailed(error.code, error.message, toUsd(fromUsd(error.costUsd) + costSoFar), error.raw);
    }
  }
}
