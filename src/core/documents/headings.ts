export interface Heading {
  /** 1 is the outermost. */
  readonly level: number;
  readonly title: string;
}

const longestHeading = 120;

export function hasMarkdownHeadings(text: string): boolean {
  return /^ {0,3}#{1,6}[ \t]+\S/mu.test(text);
}

/** `## Title ##` */
export function atxHeading(line: string): Heading | undefined {
  const match = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/u.exec(line);
  if (!match) return undefined;
  const [, marks = '', rest = ''] = match;
  return { level: marks.length, title: plain(rest.replace(/[ \t]#+[ \t]*$/u, '')) };
}

const underlineLevels = new Map([
  ['=', 1],
  ['-', 2],
  ['~', 3],
  ['^', 4],
  ['"', 4],
  ['+', 4],
  ['*', 4],
]);

/** A title underlined with `=` or `-` (Markdown) or with another mark as long as the title (reStructuredText). */
export function underlinedHeading(line: string, below: string): Heading | undefined {
  const title = line.trim();
  const rule = below.trim();
  const mark = rule.charAt(0);
  const level = underlineLevels.get(mark);
  if (level === undefined || title === '' || title.length > longestHeading) return undefined;
  if (!/[\p{L}\p{N}]/u.test(title) || /^[-*+>|]|[.;,]$/u.test(title)) return undefined;
  if (rule !== mark.repeat(rule.length)) return undefined;
  const enough = mark === '=' || mark === '-' ? Math.min(3, title.length) : Math.max(3, title.length * 0.8);
  return rule.length >= enough ? { level, title: plain(title) } : undefined;
}

const namedLevels = new Map([
  ['part', 1],
  ['book', 1],
  ['chapter', 2],
  ['appendix', 2],
  ['annex', 2],
  ['kapitel', 2],
  ['chapitre', 2],
  ['anhang', 2],
  ['article', 3],
  ['section', 3],
  ['abschnitt', 3],
]);
const callouts = /^(?:warning|caution|note|notice|danger|important|attention|tip|end|the end)!*$/iu;

/**
 * A heading of plain text, without marks. `alone`: a blank line (or the document's edge) stands before and after;
 * `first`: nothing stands before. Careful, because a heading that is none takes a sentence out of its paragraph.
 */
export function plainHeading(
  line: string,
  where: { alone: boolean; first: boolean; next: string },
): Heading | undefined {
  const title = line.trim();
  if (title.length > 80 || /[.,;:!?]$/u.test(title) || title.split(/\s+/u).length > 12) return undefined;
  const named = /^(\p{L}+)\s+(?:\d{1,3}(?:\.\d+)*|[ivxlc]{1,7}|[a-z])(?![\p{L}\p{N}])/iu.exec(title)?.[1];
  const level = named === undefined ? undefined : namedLevels.get(named.toLowerCase());
  if (level !== undefined && where.alone) return { level, title };
  return numberedHeading(title, where) ?? capitalHeading(title, where) ?? titleLine(title, where);
}

/** A title in capitals over two lines, with nothing before it and a blank line after it. */
export function twoLineTitle(first: string, second: string): Heading | undefined {
  const lines = [first.trim(), second.trim()];
  if (!lines.every((line) => line.length <= 60 && isCapitals(line) && !/[.;,?!]$/u.test(line))) return undefined;
  return { level: 1, title: lines.join(': ') };
}

/** Under every other kind of heading of plain text. */
const innermost = 6;

/**
 * The first line of a document, or a short line of its own before a paragraph: `Cleaning and locking up`. Neither ends like
 * a sentence, so no sentence is lost when it was none; a line before a short one may be a verse.
 */
function titleLine(
  title: string,
  { alone, first, next }: { alone: boolean; first: boolean; next: string },
): Heading | undefined {
  if (!alone || !/^[\p{Lu}\p{Lt}][\p{L}\p{M}\p{N} ,:;&'’()/–-]*$/u.test(title) || callouts.test(title))
    return undefined;
  if (!/\p{L}{3}/u.test(title) || /^(?:by|from|to|date|dear|copyright)\b/iu.test(title)) return undefined;
  if (first) return { level: 1, title };
  const short = title.length <= 50 && title.split(/\s+/u).length <= 6;
  return short && next.trim().length >= 60 && /^\s*\p{Lu}/u.test(next) ? { level: innermost, title } : undefined;
}

/** `3.1 Cooling`, `2 Safety`; a `1. First` is a list item when a numbered line follows it. */
function numberedHeading(title: string, { alone, next }: { alone: boolean; next: string }): Heading | undefined {
  const number = /^(\d{1,2}(?:\.\d{1,2}){0,4})\.?[ \t]+\p{Lu}/u.exec(title)?.[1];
  if (number === undefined) return undefined;
  const depth = number.split('.').length;
  const listed = /^\s*(?:\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2})+\s)/u.test(next) && !next.trim().startsWith(`${number}.`);
  return (alone || depth > 1) && !listed ? { level: depth + 2, title } : undefined;
}

/** `SAFETY RULES`, alone on its line. */
function capitalHeading(title: string, { alone, first }: { alone: boolean; first: boolean }): Heading | undefined {
  return alone && isCapitals(title) ? { level: first ? 1 : 2, title } : undefined;
}

function isCapitals(title: string): boolean {
  if (callouts.test(title) || title !== title.toUpperCase()) return false;
  return title.replace(/\P{Lu}/gu, '').length >= 4 && /\p{Lu}{3}/u.test(title) && !/^[-*+>|“"]|\p{N}{4}/u.test(title);
}

/** Without emphasis, code marks and link targets. */
function plain(title: string): string {
  return title
    .replace(/!?\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(/[*_`]{1,3}(\S(?:.*?\S)?)[*_`]{1,3}/gu, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
}
