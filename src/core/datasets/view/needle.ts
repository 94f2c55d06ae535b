/**
 * The source of a pattern over a line's bytes, read as Latin-1, that every row with this text among its values matches:
 * the text as JSON may spell it, in any case. It finds candidates at the speed of the disk; their values decide.
 */
export function needlePattern(text: string): string {
  return Array.from(text, (char) => spellings(new Set([char, char.toLowerCase(), char.toUpperCase()]))).join('');
}

/** A pattern that matches one of these keys, as JSON may spell it, up to where its value starts. */
export function keyPattern(names: readonly string[]): string {
  const spelt = names.map((name) => Array.from(name, (char) => spellings(new Set([char]))).join(''));
  return `"(?:${spelt.join('|')})"\\s*:\\s*`;
}

function spellings(variants: ReadonlySet<string>): string {
  const all = [...variants].flatMap((variant) => (/^[\u0020-\u007e]$/u.test(variant) ? ascii(variant) : wide(variant)));
  const [only, ...others] = [...new Set(all)];
  if (others.length === 0) return only ?? '';
  // A class is what the engine can skip by; alternatives are slower.
  return all.every((spelling) => /^[A-Za-z0-9]$/u.test(spelling)) ? `[${all.join('')}]` : `(?:${all.join('|')})`;
}

function ascii(char: string): string[] {
  const code = char.charCodeAt(0).toString(16).padStart(4, '0');
  // A bad line is searched as it stands, with nothing escaped.
  if (char === '"' || char === '\\') return [`\\\\?${escaped(char)}`, unicodeEscape(code)];
  if (char === '/') return ['/', '\\\\/'];
  if (/[<>&']/u.test(char)) return [escaped(char), unicodeEscape(code)]; // Escaped by some writers for HTML's sake.
  return [escaped(char)];
}

/** Anything else: its UTF-8 bytes, or its escapes. */
function wide(text: string): string[] {
  const bytes = escaped(Buffer.from(text).toString('latin1'));
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0'));
  const short: Record<string, string> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };
  const letter = Object.hasOwn(short, text) ? short[text] : undefined;
  return [bytes, units.map(unicodeEscape).join(''), ...(letter === undefined ? [] : [`\\\\${letter}`])];
}

function unicodeEscape(code: string): string {
  return `\\\\u${Array.from(code, (digit) => (/[a-f]/u.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit)).join('')}`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
