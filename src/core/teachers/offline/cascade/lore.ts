import { createHash } from 'node:crypto';

/** What is known of a piece of contradicting evidence: the three readings, and how to choose between them. */
export interface Conflict {
  readonly a: string;
  readonly b: string;
  /** What holds if neither of the two does. */
  readonly c: string;
  /** How far each side can be trusted. */
  readonly weigh: string;
  readonly lean: 'a' | 'b';
  /** Follows “because”. */
  readonly because: string;
  /** What tells the readings apart; the subject of a sentence. */
  readonly test: string;
  /** How the scenario tells of it, where the words of the axis alone would leave open what they speak of. */
  readonly told?: string;
}

/** A value for each axis; empty for one that is not spoken of. */
export type Values = Readonly<Record<string, string>>;

/** What the offline teacher knows of a domain, by the values of the axes of the domain that ships with Distillery. */
export interface Lore {
  /** By the value of `conflicting_evidence`. */
  readonly conflicts: Readonly<Record<string, Conflict>>;
  /** By the value of `decision_constraint`: what it means for the next step, a sentence. */
  readonly constraints: Readonly<Record<string, string>>;
  /** The values as they go together in one case: what does not go with the rest is left out, or said in general. */
  fit(values: Values): Values;
  /** The sentences of a scenario, the question last; of values that fit. */
  tell(values: Values, evidence: string): readonly string[];
  /** What the safer reading means for what is to be done, a sentence; may be empty. */
  step(values: Values): string;
  /** What is done instead if it proves wrong, the rest of a sentence; may be empty. */
  otherwise(values: Values): string;
  /** What must be taken out of the account before the evidence is read, a sentence; empty where the case has none. */
  setAside(values: Values): string;
}

/** A row of a table of conflicts. */
export function conflict(
  a: string,
  b: string,
  c: string,
  weigh: string,
  lean: 'a' | 'b',
  because: string,
  test: string,
  told?: string,
): Conflict {
  return { a, b, c, weigh, lean, because, test, ...(told !== undefined && { told }) };
}

/** As a sentence; nothing stays nothing. */
export function sentence(text: string): string {
  if (text === '') return '';
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(whole) ? whole : `${whole}.`;
}

/** Parts of a scenario that would not go together: where `part` and `rest` both match, the part is left unsaid. */
export type Unlikely = readonly (readonly [part: RegExp, rest: RegExp])[];
/** Parts that make sense only beside something: where `part` matches and `rest` does not, the part is left unsaid. */
export type Needs = readonly (readonly [part: RegExp, rest: RegExp])[];

export function goesWith(part: string, rest: string, unlikely: Unlikely, needs: Needs = []): boolean {
  return (
    !unlikely.some(([one, other]) => one.test(part) && other.test(rest)) &&
    needs.every(([one, other]) => !one.test(part) || other.test(rest))
  );
}

/** The part where it goes with the rest, else what is said in its place. */
export function fitting(
  part: string,
  rest: string,
  rules: { unlikely?: Unlikely; needs?: Needs },
  otherwise = '',
): string {
  return goesWith(part, rest, rules.unlikely ?? [], rules.needs) ? part : otherwise;
}

/** A whole number within limits that goes with the case, the same for the same values. */
export function figure(values: Values, name: string, from: number, to: number): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([name, values]))
    .digest()
    .readUInt32LE();
  return from + (digest % (to - from + 1));
}
