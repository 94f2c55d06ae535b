import assert from 'node:assert/strict';
import { offlineTeachers, sameFor, teacherArguments, teacherChoices } from './teacherChoices';

const names = (...keys: string[]) =>
  teacherChoices({ env: Object.fromEntries(keys.map((key) => [key, 'a-key'])) }).map((choice) =>
    teacherArguments(choice).join(' '),
  );

describe('the teachers to choose from', () => {
  it('are the offline one alone when there is no key', () => {
    assert.deepEqual(names(), ['--teacher offline']);
  });

  it('begin with the best of each role, and have each provider on its own', () => {
    assert.deepEqual(names('DEEPSEEK_API_KEY', 'ANTHROPIC_API_KEY'), [
      '--teacher generator=deepseek/deepseek-flash --teacher validator=anthropic/claude-sonnet-5-5',
      '--teacher generator=deepseek/deepseek-flash --teacher validator=deepseek/deepseek-v4-pro',
      '--teacher generator=anthropic/claude-haiku-5-5 --teacher validator=anthropic/claude-sonnet-5-5',
      '--teacher offline',
    ]);
  });

  it('name a choice once', () => {
    assert.equal(names('OPENAI_API_KEY').length, 2);
  });

  it('begin with what was used last', () => {
    const last = sameFor({ provider: 'ollama', model: 'qwen3:8b' });
    assert.deepEqual(teacherChoices({}, last), [last, offlineTeachers]);
  });
});
