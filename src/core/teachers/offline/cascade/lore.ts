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
}

/** What the offline teacher knows of a domain, by the values of the axes of the domain that ships with Distillery. */
export interface Lore {
  /** By the value of `conflicting_evidence`. */
  readonly conflicts: Readonly<Record<string, Conflict>>;
  /** By the value of `decision_constraint`: what it means for the next step, a sentence. */
  readonly constraints: Readonly<Record<string, string>>;
  /** The sentences of a scenario, the question last. */
  tell(values: Readonly<Record<string, string>>, difficulty: 'easy' | 'medium' | 'hard'): readonly string[];
  /** What the cautious reading means for the decision that is asked for, a sentence; empty where the constraint says it all. */
  step(values: Readonly<Record<string, string>>): string;
  /** What must be taken out of the account before the evidence is read, a sentence; empty where the case has none. */
  setAside(values: Readonly<Record<string, string>>): string;
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
): Conflict {
  return { a, b, c, weigh, lean, because, test };
}

export function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(whole) ? whole : `${whole}.`;
}

/** Parts of a scenario that would not go together: where `part` and `rest` both match, the part is left unsaid. */
export type Unlikely = readonly (readonly [part: RegExp, rest: RegExp])[];

export function goesWith(part: string, rest: string, unlikely: Unlikely): boolean {
  return !unlikely.some(([one, other]) => one.test(part) && other.test(rest));
}
