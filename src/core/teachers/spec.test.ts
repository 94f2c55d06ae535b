import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTeacher, type TeacherContext } from './create';
import { defaultTeacher } from './defaults';
import { keyOf, readDotEnv } from './keys';
import { declaredProvider } from './providers';
import { oldModelNotice, parseTeacher, TeacherSpecError } from './spec';

const environment = { OPENAI_API_KEY: 'sk-openai-key', DEEPSEEK_API_KEY: 'sk-deepseek-key' };

function create(name: string, context: Partial<TeacherContext> = {}) {
  return createTeacher(parseTeacher(name), { keys: { env: environment }, env: {}, ...context });
}

describe('the name of a teacher', () => {
  it('is a provider and a model, which may have slashes of its own, or offline', () => {
    assert.deepEqual(parseTeacher('openai/gpt-6-luna'), { provider: 'openai', model: 'gpt-6-luna' });
    assert.deepEqual(parseTeacher(' together/meta-llama/Llama-3.3-70B '), {
      provider: 'together',
      model: 'meta-llama/Llama-3.3-70B',
    });
    assert.equal(parseTeacher('offline').provider, 'offline');
  });

  it('is refused with an example when it is not', () => {
    for (const text of ['', 'gpt-6-luna', 'openai/', '/gpt', 'open ai/gpt', 'openai/gpt 6'])
      assert.throws(() => parseTeacher(text), { code: 'bad_teacher', message: /openai\/gpt-6-luna/ });
  });

  it('of a model that is gone says what to use in its place', () => {
    assert.throws(() => parseTeacher('deepseek/deepseek-chat'), {
      code: 'retired_model',
      message: /stopped answering on 2026-07-24.*deepseek\/deepseek-flash/,
    });
    assert.throws(() => parseTeacher('deepseek/deepseek-reasoner'), { message: /deepseek\/deepseek-v4-pro/ });
    assert.match(oldModelNotice(parseTeacher('openai/gpt-4o-mini'))?.sentence ?? '', /openai\/gpt-6-luna/);
    assert.equal(oldModelNotice(parseTeacher('openai/gpt-6-luna')), undefined);
  });

  it('with an unknown provider names the known ones', async () => {
    await assert.rejects(create('opanai/gpt-6-luna'), {
      code: 'unknown_provider',
      message: /openai, deepseek, anthropic/,
    });
  });
});

describe('a teacher', () => {
  it('without its key says which one, and where to set it', async () => {
    await assert.rejects(create('anthropic/claude-sonnet-5-5'), {
      name: 'TeacherError',
      code: 'wrong_key',
      message: /no API key for Anthropic.*Set API Key….*ANTHROPIC_API_KEY/,
    });
  });

  it('is deployed where settings say, else where the environment says, else at its provider', async () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1/' };
    assert.match((await create('openai/m')).deployment, /^openai@https:\/\/api\.openai\.com\/v1#m$/);
    assert.equal((await create('openai/m', { env })).deployment, 'openai@http://127.0.0.1:1/v1#m');
    const baseUrls = { openai: 'http://127.0.0.1:2/v1' };
    assert.equal((await create('openai/m', { env, baseUrls })).deployment, 'openai@http://127.0.0.1:2/v1#m');
  });

  it('refuses a base URL that is none, or that holds a secret', async () => {
    for (const url of [
      'localhost:1234',
      'file:///etc/passwd',
      'http://user:secret@host/v1',
      'http://host/v1?key=secret',
    ])
      await assert.rejects(create('openai/m', { env: { OPENAI_BASE_URL: url } }), (error) => {
        assert.ok(error instanceof TeacherSpecError && error.code === 'bad_provider');
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
  });
});

describe('a declared provider', () => {
  const local = { base_url: 'http://localhost:11434/v1' };

  it('needs no key, and is asked under its own name', async () => {
    const teacher = await create('ollama/qwen3:8b', { declared: { ollama: local } });
    assert.equal(teacher.deployment, 'ollama@http://localhost:11434/v1#qwen3:8b');
  });

  it('uses the key that it names', async () => {
    const declared = { mine: { ...local, key_env: 'MINE_API_KEY' } };
    await assert.rejects(create('mine/m', { declared }), { code: 'wrong_key', message: /MINE_API_KEY/ });
    await create('mine/m', { declared, keys: { env: { MINE_API_KEY: 'k' } } });
  });

  it('never gets the key of another host', async () => {
    const declared = { evil: { base_url: 'https://evil.example/v1', key_env: 'OPENAI_API_KEY' } };
    await assert.rejects(create('evil/m', { declared }), {
      code: 'bad_provider',
      message: /never sent to another host/,
    });
    const again = { mine: { base_url: 'https://api.openai.com/v1', key_env: 'OPENAI_API_KEY' } };
    assert.equal((await create('mine/m', { declared: again })).provider, 'mine');
  });

  it('never gets a key that is not named after it', async () => {
    for (const key_env of ['VAST_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'STRIPE_SECRET_KEY', 'MINEFIELD_KEY']) {
      const declared = { mine: { ...local, key_env } };
      await assert.rejects(create('mine/m', { declared, keys: { env: { [key_env]: 'secret' } } }), {
        code: 'bad_provider',
        message: /call the variable MINE_API_KEY/,
      });
    }
    for (const [name, key_env] of [
      ['my-server', 'MY_SERVER_API_KEY'],
      ['llama.cpp', 'LLAMA_CPP_KEY'],
      ['Mine', 'MINE_PROD_API_KEY'],
    ] as const) {
      await create(`${name}/m`, { declared: { [name]: { ...local, key_env } }, keys: { env: { [key_env]: 'k' } } });
    }
  });

  it('cannot take the place of a built-in one, nor name a variable that is no key', async () => {
    await assert.rejects(create('openai/m', { declared: { openai: local } }), { code: 'bad_provider' });
    assert.equal(declaredProvider.safeParse({ ...local, key_env: 'AWS_SECRET' }).success, false);
    assert.equal(declaredProvider.safeParse({ ...local, key_env: 'HOME' }).success, false);
  });
});

describe('keys', () => {
  const openai = { keyName: 'OPENAI_API_KEY' };

  it('come from SecretStorage, then the environment, then a trusted .env', () => {
    const sources = {
      given: { OPENAI_API_KEY: 'given' },
      env: { OPENAI_API_KEY: 'env' },
      dotEnv: { OPENAI_API_KEY: 'dotenv' },
    };
    assert.equal(keyOf(openai, sources), 'given');
    assert.equal(keyOf(openai, { ...sources, given: { OPENAI_API_KEY: ' ' } }), 'env');
    assert.equal(keyOf(openai, { dotEnv: sources.dotEnv }), 'dotenv');
    assert.equal(keyOf(openai, {}), undefined);
  });

  it('are all that is read of a .env', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keys-'));
    try {
      assert.deepEqual(await readDotEnv(folder), {});
      await writeFile(
        join(folder, '.env'),
        '# mine\nexport OPENAI_API_KEY="sk-a b"\r\nOPENAI_BASE_URL=http://evil\nNODE_OPTIONS=--inspect\nHF_TOKEN=hf_x\n',
      );
      assert.deepEqual(await readDotEnv(folder), { OPENAI_API_KEY: 'sk-a b', HF_TOKEN: 'hf_x' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the default teacher of a role', () => {
  const name = (role: 'generator' | 'formatter' | 'validator', env: Record<string, string>) => {
    const { spec, notice } = defaultTeacher(role, { env });
    return [`${spec.provider}/${spec.model}`, notice] as const;
  };
  const all = { ...environment, ANTHROPIC_API_KEY: 'k' };

  it('is the first choice where all keys are there, and nothing is said', () => {
    assert.deepEqual(name('generator', all), ['deepseek/deepseek-flash', undefined]);
    assert.deepEqual(name('formatter', all), ['openai/gpt-6-luna', undefined]);
    assert.deepEqual(name('validator', all), ['anthropic/claude-sonnet-5-5', undefined]);
  });

  it('is the best of those whose keys are there, and says which key is missing', () => {
    const [validator, notice] = name('validator', environment);
    assert.equal(validator, 'openai/gpt-6.1-terra');
    assert.match(notice ?? '', /ANTHROPIC_API_KEY/);
    assert.equal(name('generator', { ANTHROPIC_API_KEY: 'k' })[0], 'anthropic/claude-haiku-5-5');
  });

  it('is offline without any key, and a line says so', () => {
    const [generator, notice] = name('generator', {});
    assert.match(generator, /^offline\//);
    assert.match(notice ?? '', /No API key was found, so the offline teacher answers/);
  });
});
