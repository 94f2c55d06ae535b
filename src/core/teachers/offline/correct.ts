import type { Validation } from '../../records/envelopes';

/** "weed" of "weed, jellyfish and shells": what follows the answer in the same list, or nothing. */
export function restOfList(answer: string, evidence: string): string {
  const at = evidence.indexOf(answer);
  if (at < 0 || answer.split(' ').length > 6) return '';
  const match =
    /^((?:, (?:[\p{L}\d'-]+ ){0,3}[\p{L}\d'-]+)+,? (?:and|or) (?:[\p{L}\d'-]+ ){0,3}[\p{L}\d'-]+)[.;]?(?:$| ¶)/u.exec(
      evidence.slice(at + answer.length),
    );
  return match?.[1] ?? '';
}

/** When the answer has the evidence's words with another number, or only the head of a list, the evidence's own words mend it. */
export function correction(
  question: string,
  original: string,
  answer: string,
  evidence: string,
): Validation['corrections'] {
  const rest = restOfList(answer, evidence);
  if (rest !== '') return { question, answer: `${original.trim()}${rest}` };
  const shape = answer.replace(/\d[\d.,]*\d|\d/gu, '#');
  if (!shape.includes('#') || evidence.includes(answer)) return null;
  const pattern = shape
    .split('#')
    .map(escape)
    .join('\\d[\\d.,]*\\d|\\d'.replace(/^(.*)$/u, '(?:$1)'));
  const found = new RegExp(`(?<!\\d)${pattern}(?!\\d)`, 'gu');
  const options = [...new Set([...evidence.matchAll(found)].map((match) => match[0]))];
  const only = options[0];
  return options.length === 1 && only !== undefined ? { question, answer: only } : null;
}

function escape(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}/]/gu, '\\$&');
}
