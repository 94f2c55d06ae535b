import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RootWatch } from './rootWatch';
import { runFoldersIn } from './run';

/** What a watch told, to be waited for. */
class Told {
  readonly folders = new Set<string>();
  #wake: () => void = () => undefined;

  note(folder: string): void {
    this.folders.add(folder);
    this.#wake();
  }

  async of(folder: string): Promise<void> {
    while (!this.folders.has(folder)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

describe('the watch of a root', () => {
  let root: string;
  let told: Told;
  let watch: RootWatch;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'distillery-root-'));
    told = new Told();
    const appeared = () => {
      watch.attach();
      void runFoldersIn(root).then((folders) => {
        for (const folder of folders) {
          watch.follow(folder);
          told.note(folder);
        }
      });
    };
    const failed = (error: Error) => assert.fail(error);
    watch = new RootWatch(root, { changed: (folder) => told.note(folder), appeared, failed });
    watch.attach();
  });
  afterEach(async () => {
    watch.dispose();
    await rm(root, { recursive: true, force: true });
  });

  const folder = (name: string) => path.join(root, 'distillery', name);

  it('tells of the first run of a folder, made and filled at once', async () => {
    await mkdir(folder('first'), { recursive: true });
    await writeFile(path.join(folder('first'), 'run.json'), '{}');
    await told.of(folder('first'));
  });

  it('tells of a manifest that is replaced, and not of the journal beside it', async () => {
    await mkdir(folder('run'), { recursive: true });
    await told.of(folder('run'));
    await writeFile(path.join(folder('run'), 'other'), '');
    told.folders.clear();
    for (let n = 0; n < 50; n += 1) await writeFile(path.join(folder('run'), 'journal.jsonl'), String(n));
    await mkdir(folder('marker'));
    await told.of(folder('marker'));
    assert.ok(!told.folders.has(folder('run')));
    await writeFile(path.join(folder('run'), 'run.json.tmp'), '{}');
    await rename(path.join(folder('run'), 'run.json.tmp'), path.join(folder('run'), 'run.json'));
    await told.of(folder('run'));
  });

  it('follows a run that was removed and made again', async () => {
    await mkdir(folder('again'), { recursive: true });
    await told.of(folder('again'));
    told.folders.clear();
    await rm(folder('again'), { recursive: true });
    await told.of(folder('again'));
    told.folders.clear();
    await mkdir(folder('again'));
    await told.of(folder('again'));
    told.folders.clear();
    await writeFile(path.join(folder('again'), 'run.json'), '{}');
    await told.of(folder('again'));
  });
});
