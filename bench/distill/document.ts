import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * One Markdown document of `bytes` from the examples and the test's prose, again and again, each time with other numbers and
 * other names, so that the check for near-duplicates does not throw most of it away. The same bytes every time.
 */
export function makeDocument(root: string, bytes: number): string {
  const prose = path.join(root, 'test', 'fixtures', 'prose');
  const sources = [
    path.join(root, 'examples', 'handbook.md'),
    ...readdirSync(prose)
      .sort()
      .map((file) => path.join(prose, file)),
  ].map((file) => readFileSync(file, 'utf8'));
  const parts: string[] = [];
  let length = 0;
  for (let round = 0; length < bytes; round += 1) {
    for (const [i, source] of sources.entries()) {
      if (length >= bytes) break;
      const text = round === 0 ? source : varied(source, round * sources.length + i);
      parts.push(text);
      length += Buffer.byteLength(text) + 2;
    }
  }
  return parts.join('\n\n');
}

const syllables = 'ba ke lo mi nu ra se ti vo za dre fli gro plu sta tri'.split(' ');

/** Every number moved, every capitalised word of eight letters or more renamed, the same one always to the same. */
function varied(text: string, turn: number): string {
  const renamed = (name: string) => {
    let hash = turn;
    for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
    const made = [0, 4, 8].map((shift) => syllables[(hash >>> shift) & 15] ?? '').join('');
    return `${made.charAt(0).toUpperCase()}${made.slice(1)}`;
  };
  return text
    .replace(/(?<![\p{L}\d.,])\d{2,4}(?![\d.,])/gu, (number) => String(Number(number) + (turn % 89)))
    .replace(/(?<=[\p{Ll},] )\p{Lu}\p{Ll}{7,}/gu, renamed);
}
