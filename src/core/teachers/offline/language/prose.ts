/** The readable text of a stretch of a document, with the way back to the document's own offsets. */
export interface Prose {
  readonly text: string;
  /** Where the character at `index` of `text` stands in the document. */
  source(index: number): number;
  /** Half-open range in the document of a half-open range of `text`. */
  span(start: number, end: number): { readonly start: number; readonly end: number };
}

const ligatures: Readonly<Record<string, string>> = { ﬀ: 'ff', ﬁ: 'fi', ﬂ: 'fl', ﬃ: 'ffi', ﬄ: 'ffl', ﬅ: 'st', ﬆ: 'st' };

/**
 * Undoes what typesetting did: ligatures, soft hyphens, words that a line end broke, runs of white space, curly apostrophes,
 * Markdown emphasis. Everything else stays, so the text reads as it did.
 */
export function readable(document: string, start: number, end: number): Prose {
  const text: string[] = [];
  const at: number[] = [];
  const push = (letters: string, source: number) => {
    for (const letter of letters) {
      for (let k = 0; k < letter.length; k += 1) {
        text.push(letter.charAt(k));
        at.push(source + (letters === letter ? k : 0));
      }
    }
  };
  for (let i = start; i < end;) {
    const char = String.fromCodePoint(document.codePointAt(i) ?? 0);
    const broken = brokenWord(document, i, end);
    if (broken > 0) {
      i += broken;
    } else if (/\s/u.test(char)) {
      if (text.length > 0 && text.at(-1) !== ' ') push(' ', i);
      i += char.length;
    } else {
      if (!isMarkup(document, i, char)) push(ligatures[char] ?? (char === '’' ? "'" : char), i);
      i += char.length;
    }
  }
  if (text.at(-1) === ' ') {
    text.pop();
    at.pop();
  }
  const source = (index: number) => at[index] ?? end;
  return {
    text: text.join(''),
    source,
    span: (from, to) => ({ start: source(from), end: to <= from ? source(from) : after(document, source(to - 1)) }),
  };
}

function after(document: string, index: number): number {
  return index + String.fromCodePoint(document.codePointAt(index) ?? 0).length;
}

/** How many characters to drop where a hyphen and a line end break a word: "sur-\nface". */
function brokenWord(document: string, i: number, end: number): number {
  const char = document.charAt(i);
  if (char === '\u00ad') return 1;
  if ((char !== '-' && char !== '‐') || !/\p{Ll}/u.test(document.charAt(i - 1))) return 0;
  const gap = /^[ \t]*\r?\n[ \t]*(?=\p{Ll})/u.exec(document.slice(i + 1, Math.min(end, i + 40)));
  return gap ? 1 + gap[0].length : 0;
}

function isMarkup(document: string, i: number, char: string): boolean {
  if (char === '*' || char === '`') return true;
  if (char === '_')
    return !/[\p{L}\p{N}]/u.test(document.charAt(i - 1)) || !/[\p{L}\p{N}]/u.test(document.charAt(i + 1));
  return false;
}
