/**
 * Document text is data. It stands between tags that it cannot close: every `<` that begins a (closing) document tag is
 * escaped, whatever its case and white space.
 */
export function fenceDocument(text: string): string {
  return `<document>\n${text.replace(/<(?=\s*\/?\s*document\b)/giu, '&lt;')}\n</document>`;
}
