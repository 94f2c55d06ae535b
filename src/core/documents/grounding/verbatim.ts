import { negations } from './words';

const invisible = /[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]/gu;
const quoteMarks = /[‘’‚‛“”„‟«»‹›「」『』"'ʼ＇＂`´]+/gu;
const wordless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** Without the white space, quotation marks and ellipses that a teacher puts around a quote. */
export function trimQuote(quote: string): string {
  let inner = quote;
  for (let layer = 0; layer < 3; layer += 1) {
    const bare = withoutEllipses(inner);
    const wrapped = /^(?:"([^"]+)"|“([^“”]+)”|«([^«»]+)»|„([^„“]+)“|‘([^‘]+)’|'([^']+)')$/u.exec(bare);
    const within = wrapped?.slice(1).find(Boolean);
    if (within === undefined) return bare;
    inner = within;
  }
  return withoutEllipses(inner);
}

/** No pattern with a run before `$`: those take quadratic time on a text of dots or blanks. */
function withoutEllipses(text: string): string {
  const bare = text.trim().replace(/^(?:\[?(?:…|\.{3,})\]?\s*)+/u, '');
  let end = bare.length;
  if (bare.endsWith('…]') || bare.endsWith('...]')) end -= 1;
  let at = end;
  while (at > 0 && (bare.charAt(at - 1) === '.' || bare.charAt(at - 1) === '…')) at -= 1;
  if (end - at < 3 && !bare.slice(at, end).includes('…')) return bare.trim();
  return bare.slice(0, bare.charAt(at - 1) === '[' ? at - 1 : at).trim();
}

/** Whether two texts are the same but for how they are set: NFKC, case, quotes, dashes, hyphenation, white space. */
export function matchesAsSet(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

function canonical(text: string): string {
  return text
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(/\s+/gu, (gap) => (/[\r\n]/u.test(gap) ? '\n' : ' '))
    .replace(/(\p{L})[-\u2010\u2011] ?\n(?=\p{L})/gu, '$1')
    .replace(quoteMarks, "'")
    .replace(/\s?[-\u2010-\u2015\u2212\ufe58]+\s?/gu, '-')
    .replace(/(?<=\p{L})-(?=\p{L})/gu, '')
    .replaceAll('\n', ' ')
    .trim()
    .toLowerCase();
}

/** Whether passage[start, end) neither begins nor ends within a word or number, and leaves out no "not" that belongs to it. */
export function standsApart(passage: string, start: number, end: number, quote: string): boolean {
  return startsApart(passage, start) && endsApart(passage, end) && !cutsNegation(passage, start, end, quote);
}

function startsApart(passage: string, start: number): boolean {
  const before = passage.slice(Math.max(0, start - 12), start);
  const own = passage.slice(start, start + 2);
  if (!/^[\p{L}\p{N}]/u.test(own)) return true;
  if (/[\p{L}\p{N}]\p{M}*$/u.test(before)) return wordless.test(before.slice(-1)) || wordless.test(own.charAt(0));
  if (/(?:^|[^\p{L}])(?:non|un|anti|dis|in)[-\u2010\u2011]$/iu.test(before)) return false;
  return !(/^\p{Nd}/u.test(own) && (/\p{Nd}[.,:]$/u.test(before) || /(?:^|[\s([])[-\u2212]$/u.test(before)));
}

function endsApart(passage: string, end: number): boolean {
  const own = passage.slice(Math.max(0, end - 2), end);
  const after = passage.slice(end, end + 4);
  if (!/[\p{L}\p{N}]\p{M}*$/u.test(own)) return true;
  if (/^[\p{L}\p{N}\p{M}]/u.test(after)) return wordless.test(after.charAt(0)) || wordless.test(own.slice(-1));
  if (/^['’]t\b/iu.test(after)) return false;
  return !(/\p{Nd}$/u.test(own) && /^[.,:]\p{Nd}/u.test(after));
}

/** "Never open the valve." does not say "Open the valve.", although the words are there. */
function cutsNegation(passage: string, start: number, end: number, quote: string): boolean {
  const before = /([\p{L}'’]+)[ \t]*(?:[\r\n][ \t]*)?$/u.exec(passage.slice(Math.max(0, start - 24), start))?.[1];
  if (before === undefined || !negations.has(before.replace(/['’]/gu, '').toLowerCase())) return false;
  const capital = /^\p{Lu}/u.test(quote) && /^\p{Ll}/u.test(passage.slice(start, start + 2));
  const wholeEnd =
    /[.!?]["'”’)]*$/u.test(passage.slice(start, end)) ||
    /^\s*(?:[.!?]|$|\r?\n\s*\r?\n)/u.test(passage.slice(end, end + 8));
  return capital || wholeEnd;
}
