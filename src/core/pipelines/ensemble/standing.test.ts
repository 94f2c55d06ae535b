import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { TeacherError } from '../../teachers/errors';
import { createTeacher } from '../../teachers/create';
import type { Teacher } from '../../teachers/teacher';
import { leavingOut } from './standing';

const request = { messages: [{ role: 'user' as const, content: 'Hello' }], maxTokens: 10 };
const { signal } = new AbortController();
const limits = { failures: 3, silenceMs: 0, neverAnsweredMs: 0, longestWaitMs: 1000 };

/** Servers that are gone: nobody listens where they were. */
async function unreachable(...names: readonly string[]): Promise<Teacher[]> {
  return Promise.all(
    names.map(async (name) => {
      const declared = { [name]: { base_url: `http://127.0.0.1:${await freedPort()}/v1` } };
      return createTeacher({ provider: name, model: 'm' }, { keys: {}, declared });
    }),
  );
}

async function freedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function codesOf(teacher: Teacher | undefined, times: number): Promise<string[]> {
  const codes: string[] = [];
  for (let k = 0; k < times; k++) {
    await teacher?.complete(request, signal).catch((error: unknown) => {
      assert.ok(error instanceof TeacherError);
      codes.push(error.code);
    });
  }
  return codes;
}

describe('a teacher that is down', function () {
  // The library that is asked through is loaded here.
  this.timeout(60_000);

  it('is left out after nothing but failures, while two others stand, and the person is told once', async () => {
    const said: string[] = [];
    const [first, second] = leavingOut(
      await unreachable('one', 'two', 'three'),
      (sentence) => said.push(sentence),
      limits,
    );
    assert.deepEqual(await codesOf(first, 4), ['network', 'network', 'left_out', 'left_out']);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /one\/m is left out from here on: Nothing answers/);
    assert.deepEqual(await codesOf(second, 5), Array(5).fill('network'), 'the last two stay');
  });
  it('is left out at once when its key is refused', async () => {
    const refused: Teacher = {
      provider: 'p',
      model: 'm',
      deployment: 'd',
      complete: () => Promise.reject(new TeacherError('wrong_key', 'The key is wrong.')),
      inputTokenBound: () => 1,
    };
    const [first] = leavingOut([refused, ...(await unreachable('one', 'two'))], () => undefined, limits);
    assert.deepEqual(await codesOf(first, 2), ['left_out', 'left_out']);
  });
});
