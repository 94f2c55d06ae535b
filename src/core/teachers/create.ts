import { AnthropicTeacher } from './anthropic';
import type { BatchTeacher } from './batch';
import { knownCapabilities, LearntCapabilities, type Capabilities } from './capabilities';
import { missingKey } from './failures';
import { keyOf, type KeySources } from './keys';
import { OpenAITeacher } from './openai';
import type { DeclaredProvider, Provider } from './providers';
import { DEFAULT_TIMEOUT_MS, deploymentOf, type Server } from './server';
import { checkedBaseUrl, findProvider, OFFLINE, TeacherSpecError, type TeacherSpec } from './spec';
import type { Teacher } from './teacher';
import { tokenCounter } from './tokens';
import type { EditorLink } from './vscode/link';
import { VSCODE } from './vscode/wire';

/** What teachers are made from. One context for all roles of a run: what is learnt of a deployment is shared. */
export interface TeacherContext {
  readonly keys: KeySources;
  /** The process's environment: base URLs. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Base URLs from machine-scoped settings, by provider; they win over the environment. Never from a workspace. */
  readonly baseUrls?: Readonly<Record<string, string>>;
  readonly declared?: Readonly<Record<string, DeclaredProvider>>;
  /** One attempt may take this long; default 10 minutes. */
  readonly timeoutMs?: number;
  /** The window that started the run, where one did: it answers for `vscode/…`. */
  readonly editor?: (() => EditorLink) | undefined;
  /** What deployments turned out to take. */
  readonly learnt?: Map<string, LearntCapabilities>;
}

/**
 * The teacher of this name, ready to be asked; nothing is sent yet.
 * @throws TeacherSpecError for an unknown provider or a bad base URL, TeacherError `wrong_key` when its key is missing.
 */
export async function createTeacher(spec: TeacherSpec, context: TeacherContext): Promise<Teacher> {
  if (spec.provider === OFFLINE.provider) {
    const { createOfflineTeacher } = await import('./offline/teacher');
    return createOfflineTeacher();
  }
  if (spec.provider === VSCODE) {
    const { editor } = context;
    if (!editor) throw onlyInEditor(spec);
    const { VsCodeTeacher } = await import('./vscode/teacher');
    return new VsCodeTeacher(spec.model, editor, context.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  }
  const provider = findProvider(spec.provider, context.declared);
  const server = serverOf(provider, spec.model, context);
  const capabilities = capabilitiesOf(server, context);
  if (provider.speaks === 'anthropic') return new AnthropicTeacher(server, { capabilities });
  const count = await tokenCounter(spec.provider, spec.model);
  return new OpenAITeacher(server, { capabilities, ...(count && { count }) });
}

/** The Batch API of this teacher's provider; undefined where it has none. Rejects as `createTeacher` does. */
export async function createBatchTeacher(
  spec: TeacherSpec,
  context: TeacherContext,
): Promise<BatchTeacher | undefined> {
  if (spec.provider !== 'openai' && spec.provider !== 'anthropic') return undefined;
  const server = serverOf(findProvider(spec.provider, context.declared), spec.model, context);
  const capabilities = capabilitiesOf(server, context);
  if (spec.provider === 'anthropic') {
    const { AnthropicBatchTeacher } = await import('./anthropic-batch');
    return new AnthropicBatchTeacher(server, capabilities);
  }
  const { OpenAIBatchTeacher } = await import('./openai-batch');
  return new OpenAIBatchTeacher(server, capabilities);
}

/** Where a model is asked, and with which key. */
export function serverOf(provider: Provider, model: string, context: TeacherContext): Server {
  const moved =
    context.baseUrls?.[provider.name] ?? (provider.baseUrlName ? context.env?.[provider.baseUrlName] : undefined);
  const key = keyOf(provider, context.keys);
  if (provider.keyName !== undefined && key === undefined) throw missingKey(provider);
  return {
    provider: provider.name,
    label: provider.label,
    model,
    baseUrl: checkedBaseUrl(moved?.trim() ? moved.trim() : provider.baseUrl, provider.name),
    timeoutMs: context.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(provider.keyName !== undefined && { keyName: provider.keyName }),
    ...(key !== undefined && { key }),
  };
}

function capabilitiesOf(server: Server, context: TeacherContext): LearntCapabilities {
  const deployment = deploymentOf(server);
  const learnt =
    context.learnt?.get(deployment) ??
    new LearntCapabilities({
      ...knownCapabilities(server.provider, server.model),
      ...declaredCapabilities(context.declared?.[server.provider]),
    });
  context.learnt?.set(deployment, learnt);
  return learnt;
}

function onlyInEditor({ provider, model }: TeacherSpec): TeacherSpecError {
  return new TeacherSpecError(
    'bad_teacher',
    `${provider}/${model} is a model of VS Code, which only a run that was started in VS Code can ask. ` +
      'Start or resume the run there, or name another teacher.',
  );
}

function declaredCapabilities(declared: DeclaredProvider | undefined): Partial<Capabilities> {
  if (!declared) return {};
  const { structured, enforces, temperature, logprobs } = declared;
  return {
    ...(structured !== undefined && { structured }),
    ...(enforces !== undefined && { enforces }),
    ...(temperature !== undefined && { temperature }),
    ...(logprobs !== undefined && { logprobs }),
  };
}
