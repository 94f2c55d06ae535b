/** The lines that a search or a sort found, in its order: 4 bytes each. */
export class FoundRows {
  private lines = new Uint32Array(1024);
  private count = 0;

  get length(): number {
    return this.count;
  }

  add(lines: readonly number[]): void {
    const wanted = this.count + lines.length;
    if (wanted > this.lines.length) {
      const larger = new Uint32Array(Math.max(wanted, this.lines.length * 2));
      larger.set(this.lines.subarray(0, this.count));
      this.lines = larger;
    }
    this.lines.set(lines, this.count);
    this.count = wanted;
  }

  slice(start: number, count: number): number[] {
    return Array.from(this.lines.subarray(Math.min(start, this.count), Math.min(start + count, this.count)));
  }

  /** Where a line stands in the order, or null. */
  positionOf(line: number): number | null {
    const found = this.lines.subarray(0, this.count).indexOf(line);
    return found === -1 ? null : found;
  }
}
