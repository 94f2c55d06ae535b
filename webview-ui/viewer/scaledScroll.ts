/**
 * Chromium clamps an element's height at 33,554,428 px (2^31 / 64), which is 1.39 million rows of 24 px. A taller table
 * gets a scroll area of this height, and the scrollbar moves proportionally; wheel and keys still move by real pixels.
 */
export const TALLEST = 33_000_000;

export interface ScrollGeometry {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of the visible part. */
  readonly viewport: number;
}

/** Height of all rows, were there no limit. */
function fullHeight({ rows, rowHeight }: ScrollGeometry): number {
  return rows * rowHeight;
}

/** Height to give to the scroll area. */
export function areaHeight(geometry: ScrollGeometry): number {
  return Math.min(fullHeight(geometry), TALLEST);
}

export function isScaled(geometry: ScrollGeometry): boolean {
  return fullHeight(geometry) > TALLEST;
}

/** The furthest that the content can be scrolled, in real pixels. */
export function lastTop(geometry: ScrollGeometry): number {
  return Math.max(0, fullHeight(geometry) - geometry.viewport);
}

/** Where the scrollbar stands → the real pixel at the top of the viewport. */
export function topAt(scrollTop: number, geometry: ScrollGeometry): number {
  if (!isScaled(geometry)) return scrollTop;
  return Math.min(lastTop(geometry), (scrollTop / (TALLEST - geometry.viewport)) * lastTop(geometry));
}

/** The real pixel at the top of the viewport → where the scrollbar has to stand. */
export function scrollTopAt(top: number, geometry: ScrollGeometry): number {
  if (!isScaled(geometry)) return top;
  return (top / lastTop(geometry)) * (TALLEST - geometry.viewport);
}

/** First row, and the one after the last, that can be seen. */
export function visibleRows(
  top: number,
  { rows, rowHeight, viewport }: ScrollGeometry,
): { first: number; end: number } {
  const first = Math.max(0, Math.floor(top / rowHeight));
  return { first: Math.min(first, rows), end: Math.min(rows, Math.ceil((top + viewport) / rowHeight)) };
}

/** The nearest top at which a row is wholly visible. */
export function topShowing(row: number, top: number, { rowHeight, viewport }: ScrollGeometry): number {
  const start = row * rowHeight;
  if (start < top) return start;
  return start + rowHeight > top + viewport ? start + rowHeight - viewport : top;
}
