/** Conditions as `parseQuery` reads them, for what writes them in a person's stead. */

const PLAIN = /^[\p{L}\p{N}_.-]+$/u;

/** A field's name in front of a colon. */
export function queryName(field: string): string {
  const name = field.replace(/[\s":\\]|^-/gu, '\\$&');
  return /^(?:is|has|missing|tag)$/u.test(name) ? `\\${name}` : name;
}

export function queryHas(field: string): string {
  return `has:${plainOrQuoted(field)}`;
}

export function queryMissing(field: string): string {
  return `missing:${plainOrQuoted(field)}`;
}

/** The rows whose field is exactly this. */
export function queryFieldIs(field: string, value: string): string {
  return `${queryName(field)}:=${queryQuoted(value)}`;
}

export function queryTag(tag: string): string {
  return `tag:${plainOrQuoted(tag)}`;
}

function plainOrQuoted(text: string): string {
  return PLAIN.test(text) ? text : queryQuoted(text);
}

function queryQuoted(text: string): string {
  return `"${text.replace(/["\\]/gu, '\\$&')}"`;
}
