import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { main } from '../../src/cli/main';
import { runReport } from '../../src/core/records/run';
import { FAULTS } from '../simulator/options';
import type { Simulator } from '../simulator/server';
import { commandLine, Place } from './wire';

const key = 'sk-canary-5f3a9c77e1d24b08';
const secret = 'quartz-heron-4471-canary';
const document = [
  '# The pump house',
  `The pump house has two pumps of 40 bar. The recovery phrase of its controller is ${secret}, and only the warden knows it.`,
  `The warden changes the phrase ${secret} in spring. Each pump holds 12 litres of oil, which is changed every 500 hours.`,
  'The valves are closed by hand before a pump is opened. A pump that is opened under pressure loses its seal.',
].join('\n\n');
const handover = `${JSON.stringify({ keys: { OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key } })}\n`;

/** Where the words of a document belong: in itself, in the journal's replies, and in the rows that are made of them. */
const belongs = /^house\.md$|^run\/.*\.jsonl$|^run\/export\/.*train.*\.json$/;

describe('a key, and a secret in a document', function () {
  this.timeout(180_000);
  let place: Place;
  let simulator: Simulator;
  const arrivals = new EventEmitter();

  beforeEach(async () => {
    place = await Place.make();
    const faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0.06]));
    // Each of these ends a session.
    const rare = { unauthorized: 0.02, no_credit: 0.02 };
    const heard = (): void => void arrivals.emit('request');
    simulator = await place.simulate({ faults: { ...faults, ...rare }, retryAfter: 0.01, latencyMs: 30, heard });
    await writeFile(place.file('house.md'), document);
  });
  afterEach(async () => {
    await place.remove();
  });

  it('are in no file, log line, error, trace or crash dump where they do not belong', async () => {
    const collected: string[] = [];
    const collector = createServer((request, response) => {
      void text(request).then((body) => {
        collected.push(body);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const address = collector.address();
    assert.ok(typeof address === 'object' && address);
    const env = {
      ...simulator.env,
      DISTILLERY_HOME: place.file('home'),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
    };
    const said = [await dumpedAndKilled(env)];
    let status = '';
    for (let session = 0; status !== 'completed'; session += 1) {
      assert.ok(session < 60, said.at(-1));
      const { out, err } = await again(env);
      status = runReport.parse(JSON.parse(out)).status;
      said.push(out, err);
    }
    collector.closeAllConnections();
    collector.close();

    const prompts = simulator.requests.map(({ body }) => JSON.stringify(body));
    assert.ok(prompts.some((prompt) => prompt.includes(secret)) && collected.length > 0);
    for (const line of [...said, ...collected]) {
      assert.ok(!line.includes(key), `the key is in: ${line}`);
      assert.ok(!line.includes(secret), `the secret is in: ${line}`);
    }
    const files = await filesOf(place.folder);
    if (process.platform !== 'win32') assert.ok([...files.keys()].some((name) => name.startsWith('dumps/report.')));
    assert.ok(files.get('run/journal.jsonl')?.includes(secret), 'the replies have it, so the search would find it');
    for (const [name, content] of files) {
      assert.ok(!content.includes(key), `the key is in ${name}`);
      if (!belongs.test(name)) assert.ok(!content.includes(secret), `the secret is in ${name}`);
    }
    for (const line of (files.get('run/journal.jsonl') ?? '').split('\n').filter((one) => one.includes(secret)))
      assert.match(line, /^\{"type":"(?:reply|turn|done)"/, 'losses and errors quote no document');
  });

  const words = ['distill', 'house.md', '--out', 'run', '--json', '--keys-stdin', '--timeout', '1', '--yes'];
  const cast = ['--teacher', 'openai/gpt-6-luna', '--teacher', 'validator=anthropic/claude-haiku-5-5'];

  /** A process that is made to write a diagnostic report in the middle of its work, and is killed then. */
  async function dumpedAndKilled(env: Readonly<Record<string, string>>): Promise<string> {
    await mkdir(place.file('dumps'));
    const dumps = ['--report-on-signal', '--report-uncaught-exception', '--report-directory', place.file('dumps')];
    const child = spawn(process.execPath, [...dumps, ...commandLine, ...words, ...cast], {
      cwd: place.folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const printed = Promise.all([text(child.stdout), text(child.stderr)]);
    child.stdin.end(handover);
    const closed = once(child, 'close');
    await once(arrivals, 'request');
    if (process.platform !== 'win32') {
      const dumped = watch(place.file('dumps'));
      const written = once(dumped, 'change');
      child.kill('SIGUSR2');
      await Promise.race([written, closed]);
      dumped.close();
    }
    child.kill('SIGKILL');
    await closed;
    return (await printed).join('\n');
  }

  async function again(env: Readonly<Record<string, string>>): Promise<{ out: string; err: string }> {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const printed = Promise.all([text(stdout), text(stderr)]);
    const io = { stdout, stderr, stdin: Readable.from([handover]), env, cwd: place.folder };
    await main([...words, ...cast], io);
    stdout.end();
    stderr.end();
    const [out, err] = await printed;
    return { out, err };
  }
});

/** Every file below, by its path with `/`. */
async function filesOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const named = files.map(async (file): Promise<[string, string]> => [
    path.relative(folder, file).replaceAll(path.sep, '/'),
    await readFile(file, 'utf8'),
  ]);
  return new Map(await Promise.all(named));
}
