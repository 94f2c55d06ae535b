import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Simulator, startSimulator } from '../simulator/server';
import { commandLine, keys, Place } from './wire';

const handbook = path.resolve(import.meta.dirname, '../../examples/handbook.md');
const work = ['distill', handbook, '--out', 'run', '--max-examples', '4', '--teacher', 'anthropic/claude-haiku-5-5'];

/** As much of OTLP over HTTP as is looked at here. */
const value = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
  boolValue: z.boolean().optional(),
});
const span = z.object({
  name: z.string(),
  parentSpanId: z.string().optional(),
  spanId: z.string(),
  attributes: z.array(z.object({ key: z.string(), value })),
});
const traces = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(span) })) })),
});

/** Loaded first of all: says on stderr which modules of OpenTelemetry a process asks for, however it does. */
const witness = `
const Module = require('node:module');
const say = (name) => name.includes('@opentelemetry') && require('node:fs').writeSync(2, 'asks for ' + name + '\\n');
const load = Module._load;
Module._load = function (name, ...rest) { say(name); return load.call(this, name, ...rest); };
Module.register('data:text/javascript,' + encodeURIComponent(\`
import { writeSync } from 'node:fs';
export async function resolve(name, context, next) {
  if (name.includes('@opentelemetry')) writeSync(2, 'asks for ' + name + '\\\\n');
  return next(name, context);
}\`));
`;

describe('tracing', function () {
  this.timeout(60_000);
  let place: Place;
  let simulator: Simulator;
  let collector: Server;
  let received: unknown[];
  let endpoint: string;

  beforeEach(async () => {
    place = await Place.make();
    simulator = await startSimulator({ tokens: 'fast', faults: { server_error: 0.2 } });
    received = [];
    collector = createServer((request, response) => {
      void json(request).then((body) => {
        received.push({ url: request.url, body });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const address = collector.address();
    assert.ok(typeof address === 'object' && address);
    endpoint = `http://127.0.0.1:${address.port}`;
  });
  afterEach(async () => {
    await simulator.close();
    collector.closeAllConnections();
    collector.close();
    await place.remove();
  });

  const spans = (): z.infer<typeof span>[] =>
    received
      .map((one) => z.object({ url: z.literal('/v1/traces'), body: traces }).parse(one))
      .flatMap(({ body }) => body.resourceSpans.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans)));

  it('sends a span a request to the collector, without the document’s text', async () => {
    place.env = { ...keys, ...simulator.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    const report = await place.report(...work);
    assert.equal(report.status, 'completed');
    const whole = spans().filter(({ name }) => name === 'distillery.run');
    const chats = spans().filter(({ name }) => name === 'chat claude-haiku-5-5');
    assert.equal(whole.length, 1);
    assert.equal(chats.length, report.requests, 'failed attempts too');
    assert.ok(chats.every(({ parentSpanId }) => parentSpanId === whole[0]?.spanId));
    const told = (key: string) => chats.flatMap(({ attributes }) => attributes.find((one) => one.key === key) ?? []);
    assert.ok(told('gen_ai.provider.name').every((one) => one.value.stringValue === 'anthropic'));
    assert.ok(told('error.type').every((one) => one.value.stringValue === 'overloaded'));
    assert.ok(told('error.type').length > 0);
    const output = told('gen_ai.usage.output_tokens').reduce((sum, one) => sum + Number(one.value.intValue), 0);
    assert.equal(output, report.tokens.output);
    assert.ok(!JSON.stringify(received).includes('<document>'));
  });

  it('sends the text where it is asked for', async () => {
    const asked = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' };
    place.env = { ...keys, ...simulator.env, ...asked, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    await place.report(...work);
    assert.ok(JSON.stringify(received).includes('<document>'));
  });

  it('sends nothing unasked, and a collector that is away ruins nothing', async () => {
    place.env = { ...keys, ...simulator.env };
    assert.equal((await place.report(...work)).status, 'completed');
    assert.equal(received.length, 0);
    place.env = { ...place.env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
    const away = await place.report(...work, '--seed', '7', '--out', 'other');
    assert.equal(away.status, 'completed');
    assert.match(away.said, /traces did not reach http:\/\/127\.0\.0\.1:9\/v1\/traces/);
  });

  it('is not even loaded where no collector is named', async () => {
    await writeFile(place.file('witness.cjs'), witness);
    const asksFor = async (out: string, env: Readonly<Record<string, string>>): Promise<boolean> => {
      const words = ['--require', place.file('witness.cjs'), ...commandLine, 'distill', handbook, '--out', out];
      const { stderr } = await promisify(execFile)(process.execPath, [...words, '--max-examples', '4'], {
        cwd: place.folder,
        env: { PATH: process.env['PATH'], DISTILLERY_HOME: place.file('home'), ...env },
      });
      return stderr.includes('asks for @opentelemetry');
    };
    assert.equal(await asksFor('traced', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), true);
    assert.equal(await asksFor('untraced', {}), false);
  });
});
