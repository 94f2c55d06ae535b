/** What both SDKs take as their `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Models on this machine are not behind the company's proxy, unless somebody says so. */
const LOCAL = 'localhost,127.0.0.1,::1';

let opened: Promise<Fetch> | undefined;

/**
 * A `fetch` for answers that take long: Node's own gives up after five minutes without headers or between two pieces of
 * a body, and knows no proxy. Ours has no timeouts of its own (every attempt has a deadline, see `deadline.ts`), goes
 * through HTTPS_PROXY and NO_PROXY, and keeps connections for the next request.
 */
export function patientFetch(): Promise<Fetch> {
  return (opened ??= openFetch(process.env));
}

/** As `patientFetch`, in an environment of its own. */
export async function openFetch(env: Readonly<Record<string, string | undefined>>): Promise<Fetch> {
  const undici = await import('undici');
  const options = { headersTimeout: 0, bodyTimeout: 0, connectTimeout: 15_000 };
  const httpProxy = env.HTTP_PROXY ?? env.http_proxy;
  const httpsProxy = env.HTTPS_PROXY ?? env.https_proxy;
  // Only where a proxy is set: undici warns on stderr that this agent is experimental.
  const dispatcher =
    httpProxy || httpsProxy
      ? new undici.EnvHttpProxyAgent({
          ...options,
          ...(httpProxy && { httpProxy }),
          ...(httpsProxy && { httpsProxy }),
          noProxy: env.NO_PROXY ?? env.no_proxy ?? LOCAL,
        })
      : new undici.Agent(options);
  const fetchThroughAgent = (input: string, init?: Parameters<typeof undici.fetch>[1]) =>
    undici.fetch(input, { ...init, dispatcher });
  if (!isFetch(fetchThroughAgent)) throw new TypeError('unreachable');
  return fetchThroughAgent;
}

/**
 * The same standard under two sets of types: undici's and the DOM's differ in what neither SDK touches (`bytes`,
 * `duplex`).
 */
function isFetch(value: unknown): value is Fetch {
  return typeof value === 'function';
}
