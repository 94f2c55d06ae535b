import { TeacherError } from './errors';
import { retryAfter, goDuration, type HeaderReader } from './rate-limits';
import { quotable } from './redact';
import type { Server } from './server';

/** An HTTP answer that is not a reply. `message`, `code` and `type` are the provider's words, unfiltered. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  readonly headers?: HeaderReader | undefined;
  readonly requestId?: string | undefined;
}

type Details = TeacherError['details'];

const TOO_LONG =
  /context[ _-]?(?:length|window)|maximum context|prompt is too long|too many (?:input )?tokens|reduce the length|(?:max_tokens|max_completion_tokens)\W.*too large|request too large|exceeds? the (?:model'?s )?max/i;
const NO_CREDIT =
  /insufficient[_ ](?:quota|balance|credit|funds)|exceeded your current quota|credit balance is too low/i;
const MODEL = /model/i;
/** Some answer 400 for a model that they do not have. */
const NO_MODEL = /model[^.]{0,60}(?:not exist|not found|not available)|not a valid model|unknown model/i;

/** What an HTTP error of a provider means for the engine and for the person. */
export function refusalError(refusal: Refusal, server: Server, prompts: readonly string[]): TeacherError {
  const said = quotable(refusal.message, server.key ? [server.key] : [], prompts);
  const quote = said ? ` It said: “${said}”` : '';
  const { status } = refusal;
  const details: Details = { status, ...(refusal.requestId && { requestId: refusal.requestId }) };
  const text = `${refusal.code ?? ''} ${refusal.type ?? ''} ${refusal.message}`;
  const error = (code: ConstructorParameters<typeof TeacherError>[0], sentence: string, more: Details = {}) =>
    new TeacherError(code, sentence + quote, { ...details, ...more });

  if (status === 402 || NO_CREDIT.test(text) || refusal.type === 'billing_error')
    return error(
      'no_credit',
      `${server.label} has no credit left on this account (${status}): add credit, then resume.`,
    );
  if (status === 401) return error('wrong_key', wrongKey(server));
  if (status === 403)
    return error(
      'forbidden',
      `${server.label} does not allow this key to use ${server.model} (403): check its access.`,
    );
  if (status >= 300 && status < 400)
    return error(
      'not_found',
      `${server.baseUrl} redirects elsewhere (${status}): set the base URL to the address itself.`,
    );
  if (status === 413 || TOO_LONG.test(text))
    return error('too_long', `The request is too large for ${server.model} (${status}): use smaller chunks.`);
  if (status === 404 || status === 405 || (status === 400 && NO_MODEL.test(text)))
    return error('not_found', notFound(text, server));
  if (status === 429) return rateLimited(refusal, server, error);
  if (status === 408 || status === 504 || status === 524)
    return error('timeout', `${server.label} took too long (${status}).`, { maybeBilled: true });
  if (status >= 500 || status === 409 || status === 425)
    return error('overloaded', `${server.label} is overloaded or failing (${status}).`, waitOf(refusal));
  return error('refused_request', `${server.label} refused the request (${status}).`);
}

/** What no HTTP answer at all means: nobody listens, the name is unknown, the connection was cut. */
export function connectionError(cause: unknown, server: Server): TeacherError {
  const code = causeCode(cause);
  const said = code ? ` (${code})` : '';
  switch (code) {
    case 'ECONNREFUSED':
      return new TeacherError('network', `Nothing answers at ${server.baseUrl}: is the server running?${said}`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new TeacherError(
        'network',
        `The host of ${server.baseUrl} cannot be found: is the network up and the address right?${said}`,
      );
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return new TeacherError('network', `${server.baseUrl} cannot be reached: is the network up?${said}`);
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return timeoutError(server);
    default:
      if (code && /CERT|SELF_SIGNED|TLS|UNABLE_TO_/.test(code))
        return new TeacherError(
          'network',
          `The certificate of ${server.baseUrl} is not trusted: behind a company proxy set NODE_EXTRA_CA_CERTS${said}.`,
        );
      return new TeacherError('network', `The connection to ${server.label} was cut${said}.`, { maybeBilled: true });
  }
}

export function timeoutError(server: Server): TeacherError {
  const seconds = Math.round(server.timeoutMs / 1000);
  return new TeacherError('timeout', `${server.label} did not answer within ${seconds} s.`, { maybeBilled: true });
}

/** An HTTP 200 whose body is not what this API answers with. Its work may have been billed. */
export function unreadableError(server: Server, what: string): TeacherError {
  return new TeacherError('network', `${server.label} sent an answer that cannot be read: ${what}.`, {
    maybeBilled: true,
  });
}

export function missingKey(server: Pick<Server, 'label' | 'keyName'>): TeacherError {
  return new TeacherError('wrong_key', `There is no API key for ${server.label}. ${howToSet(server)}`);
}

function wrongKey(server: Server): string {
  if (!server.key) return `${server.label} asks for an API key (401). ${howToSet(server)}`;
  return `${server.label} does not accept the API key (401). ${howToSet(server)}`;
}

function howToSet(server: Pick<Server, 'keyName'>): string {
  if (!server.keyName) return 'Name the variable that holds its key as “key_env” where the provider is declared.';
  return `Run “Distillery: Set API Key…” in the editor, or set the environment variable ${server.keyName}.`;
}

function notFound(text: string, server: Server): string {
  if (MODEL.test(text))
    return `${server.label} has no model “${server.model}” for this key: see \`distillery models\` for known names.`;
  return `${server.baseUrl} has no such API (404): check the base URL of ${server.provider} (most end in /v1).`;
}

function rateLimited(
  refusal: Refusal,
  server: Server,
  error: (code: 'rate_limited' | 'too_long', sentence: string, more?: Details) => TeacherError,
): TeacherError {
  const [, limit, requested] = /Limit:? (\d+).*Requested:? (\d+)/i.exec(refusal.message) ?? [];
  if (limit !== undefined && requested !== undefined && Number(requested) > Number(limit))
    return error('too_long', `The request is larger than the account's limit for ${server.model}: use smaller chunks.`);
  return error('rate_limited', `${server.label} asks us to slow down (429).`, waitOf(refusal));
}

function waitOf(refusal: Refusal): Details {
  const [, duration] = /try again in ([\d.hmsuµn]+)/i.exec(refusal.message) ?? [];
  const wait = retryAfter(refusal.headers) ?? (duration ? goDuration(duration.replace(/\.$/, '')) : undefined);
  return wait === undefined ? {} : { retryAfterMs: Math.ceil(wait) };
}

/** The innermost `code` of a chain of causes (`fetch failed` ← AggregateError ← ECONNREFUSED). */
function causeCode(error: unknown): string | undefined {
  let found: string | undefined;
  let current: unknown = error;
  for (let depth = 0; depth < 6 && typeof current === 'object' && current !== null; depth++) {
    if ('code' in current && typeof current.code === 'string') found = current.code;
    if ('errors' in current && Array.isArray(current.errors)) current = current.errors[0];
    else current = 'cause' in current ? current.cause : undefined;
  }
  return found;
}
