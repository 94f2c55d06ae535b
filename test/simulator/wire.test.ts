import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Anthropic } from '@anthropic-ai/sdk';
import { OpenAI } from 'openai';
import { z } from 'zod';
import { asked } from './asked';
import { answerTo } from './answers';
import { generationRequest, keys } from './requests';
import { startSimulator, type Simulator } from './server';

/** The simulator as the official SDKs see it, without our teachers between. */
describe('the simulator', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  const openai = () => new OpenAI({ apiKey: 'k', baseURL: simulator.env.OPENAI_BASE_URL, maxRetries: 0 });
  const anthropic = () => new Anthropic({ apiKey: 'k', baseURL: simulator.env.ANTHROPIC_BASE_URL, maxRetries: 0 });
  const user = (content: string) => [{ role: 'user' as const, content }];

  it('streams chat completions: text in pieces, then the usage', async () => {
    simulator = await startSimulator();
    const whole = await openai().chat.completions.create({ model: 'gpt-4.1', messages: user('Tell me about valves.') });
    const stream = await openai().chat.completions.create({
      model: 'gpt-4.1',
      messages: user('Tell me about valves.'),
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let tokens = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens += chunk.usage?.completion_tokens ?? 0;
    }
    assert.ok(text.length > 40 && tokens > 10);
    assert.ok((whole.choices[0]?.message.content ?? '').length > 40);
  });

  it('streams messages, and counts their tokens for nothing', async () => {
    simulator = await startSimulator();
    const messages = user('Tell me about valves.');
    const stream = anthropic().messages.stream({ model: 'claude-sonnet-5-5', max_tokens: 500, messages });
    const final = await stream.finalMessage();
    assert.equal(final.stop_reason, 'end_turn');
    assert.ok(final.content[0]?.type === 'text' && final.content[0].text.length > 40);
    const answers = simulator.bill.answers;
    const { input_tokens } = await anthropic().messages.countTokens({ model: 'claude-sonnet-5-5', messages });
    assert.equal(input_tokens, final.usage.input_tokens);
    assert.equal(simulator.bill.answers, answers);
  });

  it('completes as a base model does: stops, labels with log-probabilities, several choices', async () => {
    simulator = await startSimulator();
    const client = openai();
    const written = await client.completions.create({
      model: 'base',
      prompt: 'Instruction:',
      max_tokens: 60,
      stop: ['.'],
      n: 2,
    });
    assert.equal(written.choices.length, 2);
    assert.ok(written.choices.every((choice) => choice.text.length > 5 && !choice.text.includes('.')));
    const prompt = 'Is the response good? Answer A or B.\nAnswer:';
    const judged = await client.completions.create({ model: 'base', prompt, max_tokens: 1, logprobs: 5 });
    const top = judged.choices[0]?.logprobs?.top_logprobs?.[0] ?? {};
    assert.deepEqual(Object.keys(top).sort(), [' A', ' B']);
    const models = await client.models.list();
    assert.ok(models.data.length > 0);
  });

  it('gives the same answer to the same request, and another one to another seed', async () => {
    const request = (number: number) => {
      const { messages } = generationRequest(number);
      const schema = { type: 'object', properties: { pairs: { type: 'array' } } };
      return asked({ body: messages, model: 'm', messages, maxTokens: 1000, schema });
    };
    const answer = (number: number, seed: number) =>
      answerTo(request(number), { seed, fabrication: 0, approval: 1, repetition: 0 }).text;
    simulator = await startSimulator();
    assert.equal(answer(1, 42), answer(1, 42));
    assert.notEqual(answer(1, 42), answer(1, 43));
    assert.notEqual(answer(1, 42), answer(2, 42));
  });

  it('makes up as many pairs as it is told to, and none otherwise', () => {
    const made = (fabrication: number) => {
      let total = 0;
      for (let number = 0; number < 200; number++) {
        const { messages } = generationRequest(number);
        const schema = { type: 'object', properties: { pairs: { type: 'array' } } };
        const request = asked({ body: messages, model: 'm', messages, maxTokens: 1000, schema });
        total += answerTo(request, { seed: 1, fabrication, approval: 1, repetition: 0 }).fabricated;
      }
      return total / 400;
    };
    assert.equal(made(0), 0);
    assert.ok(Math.abs(made(0.2) - 0.2) < 0.06);
    assert.equal(made(1), 1);
  });

  it('answers any schema: verdicts that hang together, a critique for each letter', async () => {
    simulator = await startSimulator({ approval: 0.5 });
    const critiques = z.object({
      critiques: z.array(z.object({ answer: z.string(), score: z.number().min(0).max(1), comment: z.string() })),
    });
    const verdict = z.object({
      logically_sound: z.boolean(),
      resolution_valid: z.boolean(),
      corrections: z.string().nullable(),
      approved: z.boolean(),
    });
    const ask = async (content: string, schema: z.ZodType) => {
      const reply = await anthropic().messages.create({
        model: 'claude-sonnet-5-5',
        max_tokens: 2000,
        messages: user(content),
        tools: [{ name: 'emit', input_schema: { ...z.toJSONSchema(schema), type: 'object' } }],
        tool_choice: { type: 'tool', name: 'emit' },
      });
      const [block] = reply.content;
      return block?.type === 'tool_use' ? block.input : undefined;
    };
    const scored = critiques.parse(await ask('Answer A: yes\n\nAnswer C: no', critiques));
    assert.deepEqual(
      scored.critiques.map((critique) => critique.answer),
      ['A', 'C'],
    );
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => verdict.parse(await ask(`Judge row ${at}.`, verdict))),
    );
    const approved = verdicts.filter((one) => one.approved);
    assert.ok(approved.length > 8 && approved.length < 32);
    assert.ok(approved.every((one) => one.logically_sound && one.resolution_valid && one.corrections === null));
    assert.ok(verdicts.every((one) => one.approved || !one.logically_sound));
  });

  it('goes wrong the same way at every run', async () => {
    const outcomes = async () => {
      simulator = await startSimulator({ faults: { server_error: 0.2, overloaded: 0.2, rate_limit: 0.2, empty: 0.2 } });
      const client = openai();
      const seen: (number | string | undefined)[] = [];
      for (let at = 0; at < 60; at++) {
        // Every request twice: the second attempt has its own luck, and the same one in every run.
        const content = `Request ${Math.floor(at / 2)}`;
        await client.chat.completions.create({ model: 'gpt-4.1', messages: user(content) }).then(
          (reply) => seen.push(reply.choices[0]?.message.content ? 'text' : 'empty'),
          (error: unknown) => seen.push(error instanceof OpenAI.APIError ? Number(error.status) : 'cut'),
        );
      }
      await simulator.close();
      return seen;
    };
    const first = await outcomes();
    assert.deepEqual(first, await outcomes());
    for (const outcome of ['text', 'empty', 429, 500, 503]) assert.ok(first.includes(outcome), String(outcome));
  });

  it('has a capacity that can change midway', async () => {
    simulator = await startSimulator({ capacity: { perSecond: 0.001, burst: 5 } });
    const client = openai();
    const send = (count: number) =>
      Promise.allSettled(
        Array.from({ length: count }, (_, at) =>
          client.chat.completions.create({ model: 'gpt-4.1', messages: user(`Hello ${count} ${at}`) }),
        ),
      );
    const first = await send(12);
    const refused = first.filter((one) => one.status === 'rejected');
    assert.equal(refused.length, 7);
    assert.ok(
      refused.every((one) => one.reason instanceof OpenAI.RateLimitError && one.reason.headers.get('retry-after')),
    );
    simulator.change({ capacity: null });
    assert.ok((await send(20)).every((one) => one.status === 'fulfilled'));
    assert.deepEqual([simulator.bill.answers, simulator.statistics.turnedAway], [25, 7]);
  });

  it('runs as a process of its own, with its bill and its options on the wire', async () => {
    simulator = await startSimulator();
    const main = spawn(
      process.execPath,
      ['--import', 'tsx', 'test/simulator/main.ts', '--attached', '--fault', 'refusal=0'],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    try {
      const [line] = (await once(createInterface(main.stdout), 'line')) as unknown[];
      const { url, env } = z
        .object({ url: z.url(), env: z.record(z.string(), z.string()) })
        .parse(JSON.parse(String(line)));
      const client = new OpenAI({ apiKey: keys.OPENAI_API_KEY, baseURL: env.OPENAI_BASE_URL ?? '', maxRetries: 0 });
      await client.chat.completions.create({ model: 'gpt-6-luna', messages: user('Hello') });
      const state: unknown = await (await fetch(`${url}/__simulator`)).json();
      assert.equal(z.object({ bill: z.object({ answers: z.number() }) }).parse(state).bill.answers, 1);
      const options = JSON.stringify({ faults: { no_credit: 1 } });
      await fetch(`${url}/__simulator`, { method: 'POST', body: options });
      await assert.rejects(client.chat.completions.create({ model: 'gpt-6-luna', messages: user('Hello') }), /429/);
    } finally {
      main.stdin.end();
      const [code] = main.exitCode === null ? ((await once(main, 'exit')) as unknown[]) : [main.exitCode];
      assert.equal(code, 0);
    }
  });
});
