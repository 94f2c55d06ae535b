import { isObject } from './fields';
import { readingOf, type Part } from './shape';
import type { Edit } from './reviewState';
import { isAt, type Cut } from './trim';

/**
 * The texts of a row that can be edited: its parts, else its texts on the first level. A text of which only the
 * beginning is at hand cannot: its edit would replace the whole.
 */
export function editableTexts(value: unknown, cuts: readonly Cut[]): { texts: readonly Part[]; cut: number } {
  const all = textsOf(value);
  const texts = all.filter(({ path }) => !cuts.some((cut) => isAt(cut, path)));
  return { texts, cut: all.length - texts.length };
}

/** What was typed as an edit of a text, undefined when it says the same. Fields of a page know no line end but LF. */
export function editOf({ path, text }: Pick<Part, 'path' | 'text'>, typed: string): Edit | undefined {
  if (withLineFeeds(text) === withLineFeeds(typed)) return undefined;
  const ending = LINE_END.exec(text)?.[0] ?? '\n';
  return { path, text: withLineFeeds(typed).replaceAll('\n', ending) };
}

function textsOf(value: unknown): readonly Part[] {
  const { parts } = readingOf(value);
  if (parts.length > 0) return parts.filter((part) => isText(value, part));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, text]) =>
    typeof text === 'string' ? [{ role: 'text', name, text, path: [name] } satisfies Part] : [],
  );
}

function isText(value: unknown, { path, text }: Part): boolean {
  let at: unknown = value;
  for (const step of path) {
    if (Array.isArray(at) && typeof step === 'number') at = at[step];
    else if (isObject(at) && Object.hasOwn(at, step)) at = at[step];
  }
  return at === text;
}

const LINE_END = /\r\n?|\n/u;

function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/gu, '\n');
}
