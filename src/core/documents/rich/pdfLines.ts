/** A printed line. */
export interface PageLine {
  readonly text: string;
  /** Of its largest type, in half points. */
  readonly height: number;
  /** More than a line's distance to the line before, or the first of its page that does not go on. */
  readonly gapBefore: boolean;
}

/** A run of characters as pdf.js gives it; `transform[5]` is its baseline from the bottom of the page. */
export interface TextRun {
  readonly str: string;
  readonly transform: readonly unknown[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

interface OpenLine {
  text: string;
  height: number;
  readonly y: number;
  right: number;
}

/** Joins runs to lines in the order the page draws them, which is the reading order of nearly all PDFs, columns too. */
export function pageLines(runs: readonly TextRun[]): PageLine[] {
  const lines: OpenLine[] = [];
  let open: OpenLine | undefined;
  for (const run of runs) {
    const x = coordinate(run, 4);
    const y = coordinate(run, 5);
    if (open && Math.abs(open.y - y) > Math.max(open.height, run.height) * 0.5 && run.str.trim() !== '')
      open = undefined;
    if (!open) {
      if (run.str.trim() === '') continue;
      open = { text: '', height: 0, y, right: x };
      lines.push(open);
    }
    const apart =
      x - open.right > run.height * 0.2 && open.text !== '' && !/\s$/u.test(open.text) && !/^\s/u.test(run.str);
    open.text += apart ? ` ${run.str}` : run.str;
    open.height = Math.max(open.height, run.height);
    open.right = x + run.width;
    if (run.hasEOL) open = undefined;
  }
  return lines.map((line, i) => ({
    text: line.text.replace(/\s+/gu, ' ').trim(),
    height: Math.round(line.height * 2) / 2,
    gapBefore: isGap(lines[i - 1], line),
  }));
}

function coordinate(run: TextRun, index: number): number {
  const value = run.transform[index];
  return typeof value === 'number' ? value : 0;
}

function isGap(above: OpenLine | undefined, line: OpenLine): boolean {
  if (!above) return false;
  const drop = above.y - line.y;
  return drop > Math.max(above.height, line.height) * 1.55 || drop < -line.height * 2;
}
