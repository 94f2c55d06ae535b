import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

export type Count = (text: string, model: string) => number;

const asText = { disallowedSpecial: new Set<string>() };
/** System messages come again with every request. */
const known = new Map<string, number>();

/** Tokens as the provider of a model counts them: o200k, and for Anthropic's finer tokenizer a seventh more. */
export function exactCount(text: string, model: string): number {
  let tokens = known.get(text);
  if (tokens === undefined) {
    tokens = countTokens(text, asText);
    if (known.size > 2000) known.clear();
    known.set(text, tokens);
  }
  const scaled = model.startsWith('claude') ? Math.ceil(tokens * 1.15) : tokens;
  return Math.min(scaled, Buffer.byteLength(text, 'utf8'));
}

export function fastCount(text: string): number {
  return Math.ceil(text.length / 6);
}
