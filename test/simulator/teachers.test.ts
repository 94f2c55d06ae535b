import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { createTeacher, type TeacherContext } from '../../src/core/teachers/create';
import { TeacherError, type TeacherErrorCode } from '../../src/core/teachers/errors';
import { parseTeacher } from '../../src/core/teachers/spec';
import type { Teacher, TeacherReply } from '../../src/core/teachers/teacher';
import { generationEnvelope, validationEnvelope } from '../../src/core/records/envelopes';
import { FAULTS, type FaultName, type SimulatorOptions } from './options';
import { documentText, generationRequest, keys, validationRequest } from './requests';
import { startSimulator, type Simulator } from './server';

const never = new AbortController().signal;
const PROVIDERS = ['openai/gpt-6-luna', 'openai/gpt-4.1', 'deepseek/deepseek-flash', 'anthropic/claude-sonnet-5-5'];

/** What each fault is to the engine; `reply` where a billed answer arrives all the same. */
const MEANING: Readonly<Record<FaultName, TeacherErrorCode | 'reply'>> = {
  rate_limit: 'rate_limited',
  rate_limit_bare: 'rate_limited',
  server_error: 'overloaded',
  overloaded: 'overloaded',
  reset: 'network',
  cut: 'network',
  hang: 'timeout',
  unauthorized: 'wrong_key',
  no_credit: 'no_credit',
  truncated: 'reply',
  empty: 'reply',
  refusal: 'reply',
  wrong_schema: 'reply',
};

describe('teachers on the wire', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  async function open(
    name: string,
    options: SimulatorOptions = {},
    context: Partial<TeacherContext> = {},
  ): Promise<Teacher> {
    simulator = await startSimulator(options);
    return createTeacher(parseTeacher(name), { keys: { env: keys }, env: simulator.env, ...context });
  }

  async function failure(work: Promise<unknown>): Promise<TeacherError> {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof TeacherError, `a TeacherError, not ${inspect(error)}`);
    return error;
  }

  for (const name of PROVIDERS) {
    describe(`the teacher ${name}`, () => {
      it('answers from the document in the envelope that it was asked for, and reports what it used', async () => {
        const teacher = await open(name, { cached: 1 });
        const request = generationRequest();
        const reply = await teacher.complete(request, never);
        const { pairs } = generationEnvelope.parse(JSON.parse(reply.text));
        assert.ok(pairs.length > 0);
        for (const quote of pairs.flatMap((pair) => pair.evidence)) assert.ok(documentText.includes(quote), quote);
        assert.ok(reply.usageReported && reply.usage.input > 0 && reply.usage.output > 0 && reply.usage.cached > 0);
        assert.ok(reply.usage.input <= teacher.inputTokenBound(request, true), 'the tight bound holds');
        assert.ok(teacher.inputTokenBound(request, true) <= teacher.inputTokenBound(request, false));
        assert.ok(reply.requestId?.startsWith('req_'));
        assert.ok(reply.rate?.requests && reply.rate.requests.remaining > 0 && reply.rate.tokens);
        const billed = simulator.bill.models.get(teacher.model);
        assert.deepEqual([billed?.input, billed?.output], [reply.usage.input, reply.usage.output]);
      });

      it('judges: what the document says is approved, what it does not say is not', async () => {
        const teacher = await open(name);
        const verdict = async (answer: string) => {
          const reply = await teacher.complete(
            validationRequest({ question: 'How much oil does the pump hold?', answer }),
            never,
          );
          return validationEnvelope.parse(JSON.parse(reply.text)).approved;
        };
        assert.equal(await verdict('It holds 12 litres of oil.'), true);
        assert.equal(await verdict('It holds 19 litres of oil.'), false);
        assert.equal(await verdict('It never holds 12 litres of oil.'), false);
      });

      for (const fault of FAULTS) {
        it(`tells the engine what ${fault} means, and shows no key`, async () => {
          const timeoutMs = fault === 'hang' ? 150 : 10_000;
          const teacher = await open(name, { faults: { [fault]: 1 } }, { timeoutMs });
          const work = teacher.complete(generationRequest(), never);
          if (MEANING[fault] === 'reply') {
            checkUselessReply(fault, await work);
            return;
          }
          const error = await failure(work);
          assert.equal(error.code, MEANING[fault]);
          assert.match(error.message, /^[A-ZTh].*/);
          noCanary(error);
          if (fault === 'rate_limit') assert.equal(error.details.retryAfterMs, 1000);
          if (fault === 'rate_limit_bare') assert.equal(error.details.retryAfterMs, undefined);
          if (fault === 'cut' || fault === 'hang') assert.equal(error.details.maybeBilled, true);
          if (fault === 'unauthorized') assert.match(error.message, /Set API Key…” in the editor, or set .*_API_KEY/);
        });
      }

      it('does not wait for an answer beyond its time, whether its headers have come or not', async () => {
        const teacher = await open(name, { latencyMs: 60_000 }, { timeoutMs: 150 });
        const error = await failure(teacher.complete(generationRequest(), never));
        assert.deepEqual([error.code, error.passing, error.details.maybeBilled], ['timeout', true, true]);
      });

      it('is cancelled at once, and says that the work may have been billed', async () => {
        const teacher = await open(name, { latencyMs: 60_000 });
        const controller = new AbortController();
        const work = failure(teacher.complete(generationRequest(), controller.signal));
        while (simulator.statistics.peakInFlight === 0) await new Promise(setImmediate);
        const at = performance.now();
        controller.abort();
        const error = await work;
        assert.ok(performance.now() - at < 500);
        assert.deepEqual([error.code, error.details.maybeBilled], ['cancelled', true]);
      });

      it('sends nothing when it is cancelled before', async () => {
        const teacher = await open(name);
        const error = await failure(teacher.complete(generationRequest(), AbortSignal.abort()));
        assert.deepEqual([error.code, error.details.maybeBilled], ['cancelled', false]);
        assert.equal(simulator.statistics.requests, 0);
      });

      it('tells that nobody listens, and where', async () => {
        const teacher = await open(name);
        await simulator.close();
        const error = await failure(teacher.complete(generationRequest(), never));
        simulator = await startSimulator();
        assert.equal(error.code, 'network');
        assert.match(error.message, /Nothing answers at http:\/\/127\.0\.0\.1:\d+.*is the server running\?/);
        assert.notEqual(error.details.maybeBilled, true);
      });

      it('tells that the model is not there', async () => {
        const teacher = await open(name, { models: ['another'] });
        const error = await failure(teacher.complete(generationRequest(), never));
        assert.equal(error.code, 'not_found');
        assert.match(error.message, new RegExp(`has no model “${teacher.model}”`));
      });
    });
  }

  describe('a redirect', () => {
    it('is not followed: the key stays with the host that it was meant for', async () => {
      simulator = await startSimulator();
      const seen: string[] = [];
      const server = createServer((request, response) => {
        seen.push(request.url ?? '');
        response.writeHead(307, { location: `${simulator.url}/v1/chat/completions` }).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const env = { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` };
      const teacher = await createTeacher(parseTeacher('openai/gpt-6-luna'), { keys: { env: keys }, env });
      const error = await failure(teacher.complete(generationRequest(), never));
      server.close();
      server.closeAllConnections();
      assert.match(error.message, /redirects elsewhere/);
      assert.equal(simulator.statistics.requests, 0);
      assert.deepEqual(seen, ['/v1/chat/completions']);
    });
  });
});

function checkUselessReply(fault: FaultName, reply: TeacherReply): void {
  assert.ok(reply.usageReported && reply.usage.output >= 0, 'a useless answer is billed all the same');
  if (fault === 'empty') assert.equal(reply.text, '');
  if (fault === 'refusal') assert.equal(reply.finish, 'refusal');
  if (fault === 'truncated') assert.throws(() => JSON.parse(reply.text) as unknown);
  if (fault === 'wrong_schema') assert.equal(generationEnvelope.safeParse(JSON.parse(reply.text)).success, false);
}

/** Neither in the message nor anywhere else in the error: not in its cause, its stack or its fields. */
function noCanary(error: TeacherError): void {
  const everything = `${inspect(error, { depth: 8, showHidden: true })}${error.stack ?? ''}${JSON.stringify(error)}`;
  assert.doesNotMatch(everything, /canary|1234567890abcdef|cdef/);
}
