/** What both SDKs take as their `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Models on this machine are not behind the company's proxy, unless somebody says so. */
const LOCAL = 'localhost,127.0.0.1,::1';

let opened: Promise<Fetch> | undefined;

/**
 * A `fetch` for answers that take long: Node's own gives up after five minutes without headers or between two pieces of
 * a body, and knows no proxy. Ours has no timeouts of its own (every attempt has a deadline, see `deadline.ts`), goes
 * through HTTPS_PROXY and NO_PROXY, and keeps connections for the next request. A question goes out without the streams
 * of `fetch`, which cost a third of its processor time, and follows no redirect: it must not carry the key to another host.
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
  const whole = (input: string, init?: Parameters<typeof undici.fetch>[1]) =>
    undici.fetch(input, { ...init, dispatcher });
  if (!isFetch(whole)) throw new TypeError('unreachable');
  const fetchWhole: Fetch = whole;
  return async (input, init = {}) => {
    const { method, headers, body, signal } = init;
    // Files, and whatever else is no question to a model.
    if (method !== 'POST' || typeof input !== 'string' || typeof body !== 'string') return fetchWhole(input, init);
    const answer = await undici.request(input, {
      method,
      headers: { ...Object.fromEntries(new Headers(headers)), 'accept-encoding': 'identity' },
      body,
      signal: signal ?? null,
      dispatcher,
    });
    const text = await answer.body.text();
    return new Response(text === '' ? null : text, { status: answer.statusCode, headers: several(answer.headers) });
  };
}

function several(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const all = new Headers();
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values ?? []].flat()) all.append(name, value);
  }
  return all;
}

/**
 * The same standard under two sets of types: undici's and the DOM's differ in what neither SDK touches (`bytes`,
 * `duplex`).
 */
function isFetch(value: unknown): value is Fetch {
  return typeof value === 'function';
}
