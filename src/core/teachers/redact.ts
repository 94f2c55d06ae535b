/**
 * No key, and no text of a document, may reach a message through what a provider says: providers echo parts of keys in
 * 401s and parts of prompts in 400s.
 */

const KEY_LIKE = /\b(?:sk|pk|rk|hf|gsk|xai|tgp|key|api)[-_][\w*.-]{6,}|\bAIza[\w-]{10,}|\beyJ[\w-]{8,}\.[\w.-]+/g;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=*-]{4,}/gi;
/** A masked echo, `sk-pr****1234` or `****-key`. */
const MASKED = /[^\s"',:;()]*\*{2,}[^\s"',:;()]*/g;
const HIDDEN = '[key]';
/** Shortest piece of a key, and of a prompt, that counts as an echo of it. */
const KEY_PIECE = 8;
const PROMPT_PIECE = 12;
const LONGEST_QUOTE = 300;

/** Replaces keys, masked keys, pieces of the given keys and everything that looks like a key. */
export function redact(text: string, keys: readonly string[] = []): string {
  let clean = text;
  for (const key of keys) {
    if (key.length === 0) continue;
    clean = clean.replaceAll(key, HIDDEN);
    clean = clean.replace(/\S+/g, (word) => (sharesPiece(word, key) ? HIDDEN : word));
  }
  return clean.replace(BEARER, `$1 ${HIDDEN}`).replace(KEY_LIKE, HIDDEN).replace(MASKED, HIDDEN);
}

/** What a provider said, fit to be shown: one line, short, without keys, without echoes of the prompt. */
export function quotable(text: string, keys: readonly string[], prompts: readonly string[]): string {
  const line = redact(text, keys).replace(/\s+/g, ' ').trim().slice(0, LONGEST_QUOTE);
  const echoed = new Set<number>();
  for (let at = 0; at + PROMPT_PIECE <= line.length; at++) {
    const piece = line.slice(at, at + PROMPT_PIECE);
    if (!prompts.some((prompt) => prompt.includes(piece))) continue;
    for (let offset = 0; offset < PROMPT_PIECE; offset++) echoed.add(at + offset);
  }
  if (echoed.size === 0) return line;
  return Array.from({ length: line.length }, (_, at) => (echoed.has(at) ? '\0' : line.charAt(at)))
    .join('')
    .replace(/\0+/g, '…');
}

function sharesPiece(word: string, key: string): boolean {
  if (word.length < KEY_PIECE) return false;
  for (let at = 0; at + KEY_PIECE <= key.length; at++) {
    if (word.includes(key.slice(at, at + KEY_PIECE))) return true;
  }
  return false;
}
