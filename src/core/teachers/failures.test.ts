import assert from 'node:assert/strict';
import { readChatCompletion } from './chat-completion';
import type { TeacherError } from './errors';
import { connectionError, refusalError, type Refusal } from './failures';

const server = {
  provider: 'openai',
  label: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  model: 'gpt-6-luna',
  keyName: 'OPENAI_API_KEY',
  key: 'sk-secret-0123456789',
  timeoutMs: 600_000,
};

function meaning(refusal: Partial<Refusal>): TeacherError {
  return refusalError({ status: 400, message: '', ...refusal }, server, []);
}

describe('a refusal of a provider', () => {
  it('for a day’s limit is waited for; for too large a request it is final', () => {
    const limited = meaning({
      status: 429,
      code: 'rate_limit_exceeded',
      message:
        'Rate limit reached for gpt-5 in organization org-x on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 1.5s. Visit https://platform.openai.com/account/rate-limits to learn more.',
    });
    assert.deepEqual([limited.code, limited.passing, limited.details.retryAfterMs], ['rate_limited', true, 1500]);
    for (const message of [
      'Request too large for gpt-4.1 in organization org-x on tokens per min (TPM): Limit 30000, Requested 250011. The input or output tokens must be reduced.',
      'Tokens per day: Limit 100, Requested 101.',
    ]) {
      const large = meaning({ status: 429, code: 'rate_limit_exceeded', message });
      assert.deepEqual([large.code, large.passing], ['too_long', false]);
    }
  });

  it('for want of money concerns all requests, whatever its status', () => {
    for (const refusal of [
      { status: 429, code: 'insufficient_quota', message: 'You exceeded your current quota.' },
      { status: 402, code: 'invalid_request_error', message: 'Insufficient Balance' },
      { status: 400, message: 'Your credit balance is too low to access the Anthropic API.' },
      { status: 402, type: 'billing_error', message: 'Pay.' },
    ]) {
      const error = meaning(refusal);
      assert.deepEqual([error.code, error.concernsAll], ['no_credit', true], refusal.message);
      assert.match(error.message, /add credit, then resume/);
    }
  });

  it('for a long input says what to do', () => {
    for (const refusal of [
      { code: 'context_length_exceeded', message: 'Your input exceeds the context window of this model.' },
      { message: 'prompt is too long: 200001 tokens > 200000 maximum' },
      { message: "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens." },
      { message: "'max_tokens' or 'max_completion_tokens' is too large: 5000." },
      { status: 413, message: 'Payload' },
    ]) {
      const error = meaning(refusal);
      assert.equal(error.code, 'too_long', refusal.message);
      assert.match(error.message, /use smaller chunks/);
    }
  });

  it('tells a missing model from a wrong address', () => {
    assert.match(
      meaning({ status: 404, code: 'model_not_found', message: 'The model `x`' }).message,
      /has no model “gpt-6-luna”/,
    );
    assert.equal(meaning({ status: 400, message: 'Model Not Exist' }).code, 'not_found');
    assert.equal(meaning({ status: 400, message: 'foo/bar is not a valid model ID' }).code, 'not_found');
    assert.match(meaning({ status: 404, message: 'page not found' }).message, /check the base URL.*\/v1/);
  });

  it('sorts the rest by status', () => {
    const codes = [401, 403, 408, 409, 422, 500, 502, 503, 504, 529].map((status) => meaning({ status }).code);
    assert.deepEqual(codes, [
      'wrong_key',
      'forbidden',
      'timeout',
      'overloaded',
      'refused_request',
      'overloaded',
      'overloaded',
      'overloaded',
      'timeout',
      'overloaded',
    ]);
  });

  it('is quoted without the key and without the prompt', () => {
    const message = 'Key sk-secret-0123456789 may not say "The launch code is PELICAN".';
    const error = refusalError({ status: 400, message }, server, ['x The launch code is PELICAN y']);
    assert.doesNotMatch(error.message, /secret|0123|PELICAN/);
    assert.match(error.message, /^OpenAI refused the request \(400\)\. It said: “Key \[key\]/);
  });

  it('under HTTP 200 is one all the same', () => {
    const body = { error: { message: 'Provider returned error', code: 429 } };
    const read = () => readChatCompletion(body, undefined, server, () => ({ input: 0, output: 0 }));
    assert.throws(read, { code: 'rate_limited' });
  });
});

describe('a connection that fails', () => {
  const caused = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

  it('says what to look at, and whether the work may have been billed', () => {
    const seen = ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'SELF_SIGNED_CERT_IN_CHAIN', 'ECONNRESET'].map(
      (code) => {
        const error = connectionError(caused(code), server);
        return [error.code, error.details.maybeBilled ?? false, error.message] as const;
      },
    );
    assert.deepEqual(
      seen.map(([code, billed]) => [code, billed]),
      [false, false, false, false, true].map((billed) => ['network', billed]),
    );
    const sentences = seen.map(([, , sentence]) => sentence).join('\n');
    for (const advice of [
      /is the server running/,
      /network up and the address right/,
      /cannot be reached/,
      /NODE_EXTRA_CA_CERTS/,
    ])
      assert.match(sentences, advice);
  });

  it('is looked for through happy eyeballs’ many errors', () => {
    const both = new AggregateError([caused('ECONNREFUSED')], '');
    assert.match(
      connectionError(new TypeError('fetch failed', { cause: both }), server).message,
      /is the server running/,
    );
  });
});
