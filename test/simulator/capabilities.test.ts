import assert from 'node:assert/strict';
import { LearntCapabilities, knownCapabilities } from '../../src/core/teachers/capabilities';
import { createTeacher, type TeacherContext } from '../../src/core/teachers/create';
import { generationEnvelope } from '../../src/core/records/envelopes';
import { parseTeacher } from '../../src/core/teachers/spec';
import type { Teacher, TeacherRequest } from '../../src/core/teachers/teacher';
import { isObject } from './asked';
import type { Refusable, SimulatorOptions } from './options';
import { generationRequest, keys } from './requests';
import { startSimulator, type Simulator } from './server';

const never = new AbortController().signal;

describe('what servers take', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  /** A server that nobody has told us anything about. */
  async function unknownServer(options: SimulatorOptions, context: Partial<TeacherContext> = {}): Promise<Teacher> {
    simulator = await startSimulator(options);
    const declared = { mine: { base_url: `${simulator.url}/v1` } };
    return createTeacher(parseTeacher('mine/some-model'), { keys: {}, declared, ...context });
  }

  const everything: TeacherRequest = { ...generationRequest(), seed: 7, logprobs: 3 };

  function lastBody(): Readonly<Record<string, unknown>> {
    const body = simulator.requests.at(-1)?.body;
    assert.ok(isObject(body));
    return body;
  }

  describe('an unknown server', () => {
    const cases: readonly (readonly [Refusable[], refused: number])[] = [
      [[], 0],
      [['json_schema'], 1],
      [['json_schema', 'json_object'], 2],
      [['temperature'], 1],
      [['seed', 'logprobs'], 2],
      [['max_tokens'], 1],
      [['system'], 1],
      [['json_schema', 'json_object', 'temperature', 'seed', 'logprobs', 'max_tokens', 'system'], 7],
    ];
    for (const [refuses, refused] of cases) {
      it(`that refuses ${refuses.join(', ') || 'nothing'} is asked without it, in one attempt, and remembered`, async () => {
        const teacher = await unknownServer({ refuses });
        const reply = await teacher.complete(everything, never);
        assert.ok(generationEnvelope.parse(JSON.parse(reply.text)).pairs.length > 0);
        assert.equal(simulator.statistics.requests, refused + 1);
        await teacher.complete({ ...everything, ...generationRequest(1) }, never);
        assert.equal(simulator.statistics.requests, refused + 2, 'learnt: the second request is right at once');
      });
    }

    it('gets the schema described as well, because it may take it and not keep to it', async () => {
      const teacher = await unknownServer({});
      await teacher.complete(everything, never);
      const { messages, response_format: format } = lastBody();
      assert.match(JSON.stringify(messages), /It must satisfy this JSON schema/);
      assert.ok(isObject(format) && format.type === 'json_schema');
    });

    it('is learnt once by many requests in flight', async () => {
      const teacher = await unknownServer({ refuses: ['json_schema', 'temperature'], latencyMs: 20 });
      await Promise.all(Array.from({ length: 64 }, (_, at) => teacher.complete(generationRequest(at), never)));
      assert.ok(simulator.statistics.requests <= 64 * 3);
      const before = simulator.statistics.requests;
      await teacher.complete(generationRequest(100), never);
      assert.equal(simulator.statistics.requests, before + 1);
      assert.deepEqual(lastBody().response_format, { type: 'json_object' }, 'one step down, not 64');
    });

    it('shares what was learnt between the roles of a run', async () => {
      const learnt = new Map<string, LearntCapabilities>();
      const first = await unknownServer({ refuses: ['temperature'] }, { learnt });
      await first.complete(generationRequest(), never);
      const declared = { mine: { base_url: `${simulator.url}/v1` } };
      const second = await createTeacher(parseTeacher('mine/some-model'), { keys: {}, declared, learnt });
      await second.complete(generationRequest(1), never);
      assert.equal(simulator.statistics.requests, 3);
    });

    it('without usage in its answers is booked at the most that it can be', async () => {
      const teacher = await unknownServer({ withoutUsage: true, reasoningField: 'reasoning' });
      const reply = await teacher.complete(everything, never);
      assert.equal(reply.usageReported, false);
      assert.deepEqual([reply.usage.input, reply.usage.output], [teacher.inputTokenBound(everything, false), 2000]);
      assert.ok(reply.reasoning, 'the trace is read under its other name too');
    });

    it('can be declared, and then nothing need be learnt', async () => {
      simulator = await startSimulator({ refuses: ['json_schema', 'temperature'] });
      const mine = { base_url: `${simulator.url}/v1`, structured: 'json_object', temperature: false } as const;
      const teacher = await createTeacher(parseTeacher('mine/m'), { keys: {}, declared: { mine } });
      await teacher.complete(generationRequest(), never);
      assert.equal(simulator.statistics.requests, 1);
    });
  });

  describe('a known provider', () => {
    const shapes: readonly (readonly [string, (body: Readonly<Record<string, unknown>>) => void])[] = [
      [
        'openai/gpt-6-luna',
        (body) => {
          assert.ok(!('temperature' in body) && !('max_tokens' in body) && body.max_completion_tokens === 2000);
          assert.doesNotMatch(JSON.stringify(body.messages), /JSON schema/);
        },
      ],
      [
        'openai/qwen3-on-a-moved-base-url',
        (body) => {
          assert.equal(body.max_tokens, 2000);
          assert.match(JSON.stringify(body.messages), /JSON schema/);
        },
      ],
      ['openai/gpt-4.1', (body) => assert.equal(body.temperature, 0.7)],
      [
        'deepseek/deepseek-flash',
        (body) => {
          assert.deepEqual(body.response_format, { type: 'json_object' });
          assert.ok(!('temperature' in body) && !('seed' in body));
          assert.match(JSON.stringify(body.messages), /JSON schema/);
        },
      ],
      [
        'anthropic/claude-sonnet-5-5',
        (body) =>
          assert.ok(isObject(body.output_config) && !('temperature' in body) && typeof body.system === 'string'),
      ],
    ];
    for (const [name, check] of shapes) {
      it(`${name} is asked right the first time`, async () => {
        simulator = await startSimulator();
        const teacher = await createTeacher(parseTeacher(name), { keys: { env: keys }, env: simulator.env });
        await teacher.complete(everything, never);
        assert.equal(simulator.statistics.requests, 1);
        check(lastBody());
      });
    }

    it('that speaks Anthropic’s API without structured outputs is asked in words', async () => {
      simulator = await startSimulator({ refuses: ['json_schema'] });
      const context = { keys: { env: keys }, env: simulator.env };
      const teacher = await createTeacher(parseTeacher('anthropic/claude-sonnet-5-5'), context);
      const reply = await teacher.complete(generationRequest(), never);
      assert.ok(generationEnvelope.safeParse(JSON.parse(reply.text)).success);
      assert.equal(simulator.statistics.requests, 2);
    });

    it('returns log-probabilities where they are asked for', async () => {
      simulator = await startSimulator();
      const teacher = await createTeacher(parseTeacher('openai/gpt-4.1'), { keys: { env: keys }, env: simulator.env });
      const reply = await teacher.complete(everything, never);
      assert.equal(reply.logprobs?.[0]?.top.length, 3);
      assert.equal(reply.logprobs.map((entry) => entry.token).join(''), reply.text);
    });
  });

  describe('what is learnt', () => {
    it('never steps below the prompt alone', () => {
      const learnt = new LearntCapabilities(knownCapabilities('mine', 'm'));
      const steps = [1, 2, 3].map(() => learnt.stepDown(learnt.current, 'schema'));
      assert.deepEqual(steps, [true, true, false]);
      assert.equal(learnt.current.structured, 'prompt');
    });
  });
});
