import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { type Duplex, duplexPair } from 'node:stream';
import { createTeacher } from '../create';
import { parseTeacher } from '../spec';
import { EditorLink } from './link';
import { modelRequest, type ModelAnswer, type ModelRequest } from './wire';

const spec = parseTeacher('vscode/copilot/gpt-5');
const request = { messages: [{ role: 'user', content: 'What holds the arch?' }], maxTokens: 10 } as const;

/** The window's end of the pipe: what was asked, line by line, and how to answer it. */
class Window {
  readonly run: Duplex;
  readonly #pipe: Duplex;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    [this.run, this.#pipe] = duplexPair();
    this.#lines = createInterface({ input: this.#pipe })[Symbol.asyncIterator]();
  }

  async asked(): Promise<ModelRequest> {
    const { value } = (await this.#lines.next()) as { value: string };
    return modelRequest.parse(JSON.parse(value));
  }

  answer(answer: ModelAnswer): void {
    this.#pipe.write(`${JSON.stringify(answer)}\n`);
  }

  close(): void {
    this.#pipe.destroy();
    this.run.destroy();
  }
}

describe('a model of VS Code', () => {
  async function asking() {
    const window = new Window();
    const link = new EditorLink(window.run);
    return { window, teacher: await createTeacher(spec, { keys: {}, editor: () => link }) };
  }

  it('is asked through the window that started the run, several at once and answered in any order', async () => {
    const { window, teacher } = await asking();
    const { signal } = new AbortController();
    const both = [1, 2].map((n) =>
      teacher.complete({ ...request, messages: [{ role: 'user', content: String(n) }] }, signal),
    );
    const asked = [await window.asked(), await window.asked()];
    for (const one of asked.toReversed()) {
      assert.ok('model' in one);
      assert.equal(one.model, 'copilot/gpt-5');
      window.answer({ id: one.id, text: `answer ${one.messages[0]?.content ?? ''}` });
    }
    assert.deepEqual(
      (await Promise.all(both)).map(({ text }) => text),
      ['answer 1', 'answer 2'],
    );
  });

  it('is told the system’s words at the head of the first message, which it has no other place for', async () => {
    const { window, teacher } = await asking();
    const system = { role: 'system', content: 'Answer in a word.' } as const;
    const answer = teacher.complete(
      { ...request, messages: [system, ...request.messages] },
      new AbortController().signal,
    );
    const asked = await window.asked();
    assert.ok('messages' in asked);
    assert.deepEqual(asked.messages, [{ role: 'user', content: 'Answer in a word.\n\nWhat holds the arch?' }]);
    window.answer({ id: asked.id, text: 'Pressure.' });
    await answer;
  });

  it('says what stands in the way, in the engine’s terms', async () => {
    const { window, teacher } = await asking();
    const answer = teacher.complete(request, new AbortController().signal);
    const { id } = await window.asked();
    window.answer({ id, error: { code: 'no_credit', message: 'The quota is used up.' } });
    await assert.rejects(answer, { code: 'no_credit', message: 'The quota is used up.' });
  });

  it('is told that nobody waits any more', async () => {
    const { window, teacher } = await asking();
    const abort = new AbortController();
    const answer = teacher.complete(request, abort.signal);
    const { id } = await window.asked();
    abort.abort();
    await assert.rejects(answer, { code: 'cancelled' });
    assert.deepEqual(await window.asked(), { id, cancel: true });
  });

  it('is away when its window has closed: what waits ends, and what comes after, too', async () => {
    const { window, teacher } = await asking();
    const { signal } = new AbortController();
    const answer = teacher.complete(request, signal);
    await window.asked();
    window.close();
    const away = { code: 'not_found', message: /window .* has closed/ };
    await assert.rejects(answer, away);
    await assert.rejects(teacher.complete(request, signal), away);
  });

  it('is away where the process was given no pipe', async () => {
    const editor = (): never => {
      throw new Error('EBADF');
    };
    const teacher = await createTeacher(spec, { keys: {}, editor });
    const { signal } = new AbortController();
    await assert.rejects(teacher.complete(request, signal), { code: 'not_found', message: /has closed \(EBADF\)/ });
  });

  it('can be asked in the editor only', async () => {
    await assert.rejects(createTeacher(spec, { keys: {} }), /only a run that was started in VS Code can ask/);
  });
});
