/**
 * Turns in the order in which units were started. A unit's turn comes when every unit before it has had its turn or has
 * ended, whatever order the answers come in.
 */
export class Turns {
  #next = 0;
  #tickets = 0;
  /** The first that ended without its turn because the run stops. */
  #cutOff = Infinity;
  readonly #passed = new Set<number>();
  readonly #waiting = new Map<number, () => void>();

  get waiting(): number {
    return this.#waiting.size;
  }

  /** A ticket for the unit that is started now. */
  ticket(): number {
    return this.#tickets++;
  }

  /**
   * Resolves when it is this ticket's turn. `pass` must follow.
   * @returns false where there is none in this session: a unit before it was cut off, and is to decide first.
   */
  async wait(ticket: number): Promise<boolean> {
    if (ticket > this.#next) await new Promise<void>((resolve) => this.#waiting.set(ticket, resolve));
    return ticket < this.#cutOff;
  }

  /** The run stops before the unit had its turn, if it has had none. */
  cutOff(ticket: number): void {
    if (ticket >= this.#next && !this.#passed.has(ticket)) this.#cutOff = Math.min(this.#cutOff, ticket);
    this.pass(ticket);
  }

  /** The unit has had its turn, or ends without one. */
  pass(ticket: number): void {
    if (ticket < this.#next) return;
    this.#passed.add(ticket);
    while (this.#passed.delete(this.#next)) {
      this.#next += 1;
      const resolve = this.#waiting.get(this.#next);
      this.#waiting.delete(this.#next);
      resolve?.();
    }
  }
}
