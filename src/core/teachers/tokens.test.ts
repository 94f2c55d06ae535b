import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chatTokenBound, likelyCounter, likelyTokens, tokenCounter, type TokenCount } from './tokens';
import type { TeacherRequest } from './teacher';

function request(content: string): TeacherRequest {
  return { messages: [{ role: 'user', content }], maxTokens: 1 };
}

/** Any UTF-16, lone surrogates and the spellings of special tokens among it. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('<|endoftext|>', '<|im_start|>system', ' '.repeat(500), 'a'.repeat(3000), '🏳️‍🌈'.repeat(20), '한국어'),
);

describe('the bound on input tokens', () => {
  let exact: TokenCount;
  before(async () => {
    const count = await tokenCounter('openai', 'gpt-6-luna');
    assert.ok(count);
    exact = count;
  });

  it('is never below the exact count, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = exact(text);
        assert.ok(chatTokenBound(request(text), true) > tokens);
        assert.ok(chatTokenBound(request(text), true, exact) > tokens);
      }),
      { numRuns: 500 },
    );
  });

  it('covers the schema, described as well where the server does not enforce it', () => {
    const schema = {
      name: 'word',
      json: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
    };
    const plain = chatTokenBound(request('x'), true);
    const enforced = chatTokenBound({ ...request('x'), schema }, true);
    const described = chatTokenBound({ ...request('x'), schema }, false);
    assert.ok(plain + JSON.stringify(schema.json).length < enforced && enforced < described);
  });

  it('is cheap where it need not be tight', () => {
    const long = request('lorem ipsum '.repeat(400_000));
    const at = performance.now();
    for (let turn = 0; turn < 20; turn++) chatTokenBound(long, true);
    assert.ok(performance.now() - at < 1000, 'twenty times 4.8 MB');
  });

  it('counts exactly only where the tokenizer is public', async () => {
    assert.equal(await tokenCounter('anthropic', 'claude-sonnet-5-5'), undefined);
    assert.equal(await tokenCounter('deepseek', 'deepseek-flash'), undefined);
    assert.equal(await tokenCounter('myserver', 'gpt-6-luna'), undefined);
    assert.equal(exact('hello world'), 2);
  });

  it('has a likely count for every provider: Anthropic’s tokenizer is finer', async () => {
    const text = 'The pump must be primed before it is started, or the seal burns.';
    const likely = await Promise.all(['openai', 'deepseek', 'anthropic'].map(likelyCounter));
    const [openai = 0, deepseek = 0, anthropic = 0] = likely.map((count) => count(text));
    assert.equal(openai, exact(text));
    assert.equal(deepseek, openai);
    assert.ok(anthropic > openai && anthropic < openai * 1.3);
  });

  it('takes English for four characters a token and CJK for one', () => {
    assert.equal(likelyTokens('abcdefgh'), 2);
    assert.equal(likelyTokens('日本語の文'), 5);
  });
});
