import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Cli } from './cli';
import type { Handover } from './cli';
import { CliError, lastJson, resultOf } from './result';
import { z } from 'zod';

const key = 'sk-secret-of-this-test';
const handover: Handover = { keys: { OPENAI_API_KEY: key }, settings: { baseUrls: {}, prices: {}, providers: {} } };

/** A command line that tells what it was given, by stdin apart from arguments and environment. */
const teller = `
  const { readFileSync } = require('node:fs');
  const stdin = readFileSync(0, 'utf8');
  console.error('working');
  console.log(JSON.stringify({ args: process.argv.slice(2), env: process.env, stdin: JSON.parse(stdin), cwd: process.cwd() }));
`;

describe('the process of the command line', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'distillery-cli-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function bundle(source: string): Promise<string> {
    const file = path.join(folder, 'cli.js');
    await writeFile(file, source);
    return file;
  }

  const told = z.object({
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    stdin: z.unknown(),
    cwd: z.string(),
  });

  it('gets keys over stdin alone: neither its arguments nor its environment hold one', async () => {
    const environment = { PATH: process.env['PATH'], NODE_OPTIONS: '--inspect', VSCODE_PID: '1' };
    const cli = new Cli(await bundle(teller), () => environment);
    const result = await cli.run({ args: ['a b', '$(c)', '"d"'], cwd: folder, handover }, AbortSignal.timeout(10_000));
    const { args, env, stdin } = resultOf(result, told);
    assert.deepEqual(args, ['a b', '$(c)', '"d"', '--keys-stdin']);
    assert.deepEqual(stdin, handover);
    assert.ok(!JSON.stringify([args, env]).includes(key));
    assert.equal(env['NODE_OPTIONS'], undefined, 'the debugger of the extension host is not for the run');
    assert.equal(env['VSCODE_PID'], undefined);
  });

  it('of a run writes into its log, in which no key is, and reports its end', async () => {
    const log = path.join(folder, 'run.log');
    const cli = new Cli(
      await bundle(`require('node:fs').readFileSync(0); console.log('{"folder":"x"}'); process.exitCode = 3;`),
    );
    const { pid, ended } = await cli.start({ args: ['distill'], cwd: folder, handover }, log, (pipe) => pipe.resume());
    assert.ok(pid > 0);
    assert.equal(await ended, 3);
    const text = await readFile(log, 'utf8');
    assert.deepEqual(lastJson(text), { folder: 'x' });
    assert.ok(!text.includes(key));
  });

  it('of a run asks the window over a pipe of its own', async () => {
    const asks = `const { Socket } = require('node:net');
      const pipe = new Socket({ fd: 3 });
      pipe.once('data', (answer) => { process.exitCode = answer.length; pipe.destroy(); });
      pipe.write('seven?');`;
    const cli = new Cli(await bundle(asks));
    const questions: string[] = [];
    const { ended } = await cli.start({ args: [], cwd: folder, handover }, path.join(folder, 'asks.log'), (pipe) =>
      pipe.on('data', (question: Buffer) => {
        questions.push(question.toString());
        pipe.write('1234567');
      }),
    );
    assert.equal(await ended, 7);
    assert.deepEqual(questions, ['seven?']);
  });

  it('is heard line by line while it works, and whole at its end', async () => {
    const cli = new Cli(await bundle(`console.log('{"text":"a"}'); setInterval(() => {}, 1000)`));
    const end = new AbortController();
    const heard: string[] = [];
    const endless = cli.run({ args: [], cwd: folder, handover }, end.signal, (line) => {
      heard.push(line);
      end.abort();
    });
    await assert.rejects(endless, { name: 'AbortError' });
    assert.deepEqual(heard, ['{"text":"a"}']);
    const short = new Cli(await bundle(`console.log('1'); console.log('2')`));
    const { stdout } = await short.run({ args: [], cwd: folder, handover }, AbortSignal.timeout(10_000), () => {});
    assert.equal(stdout, '1\n2\n');
  });

  it('of an estimate ends when it is no longer wanted', async () => {
    const cli = new Cli(await bundle('setInterval(() => {}, 1000)'));
    const end = new AbortController();
    const running = cli.run({ args: [], cwd: folder, handover }, end.signal);
    end.abort();
    await assert.rejects(running, { name: 'AbortError' });
  });

  it('that ends before it reads its stdin is told by what it said', async () => {
    const cli = new Cli(await bundle(`console.log('{"error":{"code":"usage","message":"No."}}'); process.exit(2)`));
    const result = await cli.run({ args: [], cwd: folder, handover }, AbortSignal.timeout(10_000));
    assert.throws(
      () => resultOf(result, told),
      (error: unknown) => error instanceof CliError && error.code === 'usage' && error.message === 'No.',
    );
  });

  it('that dies without a word is told by its last lines', async () => {
    const cli = new Cli(await bundle(`throw new Error('broken bundle')`));
    const result = await cli.run({ args: [], cwd: folder, handover }, AbortSignal.timeout(10_000));
    assert.throws(() => resultOf(result, told), /broken bundle|Node\.js/u);
  });
});
