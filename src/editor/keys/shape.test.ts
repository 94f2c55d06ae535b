import assert from 'node:assert/strict';
import { doubtAbout } from './shape';

const anthropic = `sk-ant-api03-${'a'.repeat(40)}`;
const deepseek = `sk-${'0a'.repeat(16)}`;

describe('the shape of an API key', () => {
  it('is not doubted for what each provider hands out', () => {
    for (const [keyName, key] of [
      ['OPENAI_API_KEY', `sk-proj-${'B'.repeat(48)}`],
      ['ANTHROPIC_API_KEY', anthropic],
      ['DEEPSEEK_API_KEY', deepseek],
      ['TOGETHER_API_KEY', 'f0'.repeat(32)],
      ['OPENROUTER_API_KEY', `sk-or-v1-${'0'.repeat(64)}`],
    ] as const) {
      assert.equal(doubtAbout(keyName, `  ${key}\n`), undefined, keyName);
    }
  });

  it('tells whose key was pasted instead', () => {
    assert.deepEqual(doubtAbout('OPENAI_API_KEY', anthropic), { kind: 'another', keyName: 'ANTHROPIC_API_KEY' });
    assert.deepEqual(doubtAbout('ANTHROPIC_API_KEY', deepseek), { kind: 'another', keyName: 'DEEPSEEK_API_KEY' });
  });

  it('is doubted when it is nothing, or several words, or of no known form', () => {
    assert.deepEqual(doubtAbout('OPENAI_API_KEY', ' '), { kind: 'empty' });
    assert.deepEqual(doubtAbout('OPENAI_API_KEY', 'export OPENAI_API_KEY=sk-x'), { kind: 'blank_inside' });
    assert.deepEqual(doubtAbout('OPENAI_API_KEY', 'hunter2'), { kind: 'unusual' });
  });

  it('of a server of the person’s own is theirs to know', () => {
    assert.equal(doubtAbout('MY_SERVER_API_KEY', 'hunter2'), undefined);
  });
});
