import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { main } from '../../src/cli/main';
import { type RunReport, runReport } from '../../src/core/records/run';
import type { SimulatorOptions } from '../simulator/options';
import { type Simulator, startSimulator } from '../simulator/server';

export const keys = { OPENAI_API_KEY: 'sk-a', DEEPSEEK_API_KEY: 'sk-b', ANTHROPIC_API_KEY: 'sk-c' };

const root = path.resolve(import.meta.dirname, '../..');

/** Node's arguments for the command line in a process of its own: the `tsx` command would stand between it and its signals. */
export const commandLine = [
  '--require',
  path.join(root, 'node_modules/tsx/dist/preflight.cjs'),
  '--import',
  pathToFileURL(path.join(root, 'node_modules/tsx/dist/loader.mjs')).href,
  path.join(root, 'src/cli/distillery.ts'),
];

/** The command line in this process, in a folder of its own, with a provider of its own for it to talk to. */
export class Place {
  env: Readonly<Record<string, string>> = {};
  #closeProvider: (() => Promise<void>) | undefined;

  private constructor(readonly folder: string) {}

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(path.join(os.tmpdir(), 'distillery-wire-')));
  }

  async remove(): Promise<void> {
    await this.#closeProvider?.();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Keys and addresses of a simulator, in place of the provider before it. */
  async simulate(options: SimulatorOptions = {}): Promise<Simulator> {
    await this.#closeProvider?.();
    const simulator = await startSimulator({ tokens: 'fast', ...options });
    this.#closeProvider = () => simulator.close();
    this.env = { ...this.env, ...keys, ...simulator.env };
    return simulator;
  }

  /** @returns what names the provider `own` on the command line, whose models say what the test wants, in place of the provider before it. */
  async script(says: Script): Promise<readonly string[]> {
    await this.#closeProvider?.();
    const scripted = await startScripted(says);
    this.#closeProvider = scripted.close;
    await writeFile(this.file('own.yaml'), scripted.config);
    return ['--config', 'own.yaml'];
  }

  file(...names: readonly string[]): string {
    return path.join(this.folder, ...names);
  }

  /** One row a line. */
  async given(name: string, rows: readonly unknown[]): Promise<string> {
    await writeFile(this.file(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return name;
  }

  async run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const printed = Promise.all([text(stdout), text(stderr)]);
    const env = { DISTILLERY_HOME: this.file('home'), ...this.env };
    const code = await main(words, { stdout, stderr, stdin: Readable.from(['']), env, cwd: this.folder });
    stdout.end();
    stderr.end();
    const [out, err] = await printed;
    return { code, out, err };
  }

  /** With `--json`: the report of a run. */
  async report(...words: readonly string[]): Promise<RunReport & { readonly said: string }> {
    const { code, out, err } = await this.run(...words, '--json');
    assert.ok(out.trim() !== '', err);
    const parsed = runReport.safeParse(JSON.parse(out));
    assert.ok(parsed.success, out + err);
    const { requested, ok, rejected, failed, unvalidated } = parsed.data.counts;
    assert.equal(requested, ok + rejected + failed + unvalidated, JSON.stringify(parsed.data.counts));
    // A run that its budget ended is done, and says so (spec page 6).
    assert.equal(code === 0, ['completed', 'budget_exhausted'].includes(parsed.data.status), `${code}: ${out}`);
    return { ...parsed.data, said: err };
  }

  async content(...names: readonly string[]): Promise<string> {
    return readFile(this.file(...names), 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
  }

  async rows<T>(schema: z.ZodType<T>, ...names: readonly string[]): Promise<T[]> {
    const lines = (await this.content(...names)).split('\n').filter((line) => line !== '');
    return lines.map((line) => schema.parse(JSON.parse(line)));
  }
}

/** Its rows as they are on disk, timestamps aside, by file: what a run with the same seed and replies gives again. */
export async function outputsOf(place: Place, run: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(place.file(run))).filter((name) => name.endsWith('.jsonl') && name !== 'journal.jsonl');
  const contents = await Promise.all(names.map(async (name) => [name, await place.content(run, name)] as const));
  return Object.fromEntries(
    contents.map(([name, content]) => [name, content.replace(/"timestamp":"[^"]*"/g, '"timestamp":""')]),
  );
}

const chatRequest = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

/** What a scripted model is asked, all messages in one text. */
export type Script = (asked: { readonly model: string; readonly text: string }) => string | { readonly status: number };

/** An OpenAI-compatible server whose models say what a test wants them to say. */
async function startScripted(script: Script) {
  const server = createServer((request, response) => {
    void (async () => {
      const { model, messages } = chatRequest.parse(await json(request));
      const said = script({ model, text: messages.map(({ content }) => content).join('\n\n') });
      const status = typeof said === 'string' ? 200 : said.status;
      const message = typeof said === 'string' ? { role: 'assistant', content: said } : undefined;
      const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
      const body = message
        ? {
            id: 'x',
            object: 'chat.completion',
            created: 0,
            model,
            choices: [{ index: 0, message, finish_reason: 'stop' }],
            usage,
          }
        : { error: { message: 'scripted', type: 'error' } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return {
    /** For `--config`: the provider `own`, a dollar per million tokens. */
    config: `providers:\n  own: { base_url: "http://127.0.0.1:${address.port}/v1", price: { input: 1, output: 1 }, structured: json_object }\n`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
