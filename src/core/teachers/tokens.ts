import { describeSchema, strictSchema } from './schema';
import type { TeacherRequest } from './teacher';

/** Counts the tokens of a text exactly, as its model does. */
export type TokenCount = (text: string) => number;

/**
 * Chat framing, per message and per request. OpenAI documents 3 tokens a message, 1 for a name and 3 for the reply;
 * other templates (Llama's headers, Qwen's im_start, DeepSeek's) take up to 8 and a default system message of some 30.
 */
const PER_MESSAGE = 12;
const PER_REQUEST = 48;

/**
 * Never fewer tokens than the request is billed as input. Without an exact count: the byte length of its UTF-8, which no
 * byte-level or byte-fallback tokenizer exceeds, because no token of text stands for less than a byte.
 */
export function chatTokenBound(request: TeacherRequest, count: TokenCount = utf8Length): number {
  let tokens = PER_REQUEST;
  for (const message of request.messages) tokens += PER_MESSAGE + count(message.content);
  // A schema may be enforced, described, or both, and how a provider renders an enforced one is its secret.
  if (request.schema) tokens += schemaBound(request.schema, count);
  return tokens;
}

/** UTF-8 bytes, also of lone surrogates (three each, as the replacement character). */
function utf8Length(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

const schemaBounds = new WeakMap<TokenCount, WeakMap<object, number>>();

function schemaBound(schema: NonNullable<TeacherRequest['schema']>, count: TokenCount): number {
  let bounds = schemaBounds.get(count);
  if (!bounds) schemaBounds.set(count, (bounds = new WeakMap()));
  let bound = bounds.get(schema.json);
  if (bound === undefined) {
    bound = count(describeSchema(schema)) + count(JSON.stringify(strictSchema(schema), undefined, 2)) + PER_REQUEST;
    bounds.set(schema.json, bound);
  }
  return bound;
}

/** A likely count where no exact one exists: English runs at 4 characters a token, CJK at about one. */
export function likelyTokens(text: string): number {
  const wide = text.match(/[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/g)?.length ?? 0;
  return Math.ceil((text.length - wide) / 4 + wide);
}

/** The families of OpenAI models that count with `o200k_base`. */
const O200K = /^(?:gpt-4o|gpt-4\.1|gpt-[56]|o[134](?:-|$)|chatgpt-4o)/;

/** An exact count for a model whose tokenizer is public; undefined for all others. Costs 100 ms at first use. */
export async function tokenCounter(provider: string, model: string): Promise<TokenCount | undefined> {
  if (provider !== 'openai' || !O200K.test(model)) return undefined;
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // Text that looks like a special token is text to a chat API, and must not throw.
  const asText = { disallowedSpecial: new Set<string>() };
  return (text) => countTokens(text, asText);
}
