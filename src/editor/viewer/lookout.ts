/** When to look at a file again: at times; never while nobody looks at its rows, and at once when somebody does again. */
export class Lookout {
  private isWatched = true;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private go: () => void = () => undefined;

  constructor(private readonly everyMs: number) {}

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.go = resolve;
      if (this.isWatched) this.timer = setTimeout(resolve, this.everyMs);
    });
  }

  watch(on: boolean): void {
    if (on === this.isWatched) return;
    this.isWatched = on;
    clearTimeout(this.timer);
    if (on) this.go();
  }
}
