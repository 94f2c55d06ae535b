import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as hubTypes from '@huggingface/hub';
import { DatasetError } from './errors';

export interface PushRequest {
  /** `organisation/name` or `person/name`. */
  readonly repo: string;
  /** Files of the dataset; each goes to the top of the repository under its own name. */
  readonly files: readonly string[];
  /** The dataset card, whatever its local name: goes to `README.md`, unless the repository has a card already. */
  readonly card?: string;
  /** For a new repository; an existing one stays what it is. Default true. */
  readonly private?: boolean;
  /** A write token; begins with `hf_`. */
  readonly accessToken: string;
  /** Default https://huggingface.co. */
  readonly hubUrl?: string;
  readonly signal?: AbortSignal;
  readonly onFile?: (event: { readonly file: string; readonly state: 'uploaded' | 'unchanged' }) => void;
}

export interface PushResult {
  readonly url: string;
  readonly created: boolean;
  readonly uploaded: readonly string[];
  /** There already with the same content: what an interrupted push had done is not done again. */
  readonly unchanged: readonly string[];
  readonly cardKept: boolean;
}

/**
 * Pushes a dataset to the Hugging Face Hub, a commit a file, so that an interrupted push continues where it stopped.
 * @throws {DatasetError} `refused` with what to do
 */
export async function pushDataset(request: PushRequest): Promise<PushResult> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(request.repo)) {
    throw new DatasetError('wrong_usage', `${request.repo} is no repository: write ORGANISATION/NAME.`);
  }
  const hub = await import('@huggingface/hub');
  const access = {
    repo: { type: 'dataset' as const, name: request.repo },
    accessToken: request.accessToken,
    ...(request.hubUrl === undefined ? {} : { hubUrl: request.hubUrl }),
  };
  try {
    const created = await createUnlessThere(hub, access, request);
    const there = await filesOf(hub, access);
    const uploaded: string[] = [];
    const unchanged: string[] = [];
    const cardKept = request.card !== undefined && there.has('README.md') && !created;
    const card = request.card === undefined || cardKept ? [] : [{ path: 'README.md', file: request.card }];
    for (const { path, file } of [...request.files.map((file) => ({ path: basename(file), file })), ...card]) {
      request.signal?.throwIfAborted();
      const same = await isSame(file, there.get(path));
      if (!same) {
        await hub.uploadFile({
          ...access,
          file: { path, content: pathToFileURL(file) },
          commitTitle: `Distillery: ${path}`,
          useXet: false,
          ...(request.signal ? { abortSignal: request.signal } : {}),
        });
      }
      (same ? unchanged : uploaded).push(path);
      request.onFile?.({ file: path, state: same ? 'unchanged' : 'uploaded' });
    }
    const url = `${request.hubUrl ?? 'https://huggingface.co'}/datasets/${request.repo}`;
    return { url, created, uploaded, unchanged, cardKept };
  } catch (error) {
    request.signal?.throwIfAborted();
    throw refusal(error, request.repo);
  }
}

/** Loaded when something is pushed: the library is large. */
type Hub = typeof hubTypes;
interface Access {
  readonly repo: { readonly type: 'dataset'; readonly name: string };
  readonly accessToken: string;
  readonly hubUrl?: string;
}

async function createUnlessThere(hub: Hub, access: Access, request: PushRequest): Promise<boolean> {
  if (await hub.repoExists(access)) return false;
  try {
    await hub.createRepo({ ...access, visibility: (request.private ?? true) ? 'private' : 'public' });
    return true;
  } catch (error) {
    // Somebody was faster, or the token may not look but may write.
    if (error instanceof hub.HubApiError && error.statusCode === 409) return false;
    throw error;
  }
}

interface Stored {
  readonly size: number;
  /** SHA-256 of the content of large files, else git's SHA-1 of the blob. */
  readonly lfs: string | undefined;
  readonly oid: string;
}

async function filesOf(hub: Hub, access: Access): Promise<Map<string, Stored>> {
  const files = new Map<string, Stored>();
  for await (const entry of hub.listFiles({ ...access, recursive: true })) {
    if (entry.type === 'file') files.set(entry.path, { size: entry.size, lfs: entry.lfs?.oid, oid: entry.oid ?? '' });
  }
  return files;
}

async function isSame(file: string, stored: Stored | undefined): Promise<boolean> {
  const { size } = await stat(file);
  if (stored?.size !== size) return false;
  if (stored.lfs !== undefined) return (await digest('sha256', file)) === stored.lfs;
  return (await digest('sha1', file, `blob ${size}\0`)) === stored.oid;
}

/** Of a file's content, after `head`, in hexadecimal digits. */
export async function digest(algorithm: 'sha1' | 'sha256', file: string, head = ''): Promise<string> {
  const hash = createHash(algorithm).update(head);
  for await (const block of createReadStream(file)) if (Buffer.isBuffer(block)) hash.update(block);
  return hash.digest('hex');
}

function refusal(error: unknown, repo: string): unknown {
  if (error instanceof DatasetError || !(error instanceof Error)) return error;
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
  if (status === undefined) {
    if (error instanceof TypeError && /token/i.test(error.message)) {
      return new DatasetError(
        'refused',
        'This is no Hugging Face token: it begins with hf_. Make one with write access in your settings there.',
      );
    }
    return new DatasetError(
      'refused',
      `The Hugging Face Hub was not reached: ${error.message}. The same command continues.`,
    );
  }
  if (status === 401)
    return new DatasetError('refused', 'Hugging Face does not know the token. Make a new one with write access.');
  if (status === 403)
    return new DatasetError('refused', `The token may not write to ${repo}. It needs write access to it.`);
  return new DatasetError(
    'refused',
    `Hugging Face refused ${repo} (${status}): ${error.message}. The same command continues.`,
  );
}
