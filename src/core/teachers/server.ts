/** Whom a teacher talks to, as far as errors and deployments need to know. */
export interface Server {
  /** `openai`, `deepseek`, `anthropic`, a declared name. */
  readonly provider: string;
  /** For sentences: `OpenAI`, `DeepSeek`. */
  readonly label: string;
  readonly baseUrl: string;
  /** The environment variable of its key; absent where a server takes none. */
  readonly keyName?: string;
  readonly key?: string;
  readonly model: string;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
}

/** Ten minutes: a thinking model under load takes several. */
export const DEFAULT_TIMEOUT_MS = 600_000;

/** Requests with the same deployment share one limiter. */
export function deploymentOf(server: Pick<Server, 'provider' | 'baseUrl' | 'model'>): string {
  return `${server.provider}@${server.baseUrl.replace(/\/+$/, '')}#${server.model}`;
}
