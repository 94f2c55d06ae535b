import { themeColour } from '../theme';
import { count } from '../translate';

/** One of several amounts that are compared. */
export interface Bar {
  readonly label: string;
  readonly rows: number;
}

const [WIDTH, LINE, LABEL, SCALE] = [640, 22, 220, 2];

/** Bars as the page shows them, as a PNG in base64. */
export function barsPicture(title: string, bars: readonly Bar[]): string | undefined {
  const canvas = document.createElement('canvas');
  const height = (bars.length + 2) * LINE;
  canvas.width = WIDTH * SCALE;
  canvas.height = height * SCALE;
  const pen = canvas.getContext('2d');
  if (!pen) return undefined;
  const style = getComputedStyle(document.body);
  const text = themeColour('--vscode-foreground') || style.color;
  pen.scale(SCALE, SCALE);
  pen.fillStyle = themeColour('--vscode-editor-background') || style.backgroundColor;
  pen.fillRect(0, 0, WIDTH, height);
  pen.fillStyle = text;
  pen.font = `600 13px ${style.fontFamily}`;
  pen.fillText(title, 10, LINE, WIDTH - 20);
  pen.font = `12px ${style.fontFamily}`;
  const most = Math.max(1, ...bars.map(({ rows }) => rows));
  const room = WIDTH - LABEL - 110;
  for (const [at, { label, rows }] of bars.entries()) {
    const top = (at + 2) * LINE;
    pen.fillStyle = text;
    pen.fillText(label.slice(0, 60), 10, top, LABEL - 20);
    pen.fillText(count(rows), LABEL + (rows / most) * room + 8, top);
    pen.fillStyle = themeColour('--vscode-charts-blue') || text;
    pen.fillRect(LABEL, top - 11, Math.max(1, (rows / most) * room), 13);
  }
  return canvas.toDataURL('image/png').split(',')[1];
}
