/**
 * Lines as VS Code counts them: `\r\n`, `\n` and a lone `\r` end a line, nothing else does. VS Code may unify the line ends
 * of a document that mixes them, so an editor selection is made from line and character, not from a raw offset.
 */
export interface Line {
  readonly start: number;
  /** Before the line end. */
  readonly end: number;
  /** Where the next line starts; `text.length` for the last. */
  readonly next: number;
}

/** The line that starts at `start`. */
export function lineAt(text: string, start: number): Line {
  let end = start;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === 0x0a) return { start, end, next: end + 1 };
    if (code === 0x0d) return { start, end, next: end + (text.charCodeAt(end + 1) === 0x0a ? 2 : 1) };
    end += 1;
  }
  return { start, end, next: end };
}

/** Counts lines up to offsets that are asked for in rising order; each character is looked at once. */
export class LineCounter {
  private at = 0;
  private line = 1;

  constructor(private readonly text: string) {}

  /** The 1-based line of `offset`; an offset before the last one asked for is an error. */
  lineOf(offset: number): number {
    if (offset < this.at) throw new RangeError(`Line of ${offset} asked for after ${this.at}.`);
    for (; this.at < offset; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x0a || (code === 0x0d && this.text.charCodeAt(this.at + 1) !== 0x0a)) this.line += 1;
    }
    return this.line;
  }
}

/** The 0-based line and character of an offset, as `vscode.Position` has them. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly character: number } {
  const at = Math.max(0, Math.min(offset, text.length));
  const line = new LineCounter(text).lineOf(at) - 1;
  let start = at;
  while (start > 0 && !endsLine(text, start - 1)) start -= 1;
  return { line, character: at - start };
}

function endsLine(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x0a || (code === 0x0d && text.charCodeAt(at + 1) !== 0x0a);
}
