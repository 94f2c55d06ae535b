import type { Passage } from '../passage';
import { asQuestion } from '../language/wording';
import type { Candidate, Span } from './frame';

interface Cell extends Span {
  readonly text: string;
}

/** Questions about table cells, when the header says clearly what a row and a column are. */
export function* tables(passage: Passage): Generator<Candidate> {
  for (const [number, table] of passage.tables.entries()) {
    const rows = [...readRows(passage.text, table)];
    const header = rows[0];
    if (!header || header.length < 2 || rows.length < 3 || !header.every(isName)) continue;
    for (const row of rows.slice(1)) {
      const key = row[0];
      if (row.length !== header.length || !key || !header[0] || key.text === '') continue;
      for (let column = 1; column < row.length; column += 1) {
        const value = row[column];
        const name = header[column];
        if (value && name && value.text !== '') yield about(passage, number, { kind: header[0], key, name, value });
      }
    }
  }
}

function about(
  passage: Passage,
  number: number,
  { kind, key, name, value }: { kind: Cell; key: Cell; name: Cell; value: Cell },
): Candidate {
  const line = { start: passage.text.lastIndexOf('\n', key.start) + 1, end: lineEnd(passage.text, key.start) };
  const evidence = [
    { start: kind.start, end: lineEnd(passage.text, kind.start) },
    { start: key.start, end: value.end },
  ];
  const isTask =
    /^(?:interval|frequency)$/iu.test(name.text) &&
    /^(?:task|job|action|work|maintenance|activity|operation)$/iu.test(kind.text) &&
    /^\p{Lu}\p{Ll}+ (?:the|a|an|all|both|each) /u.test(key.text);
  const meaning = /^(?:meaning|definition|description|explanation)$/iu.test(name.text);
  const question = meaning
    ? asQuestion('what does the', lower(kind.text), `${key.text} mean`)
    : isTask
      ? asQuestion(`at what ${lower(name.text)} should you`, lower(key.text))
      : asQuestion(
          'what is the',
          lower(name.text),
          /^(?:purpose|name|size|colou?r|weight|length|price|cost|age|height|width|capital|population|use|function|role)$/iu.test(
            name.text,
          )
            ? 'of'
            : 'for',
          /[^s]s$/u.test(key.text) ? lower(key.text) : `the ${lower(kind.text)} “${key.text}”`,
        );
  return {
    question,
    answer: { start: value.start, end: value.end },
    evidence,
    reasoning: `The table row “${passage.text
      .slice(line.start, line.end)
      .replaceAll(/\s*\|\s*|\s{2,}|\t/gu, ' ')
      .trim()}” gives the value in the column “${name.text}”.`,
    difficulty: 'easy',
    score: 0.8,
    origin: `t${number}.${key.start}`,
  };
}

function isName(cell: Cell): boolean {
  return /^\p{L}[\p{L} ]{1,30}$/u.test(cell.text) && cell.text.split(' ').length <= 3;
}

function lower(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function* readRows(text: string, { start, end }: Span): Generator<Cell[]> {
  for (let at = start; at < end;) {
    const stop = Math.min(lineEnd(text, at), end);
    const line = text.slice(at, stop);
    if (!/^[\s|:+=-]*$/u.test(line)) yield cells(line, at);
    at = stop + 1;
  }
}

function cells(line: string, at: number): Cell[] {
  const found: Cell[] = [];
  const separator = line.includes('|') ? /\|/gu : /\t+| {2,}/gu;
  let from = 0;
  const push = (to: number) => {
    const raw = line.slice(from, to);
    const text = raw.trim();
    const start = at + from + (raw.length - raw.trimStart().length);
    if (text !== '' || from > 0) found.push({ text, start, end: start + text.length });
  };
  for (const match of line.matchAll(separator)) {
    push(match.index);
    from = match.index + match[0].length;
  }
  if (from < line.length) push(line.length);
  return found;
}
