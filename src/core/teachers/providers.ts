import { z } from 'zod';

/** A provider that can be named in `--teacher`. */
export interface Provider {
  readonly name: string;
  /** For sentences. */
  readonly label: string;
  readonly speaks: 'openai' | 'anthropic';
  readonly baseUrl: string;
  /** The environment variable (and the SecretStorage entry) of its key; absent for servers without keys. */
  readonly keyName?: string;
  /** The environment variable that moves its base URL. */
  readonly baseUrlName?: string;
}

export const PROVIDERS: readonly Provider[] = [
  {
    name: 'openai',
    label: 'OpenAI',
    speaks: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    keyName: 'OPENAI_API_KEY',
    baseUrlName: 'OPENAI_BASE_URL',
  },
  {
    name: 'deepseek',
    label: 'DeepSeek',
    speaks: 'openai',
    baseUrl: 'https://api.deepseek.com',
    keyName: 'DEEPSEEK_API_KEY',
    baseUrlName: 'DEEPSEEK_BASE_URL',
  },
  {
    name: 'anthropic',
    label: 'Anthropic',
    speaks: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    keyName: 'ANTHROPIC_API_KEY',
    baseUrlName: 'ANTHROPIC_BASE_URL',
  },
  {
    name: 'together',
    label: 'Together',
    speaks: 'openai',
    baseUrl: 'https://api.together.xyz/v1',
    keyName: 'TOGETHER_API_KEY',
  },
  {
    name: 'openrouter',
    label: 'OpenRouter',
    speaks: 'openai',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyName: 'OPENROUTER_API_KEY',
  },
];

/** USD per million tokens, as a person declares them. */
export const declaredPrice = z.strictObject({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cached_input: z.number().nonnegative().optional(),
  cache_write: z.number().nonnegative().optional(),
  batch_factor: z.number().positive().max(1).optional(),
});
export type DeclaredPrice = z.infer<typeof declaredPrice>;

/** A server of one's own in a config file or a machine-scoped setting: `providers: { name: … }`. */
export const declaredProvider = z.strictObject({
  base_url: z.url(),
  speaks: z.enum(['openai', 'anthropic']).optional(),
  /** The environment variable of its key; a server without keys leaves it out. */
  key_env: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*_(?:API_)?KEY$/, 'must be a name like MY_SERVER_API_KEY')
    .optional(),
  price: declaredPrice.optional(),
  prices: z.record(z.string(), declaredPrice).optional(),
  structured: z.enum(['json_schema', 'json_object', 'prompt']).optional(),
  /** The server enforces schemas, so they need no description in the prompt. */
  enforces: z.boolean().optional(),
  temperature: z.boolean().optional(),
  logprobs: z.boolean().optional(),
});
export type DeclaredProvider = z.infer<typeof declaredProvider>;
