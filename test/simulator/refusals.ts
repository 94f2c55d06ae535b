import { isObject } from './asked';
import type { Refusable } from './options';

export type Dialect = 'openai' | 'deepseek' | 'anthropic';

/** An HTTP error in a provider's words. */
export interface HttpError {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code?: string | null;
  readonly param?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export function errorBody(error: HttpError, dialect: Dialect, requestId: string): unknown {
  if (dialect === 'anthropic')
    return { type: 'error', error: { type: error.type, message: error.message }, request_id: requestId };
  return {
    error: { message: error.message, type: error.type, param: error.param ?? null, code: error.code ?? null },
  };
}

export function unauthorized(dialect: Dialect, key: string): HttpError {
  if (dialect === 'anthropic')
    return { status: 401, message: `invalid x-api-key ${key}`, type: 'authentication_error' };
  if (dialect === 'deepseek')
    return {
      status: 401,
      message: `Authentication Fails, Your api key: ****${key.slice(-4)} is invalid`,
      type: 'authentication_error',
      code: 'invalid_request_error',
    };
  return {
    status: 401,
    // The whole key: worse than OpenAI, which masks the middle of long ones.
    message: `Incorrect API key provided: ${key}. You can find your API key at https://platform.openai.com/account/api-keys.`,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  };
}

export function noCredit(dialect: Dialect): HttpError {
  switch (dialect) {
    case 'deepseek':
      return { status: 402, message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' };
    case 'anthropic':
      return {
        status: 400,
        message: 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.',
        type: 'invalid_request_error',
      };
    case 'openai':
      return {
        status: 429,
        message: 'You exceeded your current quota, please check your plan and billing details.',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      };
  }
}

export function rateLimited(dialect: Dialect, headers: Readonly<Record<string, string>> = {}): HttpError {
  if (dialect === 'anthropic')
    return {
      status: 429,
      message: 'Number of requests has exceeded your rate limit',
      type: 'rate_limit_error',
      headers,
    };
  return {
    status: 429,
    message: 'Rate limit reached for requests per min (RPM): Limit 500, Used 500, Requested 1.',
    type: 'requests',
    code: 'rate_limit_exceeded',
    headers,
  };
}

export function serverError(dialect: Dialect): HttpError {
  return {
    status: 500,
    message: 'The server had an error',
    type: dialect === 'anthropic' ? 'api_error' : 'server_error',
  };
}

export function overloaded(dialect: Dialect): HttpError {
  if (dialect === 'anthropic') return { status: 529, message: 'Overloaded', type: 'overloaded_error' };
  return { status: 503, message: 'The engine is currently overloaded, please try again later', type: 'server_error' };
}

export function modelMissing(dialect: Dialect, model: string): HttpError {
  if (dialect === 'anthropic') return { status: 404, message: `model: ${model}`, type: 'not_found_error' };
  return {
    status: 404,
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    type: 'invalid_request_error',
    code: 'model_not_found',
  };
}

/** What a provider says of a batch that it does not take. */
export const NO_BATCH = 'This model is not supported by the Batch API.';

export function batchRefused(): HttpError {
  return { status: 400, message: NO_BATCH, type: 'invalid_request_error' };
}

type Body = Readonly<Record<string, unknown>>;

function badRequest(message: string, param: string | null, code: string | null = null): HttpError {
  return { status: 400, message, type: 'invalid_request_error', param, code };
}

/** What this kind of server does not take: by its options, and by what the real providers refuse. */
export function refusedParameter(body: Body, dialect: Dialect, refuses: ReadonlySet<Refusable>): HttpError | undefined {
  return dialect === 'anthropic' ? refusedByAnthropic(body, refuses) : refusedByChat(body, dialect, refuses);
}

function refusedByAnthropic(body: Body, refuses: ReadonlySet<Refusable>): HttpError | undefined {
  for (const name of ['temperature', 'top_p', 'top_k'])
    if (name in body) return badRequest(`${name}: Extra inputs are not permitted`, null);
  if (typeof body.max_tokens !== 'number') return badRequest('max_tokens: Field required', null);
  if ('output_config' in body) {
    if (refuses.has('json_schema')) return badRequest('output_config: Extra inputs are not permitted', null);
    const format = isObject(body.output_config) ? body.output_config.format : undefined;
    return unstrict(isObject(format) ? format.schema : undefined, 'output_config.format.schema');
  }
  return undefined;
}

function refusedByChat(body: Body, dialect: Dialect, refuses: ReadonlySet<Refusable>): HttpError | undefined {
  const reasons = dialect === 'openai' && /^(?:o\d|gpt-[56])/.test(String(body.model));
  const refused = (name: Refusable) => refuses.has(name) && name in body;
  if (refused('max_tokens') || (reasons && 'max_tokens' in body))
    return badRequest(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    );
  if (refused('max_completion_tokens'))
    return badRequest("Unrecognized request argument supplied: 'max_completion_tokens'", null);
  if (refused('temperature') || (reasons && 'temperature' in body))
    return badRequest(
      "Unsupported value: 'temperature' does not support this value with this model. Only the default (1) is supported.",
      'temperature',
      'unsupported_value',
    );
  if (refused('seed')) return badRequest("Unknown parameter: 'seed'.", 'seed', 'unknown_parameter');
  if (refused('logprobs')) return badRequest('logprobs are not supported', 'logprobs');
  const { messages } = body;
  if (
    refuses.has('system') &&
    Array.isArray(messages) &&
    messages.some((one) => isObject(one) && one.role === 'system')
  )
    return badRequest('System role not supported', null);
  return refusedFormat(body, dialect, refuses);
}

function refusedFormat(body: Body, dialect: Dialect, refuses: ReadonlySet<Refusable>): HttpError | undefined {
  const format = isObject(body.response_format) ? body.response_format : undefined;
  if (format?.type === 'json_schema') {
    if (dialect === 'deepseek' || refuses.has('json_schema'))
      return badRequest('This response_format type is unavailable now', null);
    const wanted = isObject(format.json_schema) ? format.json_schema : {};
    return wanted.strict === true && dialect === 'openai' ? unstrict(wanted.schema, 'response_format') : undefined;
  }
  if (format?.type === 'json_object') {
    if (refuses.has('json_object')) return badRequest("'response_format.type' must be 'json_schema' or 'text'", null);
    if (!/json/i.test(JSON.stringify(body.messages)))
      return badRequest("'messages' must contain the word 'json' in some form", 'messages');
  }
  return undefined;
}

const FORBIDDEN = ['minLength', 'oneOf', 'allOf', 'not', 'patternProperties', 'uniqueItems', '$schema', 'default'];

/** What strict mode says of a schema that it does not take. */
function unstrict(schema: unknown, param: string): HttpError | undefined {
  if (!isObject(schema)) return badRequest('Missing schema', param);
  const problem = strictProblem(schema);
  return problem ? badRequest(`Invalid schema for ${param}: ${problem}`, param, 'invalid_json_schema') : undefined;
}

function strictProblem(node: Body): string | undefined {
  const forbidden = FORBIDDEN.find((key) => key in node);
  if (forbidden) return `'${forbidden}' is not permitted.`;
  if (isObject(node.properties)) {
    if (node.additionalProperties !== false)
      return "'additionalProperties' is required to be supplied and to be false.";
    const required = Array.isArray(node.required) ? node.required : [];
    const missing = Object.keys(node.properties).find((key) => !required.includes(key));
    if (missing) return `'required' must include every key in properties. Missing '${missing}'.`;
  }
  for (const [key, value] of Object.entries(node)) {
    const named = key === 'properties' || key === '$defs';
    const children = Array.isArray(value) ? value : named && isObject(value) ? Object.values(value) : [value];
    for (const child of children) {
      const problem = isObject(child) ? strictProblem(child) : undefined;
      if (problem) return problem;
    }
  }
  return undefined;
}
