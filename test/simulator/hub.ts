import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/**
 * The Hugging Face Hub on the wire, as far as pushing datasets goes: create, look, list, preupload, LFS, commit. Written
 * after captures of `@huggingface/hub` (facts/apis.md 2.6), so that the official client itself is what is tested.
 */
export interface HubSimulator {
  readonly url: string;
  readonly repos: Map<string, HubRepo>;
  /** Every request as `METHOD path`. */
  readonly requests: string[];
  /** Answers the next request whose `METHOD path` holds `part` with a status instead. */
  failOnce(part: string, status: number): void;
  close(): Promise<void>;
}

export interface HubRepo {
  readonly visibility: string;
  readonly files: Map<string, { readonly content: Buffer; readonly lfs: boolean }>;
  readonly commits: string[];
}

const TOKEN = 'hf_simulator';
/** The Hub decides by size and by name; here small enough for a test. */
const LFS_FROM = 100_000;

export async function startHub(): Promise<HubSimulator> {
  const repos = new Map<string, HubRepo>();
  const blobs = new Map<string, Buffer>();
  const requests: string[] = [];
  const failures: { part: string; status: number }[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => reply(response, 500, { error: String(error) }));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<undefined> {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? '/', 'http://hub');
    const path = url.pathname;
    requests.push(`${request.method ?? ''} ${path}`);
    const failure = failures.findIndex(({ part }) => `${request.method ?? ''} ${path}`.includes(part));
    if (failure >= 0) {
      reply(response, failures.splice(failure, 1)[0]?.status ?? 500, { error: 'simulated' });
      return;
    }
    if (path.startsWith('/lfs/')) {
      blobs.set(path.slice('/lfs/'.length), body);
      reply(response, 200, {});
      return;
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      reply(response, 401, { error: 'Invalid credentials' });
      return;
    }
    if (path === '/api/repos/create') {
      create(body, response);
      return;
    }
    const [, repo = '', rest = ''] = /^\/(?:api\/)?datasets\/([^/]+\/[^/]+?)(?:\.git)?(\/.*)?$/.exec(path) ?? [];
    const found = repos.get(repo);
    if (!found) {
      reply(response, 404, { error: 'Repository not found' });
      return;
    }
    if (rest === '') {
      reply(response, 200, { id: repo, likes: 0 });
      return;
    }
    if (rest.startsWith('/tree/')) {
      reply(response, 200, tree(found));
      return;
    }
    if (rest.startsWith('/preupload/')) {
      reply(response, 200, preupload(body));
      return;
    }
    if (rest === '/info/lfs/objects/batch') {
      reply(response, 200, batch(body));
      return;
    }
    if (rest.startsWith('/commit/')) {
      commit(found, body, response);
      return;
    }
    reply(response, 404, { error: `Unknown route ${path}` });
  }

  function create(body: Buffer, response: ServerResponse): undefined {
    const wanted = z
      .object({ name: z.string(), organization: z.string(), visibility: z.string(), type: z.literal('dataset') })
      .parse(JSON.parse(body.toString('utf8')));
    const id = `${wanted.organization}/${wanted.name}`;
    if (wanted.organization === 'forbidden') {
      reply(response, 403, { error: 'You don’t have the rights' });
      return;
    }
    if (repos.has(id)) {
      reply(response, 409, { error: 'You already created this dataset repo' });
      return;
    }
    repos.set(id, { visibility: wanted.visibility, files: new Map(), commits: [] });
    reply(response, 200, { url: `${address()}/datasets/${id}`, id });
  }

  function batch(body: Buffer): object {
    const { objects } = z
      .object({ objects: z.array(z.object({ oid: z.string(), size: z.number() })) })
      .parse(JSON.parse(body.toString('utf8')));
    return {
      transfer: 'basic',
      objects: objects.map(({ oid, size }) => ({
        oid,
        size,
        ...(blobs.has(oid) ? {} : { actions: { upload: { href: `${address()}/lfs/${oid}` } } }),
      })),
    };
  }

  function commit(repo: HubRepo, body: Buffer, response: ServerResponse): undefined {
    const lines = body.toString('utf8').trim().split('\n');
    for (const line of lines) {
      const { key, value } = z
        .object({ key: z.string(), value: z.record(z.string(), z.unknown()) })
        .parse(JSON.parse(line));
      if (key === 'header') repo.commits.push(String(value['summary']));
      if (key === 'file') {
        repo.files.set(String(value['path']), { content: Buffer.from(String(value['content']), 'base64'), lfs: false });
      }
      if (key === 'lfsFile') {
        const content = blobs.get(String(value['oid']));
        if (!content) {
          reply(response, 400, { error: 'LFS object was not uploaded' });
          return;
        }
        repo.files.set(String(value['path']), { content, lfs: true });
      }
    }
    const commitOid = createHash('sha1').update(String(repo.commits.length)).digest('hex');
    reply(response, 200, {
      success: true,
      commitOid,
      commitUrl: `${address()}/commit/${commitOid}`,
      hookOutput: '',
    });
  }

  function address(): string {
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: address(),
    repos,
    requests,
    failOnce: (part, status) => failures.push({ part, status }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function tree(repo: HubRepo): object[] {
  return [...repo.files].map(([path, { content, lfs }]) => ({
    type: 'file',
    path,
    size: content.length,
    oid: createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex'),
    ...(lfs
      ? { lfs: { oid: createHash('sha256').update(content).digest('hex'), size: content.length, pointerSize: 130 } }
      : {}),
  }));
}

function preupload(body: Buffer): object {
  const { files } = z
    .object({ files: z.array(z.object({ path: z.string(), size: z.number(), sample: z.string() })) })
    .parse(JSON.parse(body.toString('utf8')));
  return {
    files: files.map(({ path, size }) => ({
      path,
      uploadMode: size >= LFS_FROM || path.endsWith('.parquet') ? 'lfs' : 'regular',
      shouldIgnore: false,
    })),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

function reply(response: ServerResponse, status: number, body: object): undefined {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
