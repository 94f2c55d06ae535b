import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Command } from 'commander';
import { LedgerAccount } from '../../core/engine/ledger';
import { toUsd } from '../../core/engine/money';
import { UnknownPrice } from '../../core/engine/pricing';
import { serverOf } from '../../core/teachers/create';
import { TeacherError } from '../../core/teachers/errors';
import { priceOf } from '../../core/teachers/prices';
import { DEFAULT_TIMEOUT_MS, type Server } from '../../core/teachers/server';
import { checkedBaseUrl, findProvider, parseTeacher } from '../../core/teachers/spec';
import { type TeacherRequest, teacherName } from '../../core/teachers/teacher';
import { chatTokenBound } from '../../core/teachers/tokens';
import { type TriedAnswer, tryModel } from '../../core/training/tryModel';
import { applyConfig } from '../config';
import type { CommandContext } from '../context';
import { addOutputFlags, type OutputFlags, runStep } from '../datasets/step';
import { type Environment, readEnvironment } from '../environment';
import { UsageError } from '../exit';
import { fraction, wholeNumber } from '../flags';
import { type Io, say } from '../io';
import { ledgerHome, monthlyCap } from '../ledger';
import { dollars, duration } from '../progress';

interface PromptFlags extends OutputFlags {
  readonly prompt?: string;
  readonly teacher?: string;
  readonly url?: string;
  readonly model?: string;
  readonly system?: string;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly stream?: boolean;
  readonly config?: string;
}

/** The `--json` of an answer. */
interface AskReport {
  readonly model: string;
  readonly text: string;
  readonly cut: boolean;
  readonly tokens: TriedAnswer['tokens'];
  readonly first_token_ms: number | null;
  readonly total_ms: number;
  readonly spend_usd: number;
}

/** `distillery ask`: one prompt to one model, to see what it says. */
export function configure(command: Command, context: CommandContext): void {
  addOutputFlags(command)
    .argument('[prompt]', 'what to ask')
    .option('--prompt <text>', 'the same, for a text that begins with a dash: --prompt=TEXT')
    .option('--teacher <provider/model>', 'who is asked: a provider with its key, or a declared server')
    .option('--url <base-url>', 'an OpenAI-compatible server, with --model; it gets no key')
    .option('--model <name>', 'with --url: the name that the server gives its model')
    .option('--system <text>', 'a system message')
    .option('--max-tokens <n>', 'the longest answer', wholeNumber({ min: 1, max: 100_000 }), 512)
    .option('--temperature <t>', '0 answers the same each time', fraction({ min: 0, max: 2 }), 0)
    .option('--stream', 'with --json: the answer as it grows, one JSON object a line, the result last')
    .option('--config <file>', 'YAML with providers, prices or any of these flags')
    .addHelpText('after', examples)
    .action(async (words: string | undefined, { config, prompt = words }: PromptFlags) => {
      if (prompt === undefined || prompt.trim() === '') throw new UsageError('Say what to ask: distillery ask "…".');
      const declared = config === undefined ? {} : await applyConfig(command, path.resolve(context.io.cwd, config));
      const given = command.opts<PromptFlags>();
      const environment = await readEnvironment(context.io, { ...given, config: declared });
      await runStep(
        context,
        given,
        (signal) => ask(prompt, given, environment, context.io, signal),
        () => '',
      );
    });
}

const examples = `
Examples:
  distillery ask "What pressure does the pump hold?" --url http://127.0.0.1:8000/v1 --model lora-handbook
  distillery ask "What pressure does the pump hold?" --teacher openai/gpt-6-luna
A job's own models are served by: distillery jobs serve JOB, and with --base the model that it was trained from.`;

async function ask(
  prompt: string,
  flags: PromptFlags,
  environment: Environment,
  io: Io,
  signal: AbortSignal,
): Promise<AskReport> {
  const server = serverFor(flags, environment);
  const request: TeacherRequest = {
    messages: [
      ...(flags.system ? [{ role: 'system', content: flags.system } as const] : []),
      { role: 'user', content: prompt },
    ],
    maxTokens: flags.maxTokens,
    temperature: flags.temperature,
  };
  let told = '';
  const tell = (text: string) => {
    if (flags.json && flags.stream) io.stdout.write(`${JSON.stringify({ text })}\n`);
    if (!flags.json) io.stdout.write(text.slice(told.length));
    told = text;
  };
  const { answer, usd } = await paid(server, request, environment, io, () => tryModel(server, request, signal, tell));
  if (!flags.quiet && !flags.json) say(io, `\n${measured(answer)} · ${dollars(usd)}`);
  const { text, cut, tokens, firstTokenMs, totalMs } = answer;
  return { model: server.model, text, cut, tokens, first_token_ms: firstTokenMs, total_ms: totalMs, spend_usd: usd };
}

function measured({ tokens, firstTokenMs, totalMs, cut }: TriedAnswer): string {
  const parts = [
    ...(tokens ? [`${tokens.output} tokens`] : []),
    ...(firstTokenMs === null ? [] : [`the first after ${duration(firstTokenMs)}`]),
    `${duration(totalMs)} in all`,
    ...(cut ? ['cut by --max-tokens'] : []),
  ];
  return parts.join(' · ');
}

/** The provider with its own key, or an address, which gets none. */
function serverFor({ teacher, url, model }: PromptFlags, environment: Environment): Server {
  if (teacher !== undefined && url === undefined) {
    const spec = parseTeacher(teacher);
    const provider = findProvider(spec.provider, environment.declared);
    if (provider.speaks !== 'openai')
      throw new UsageError(`${provider.label} does not speak OpenAI’s protocol: name a model behind one that does.`);
    return serverOf(provider, spec.model, environment);
  }
  if (url === undefined || model === undefined || teacher !== undefined)
    throw new UsageError('Say who is asked: --teacher PROVIDER/MODEL, or --url with --model.');
  const baseUrl = checkedBaseUrl(url, 'the server');
  return { provider: 'server', label: new URL(baseUrl).host, baseUrl, model, timeoutMs: DEFAULT_TIMEOUT_MS };
}

/** Asks under the cap of the month and writes what it cost into the ledger. A server without a key bills nobody. */
async function paid(
  server: Server,
  request: TeacherRequest,
  { prices }: Environment,
  io: Io,
  work: () => Promise<TriedAnswer>,
): Promise<{ answer: TriedAnswer; usd: number }> {
  const name = teacherName(server);
  const price = await priceOf(server.provider, server.model, prices);
  if (price === undefined && server.keyName === undefined) return { answer: await work(), usd: 0 };
  if (price === undefined) throw new UnknownPrice(name);
  const input = chatTokenBound(request, false);
  const most = price.worst(input, request.maxTokens);
  const account = await LedgerAccount.open(ledgerHome(io), { id: `ask-${randomUUID()}`, kind: 'ask' }, monthlyCap(io));
  try {
    if ((await account.extend(most)) < most)
      throw new UsageError('The cap of this month is spent: raise it, or wait for the next month.');
    const answer = await work();
    const { input: read, output } = answer.tokens ?? { input, output: request.maxTokens };
    const billed = price.billed({ input: read, cached: 0, cacheWrite: 0, output, reasoning: 0 }, new Date());
    await account.report(new Map([[name, billed]]));
    return { answer, usd: toUsd(billed) };
  } catch (error) {
    // What may have been billed counts as if it was.
    if (error instanceof TeacherError && error.details.maybeBilled) await account.report(new Map([[name, most]]));
    throw error;
  } finally {
    await account.close();
  }
}
