import { INTERRUPTED } from './errand';
import { parseLine } from './history';
import type { Journal } from './journal';
import type { Place } from './blockReader';
import type { ReplyLine, TurnLine } from './lines';
import type { Nano } from './money';

/** What the journal holds of a unit that is worked again. */
export interface Recalled {
  /** By ask and attempt, see `replyKey`. */
  readonly replies: Map<string, ReplyLine>;
  /** By ask: what attempts without an answer may have cost. */
  readonly lostCost: Map<string, Nano>;
  turn: TurnLine | undefined;
  /** Asks that were lost and are asked again: a stored reply counts only if it can be used by now. */
  readonly again: Set<string>;
}

export function replyKey(ask: string, attempt: number): string {
  return `${ask}/${attempt}`;
}

export function nothing(): Recalled {
  return { replies: new Map(), lostCost: new Map(), turn: undefined, again: new Set() };
}

export async function recall(journal: Journal, places: readonly Place[]): Promise<Recalled> {
  const recalled = nothing();
  for (const place of places) {
    const line = parseLine(await journal.read(place));
    if (line?.type === 'reply') {
      // A reply that came after "retry" is the new one: what the ask had before no longer counts, except as money.
      if (recalled.again.has(line.ask)) forget(recalled, line.ask);
      recalled.replies.set(replyKey(line.ask, line.attempt), line);
    } else if (line?.type === 'turn') {
      recalled.turn = line;
    } else if (line?.type === 'lost' && !INTERRUPTED.has(line.code)) {
      recalled.lostCost.set(line.ask, (recalled.lostCost.get(line.ask) ?? 0) + line.cost);
    } else if (line?.type === 'retry') {
      for (const ask of line.asks) recalled.again.add(ask);
      recalled.turn = undefined;
    }
  }
  return recalled;
}

/** Makes room for new replies to a lost ask. False: it had none, or is not asked again. */
export function forget({ replies, lostCost, again }: Recalled, ask: string): boolean {
  if (!again.delete(ask)) return false;
  let stored = 0;
  for (const attempt of [0, 1]) {
    const line = replies.get(replyKey(ask, attempt));
    if (!line) continue;
    stored += 1;
    lostCost.set(ask, (lostCost.get(ask) ?? 0) + line.cost);
    replies.delete(replyKey(ask, attempt));
  }
  return stored > 0;
}
