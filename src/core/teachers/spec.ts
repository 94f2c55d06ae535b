import { PROVIDERS, type DeclaredProvider, type Provider } from './providers';

/** `--teacher` names something that cannot be asked. The command line ends with code 2. */
export class TeacherSpecError extends Error {
  override readonly name = 'TeacherSpecError';
  constructor(
    readonly code: 'bad_teacher' | 'unknown_provider' | 'retired_model' | 'bad_provider',
    message: string,
  ) {
    super(message);
  }
}

export interface TeacherSpec {
  readonly provider: string;
  readonly model: string;
}

export const OFFLINE: TeacherSpec = { provider: 'offline', model: 'extractive' };

/**
 * `openai/gpt-6-luna`, `together/meta-llama/Llama-3.3-70B`, `offline`. The model is everything after the first slash.
 * @throws TeacherSpecError when it is not of this form, or names a model that is gone.
 */
export function parseTeacher(text: string): TeacherSpec {
  const trimmed = text.trim();
  if (trimmed === 'offline' || trimmed === 'offline/extractive') return OFFLINE;
  const [, provider, model] = /^([A-Za-z0-9][\w.-]*)\/(\S+)$/.exec(trimmed) ?? [];
  if (provider === undefined || model === undefined)
    throw new TeacherSpecError(
      'bad_teacher',
      `“${text}” is not a teacher. Write PROVIDER/MODEL, as in openai/gpt-6-luna or deepseek/deepseek-flash, or offline.`,
    );
  const notice = oldModelNotice({ provider, model });
  if (notice?.retired) throw new TeacherSpecError('retired_model', notice.sentence);
  return { provider, model };
}

/** Names that tutorials still use. `retired`: the provider answers no more; otherwise it works, and there is a better one. */
const OLD_MODELS: Readonly<Record<string, { readonly retired: boolean; readonly why: string; readonly now: string }>> =
  {
    'deepseek/deepseek-chat': old(true, 'stopped answering on 2026-07-24', 'deepseek/deepseek-flash'),
    'deepseek/deepseek-reasoner': old(true, 'stopped answering on 2026-07-24', 'deepseek/deepseek-v4-pro'),
    'deepseek/deepseek-r1': old(true, 'was never a name of DeepSeek’s own API', 'deepseek/deepseek-v4-pro'),
    'deepseek/deepseek-v4-flash': old(false, 'is an old name of the same model', 'deepseek/deepseek-flash'),
    'openai/gpt-4o-mini': old(false, 'is two generations old', 'openai/gpt-6-luna'),
    'openai/gpt-4o': old(false, 'is two generations old', 'openai/gpt-6.1-terra'),
    'openai/gpt-4-turbo': old(false, 'is three generations old', 'openai/gpt-6.1-terra'),
    'openai/gpt-3.5-turbo': old(false, 'is four generations old', 'openai/gpt-6-luna'),
    'anthropic/claude-3-5-sonnet-20241022': old(true, 'is retired', 'anthropic/claude-sonnet-5-5'),
    'anthropic/claude-3-5-sonnet-latest': old(true, 'is retired', 'anthropic/claude-sonnet-5-5'),
    'anthropic/claude-3-5-haiku-latest': old(true, 'is retired', 'anthropic/claude-haiku-5-5'),
    'anthropic/claude-3-opus-20240229': old(true, 'is retired', 'anthropic/claude-opus-5-5'),
    'anthropic/claude-sonnet-4-5': old(false, 'ends on 2026-11-30', 'anthropic/claude-sonnet-5-5'),
  };

function old(retired: boolean, why: string, now: string) {
  return { retired, why, now };
}

/** What to say of a model whose name is of another time; undefined for all others. */
export function oldModelNotice(
  spec: TeacherSpec,
): { readonly sentence: string; readonly retired: boolean; readonly instead: string } | undefined {
  const name = `${spec.provider}/${spec.model}`;
  const found = OLD_MODELS[name];
  if (!found) return undefined;
  return {
    sentence: `${name} ${found.why}. Use ${found.now} in its place.`,
    retired: found.retired,
    instead: found.now,
  };
}

/**
 * The provider of that name: built in, or declared in a config file or a machine-scoped setting.
 * @throws TeacherSpecError when nobody knows it, or when a declaration would send a key where it does not belong.
 */
export function findProvider(name: string, declared: Readonly<Record<string, DeclaredProvider>> = {}): Provider {
  const builtIn = PROVIDERS.find((provider) => provider.name === name);
  const own = declared[name];
  if (builtIn && own)
    throw new TeacherSpecError('bad_provider', `“${name}” is a built-in provider: declare yours under another name.`);
  if (builtIn) return builtIn;
  if (own) return declaredToProvider(name, own);
  const names = [...PROVIDERS.map((provider) => provider.name), ...Object.keys(declared)].join(', ');
  throw new TeacherSpecError(
    'unknown_provider',
    `No provider is called “${name}”. Known: ${names}, offline. Declare your own server with a base_url under ` +
      '"providers" in the file of --config or in the setting distillery.providers.',
  );
}

function declaredToProvider(name: string, own: DeclaredProvider): Provider {
  const baseUrl = checkedBaseUrl(own.base_url, name);
  if (own.key_env !== undefined) checkKeyName(name, own.key_env, baseUrl);
  return {
    name,
    label: name,
    speaks: own.speaks ?? 'openai',
    baseUrl,
    ...(own.key_env !== undefined && { keyName: own.key_env }),
  };
}

/** A declaration names its own key, and nobody else's that happens to be in the environment. */
function checkKeyName(name: string, keyName: string, baseUrl: string): void {
  const owner = PROVIDERS.find((provider) => provider.keyName === keyName);
  if (owner && new URL(owner.baseUrl).host === new URL(baseUrl).host) return;
  if (owner)
    throw new TeacherSpecError(
      'bad_provider',
      `Provider “${name}” asks for ${keyName}, which is ${owner.label}'s key and is never sent to another host. ` +
        'Give it a key of its own under another key_env.',
    );
  const prefix = `${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_`;
  if (!keyName.startsWith(prefix))
    throw new TeacherSpecError(
      'bad_provider',
      `Provider “${name}” asks for ${keyName}, which may be the key of something else. The key_env of a provider begins ` +
        `with its name: call the variable ${prefix}API_KEY.`,
    );
}

/** @throws TeacherSpecError for anything but a plain http(s) address. */
export function checkedBaseUrl(text: string, provider: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new TeacherSpecError('bad_provider', `The base URL of ${provider} is not an http(s) address.`);
  if (url.username || url.password || url.search || url.hash)
    throw new TeacherSpecError(
      'bad_provider',
      `The base URL of ${provider} must be a plain address: no user, password, query or fragment. Keys go into key_env.`,
    );
  return text.replace(/\/+$/, '');
}
