import { describeSchema, strictSchema } from './schema';
import type { ReplySchema, TeacherRequest } from './teacher';

/** Counts the tokens of a text. */
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
 * @param enforced the server takes the schema itself; otherwise it may be sent and described as well.
 */
export function chatTokenBound(request: TeacherRequest, enforced: boolean, count: TokenCount = utf8Length): number {
  let tokens = PER_REQUEST;
  for (const message of request.messages) tokens += PER_MESSAGE + count(message.content);
  return request.schema ? tokens + schemaBound(request.schema, enforced, count) : tokens;
}

/** UTF-8 bytes, also of lone surrogates (three each, as the replacement character). */
function utf8Length(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

interface SchemaTokens {
  /** As indented JSON: how a provider renders it for its model is a secret, but hardly longer. */
  readonly rendered: number;
  readonly described: number;
}

const schemaTokens = new WeakMap<TokenCount, WeakMap<object, SchemaTokens>>();

/** An enforced schema may still be described, when its server turns out to refuse it. */
function schemaBound(schema: ReplySchema, enforced: boolean, count: TokenCount): number {
  let known = schemaTokens.get(count);
  if (!known) schemaTokens.set(count, (known = new WeakMap()));
  let tokens = known.get(schema.json);
  if (!tokens) {
    const rendered = count(JSON.stringify(strictSchema(schema), undefined, 2)) + PER_REQUEST;
    tokens = { rendered, described: count(describeSchema(schema)) + PER_MESSAGE };
    known.set(schema.json, tokens);
  }
  const { rendered, described } = tokens;
  return enforced ? Math.max(rendered, described) : rendered + described;
}

/** A likely count without a tokenizer: English runs at 4 characters a token, CJK at about one. */
export function likelyTokens(text: string): number {
  const wide = text.match(/[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/g)?.length ?? 0;
  return Math.ceil((text.length - wide) / 4 + wide);
}

/** The families of OpenAI models that count with `o200k_base`. */
const O200K = /^(?:gpt-4o|gpt-4\.1|gpt-[56]|o[134](?:-|$)|chatgpt-4o)/;

/** An exact count for a model whose tokenizer is public; undefined for all others. Costs 100 ms at first use. */
export async function tokenCounter(provider: string, model: string): Promise<TokenCount | undefined> {
  return provider === 'openai' && O200K.test(model) ? o200k() : undefined;
}

/** Claude's tokenizer cuts English finer than o200k: by about a seventh. */
const FINER: Readonly<Record<string, number>> = { anthropic: 1.15 };

/** The likeliest count that can be had for a model, for estimates; not for the budget's wall. */
export async function likelyCounter(provider: string): Promise<TokenCount> {
  const count = await o200k();
  const factor = FINER[provider] ?? 1;
  return factor === 1 ? count : (text) => Math.ceil(count(text) * factor);
}

let loaded: Promise<TokenCount> | undefined;

function o200k(): Promise<TokenCount> {
  return (loaded ??= loadO200k());
}

async function loadO200k(): Promise<TokenCount> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // Text that looks like a special token is text to a chat API, and must not throw.
  const asText = { disallowedSpecial: new Set<string>() };
  return (text) => countTokens(text, asText);
}
