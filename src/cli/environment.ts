import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { EditorLink } from '../core/teachers/vscode/link';
import { type KeySources, readDotEnv } from '../core/teachers/keys';
import { declaredPrices, type PriceOverrides } from '../core/teachers/prices';
import { declaredPrice, type DeclaredProvider, declaredProvider } from '../core/teachers/providers';
import type { ConfigEnvironment } from './config';
import { UsageError } from './exit';
import type { Io } from './io';

/** Keys, servers and prices: what a run needs besides its flags, and what is in no manifest. */
export interface Environment {
  readonly keys: KeySources;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly baseUrls: Readonly<Record<string, string>>;
  readonly declared: Readonly<Record<string, DeclaredProvider>>;
  readonly prices: PriceOverrides;
  /** The window that started this process, to be asked for models of VS Code. */
  readonly editor?: (() => EditorLink) | undefined;
}

/** What the editor hands over: one line of JSON on stdin, so that keys are in no argument and no file. */
const handover = z.object({
  keys: z.record(z.string(), z.string()).default({}),
  /** Models of VS Code can be asked over a pipe of their own. */
  models: z.boolean().default(false),
  settings: z
    .object({
      baseUrls: z.record(z.string(), z.string()).default({}),
      prices: z.record(z.string(), z.unknown()).default({}),
      providers: z.record(z.string(), z.unknown()).default({}),
    })
    .default({ baseUrls: {}, prices: {}, providers: {} }),
});
type Handover = z.infer<typeof handover>;

/**
 * Keys from the editor, then the environment, then `.env` of the current folder (names of keys only); servers and prices
 * from the editor's machine-scoped settings and from the config file, which wins.
 */
export async function readEnvironment(
  io: Io,
  options: { readonly keysStdin?: boolean; readonly config?: ConfigEnvironment },
): Promise<Environment> {
  const given = options.keysStdin ? await readHandover(io) : handover.parse({});
  const declared = parseEach(
    { ...given.settings.providers, ...options.config?.providers },
    declaredProvider,
    'providers',
  );
  const prices = parseEach({ ...given.settings.prices, ...options.config?.prices }, declaredPrice, 'prices');
  return {
    keys: { given: given.keys, env: io.env, dotEnv: await readDotEnv(io.cwd) },
    env: io.env,
    baseUrls: given.settings.baseUrls,
    declared,
    prices: { ...declaredPrices(declared), ...prices },
    ...(given.models && io.editorPipe && { editor: editorLink(io.editorPipe) }),
  };
}

/** One for all runs of this process, as a plan has several: answers are told apart by the numbers of one link. */
const links = new WeakMap<() => Duplex, EditorLink>();

/** Opened at the first request: an estimate asks nobody. */
function editorLink(pipe: () => Duplex): () => EditorLink {
  return () => {
    const link = links.get(pipe) ?? new EditorLink(pipe());
    links.set(pipe, link);
    return link;
  };
}

async function readHandover(io: Io): Promise<Handover> {
  const lines = createInterface({ input: io.stdin, crlfDelay: Infinity });
  try {
    for await (const line of lines) return parseHandover(line);
  } finally {
    lines.close();
  }
  throw new UsageError('--keys-stdin was given, but stdin ended before a line of JSON came.');
}

/** The line is never quoted in the message: it holds keys. */
function parseHandover(line: string): Handover {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UsageError('--keys-stdin: the first line of stdin is not JSON.');
  }
  const parsed = handover.safeParse(value);
  if (!parsed.success)
    throw new UsageError('--keys-stdin: the first line of stdin is not {"keys":{…},"settings":{…}}.');
  return parsed.data;
}

function faults({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
}

function parseEach<T>(values: Readonly<Record<string, unknown>>, shape: z.ZodType<T>, what: string): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const parsed = shape.safeParse(value);
      if (parsed.success) return [name, parsed.data];
      throw new UsageError(`${what}.${name}: ${faults(parsed.error)}`);
    }),
  );
}
