import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type RunManifest, runManifest } from '../../src/core/records/run';
import { type Simulator, startSimulator } from '../simulator/server';
import { commandLine } from './wire';

const root = path.resolve(__dirname, '../..');
const handbook = path.join(root, 'examples/handbook.md');
const wire = ['--teacher', 'deepseek/deepseek-flash'];

describe('the command line as a process', function () {
  this.timeout(300_000);
  let folder: string;
  let simulator: Simulator;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'distillery-process-'));
    simulator = await startSimulator({ latencyMs: 150 });
  });
  afterEach(async () => {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  function start(out: string, words: readonly string[]) {
    const child = spawn(process.execPath, [...commandLine, 'distill', handbook, '--out', out, ...words], {
      cwd: folder,
      env: {
        ...process.env,
        ...simulator.env,
        DEEPSEEK_API_KEY: 'sk-test-process',
        DISTILLERY_HOME: path.join(folder, 'home'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, printed: Promise.all([text(child.stdout), text(child.stderr)]) };
  }

  async function ended({ child, printed }: { child: ChildProcess; printed: Promise<[string, string]> }) {
    const [code] = (await once(child, 'close')) as [number | null];
    const [stdout, stderr] = await printed;
    return { code, stdout, stderr };
  }

  async function manifest(out: string): Promise<RunManifest> {
    return runManifest.parse(JSON.parse(await readFile(path.join(out, 'run.json'), 'utf8')));
  }

  /** Until the simulator has answered some requests and keeps the others waiting: the run is in its middle, and stays there. */
  async function inTheMiddle(concurrency: number): Promise<void> {
    const until = Date.now() + 240_000;
    const reached = async (there: () => boolean) => {
      while (!there()) {
        assert.ok(Date.now() < until, 'the run asked nothing');
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await reached(() => simulator.bill.answers >= 6);
    simulator.change({ latencyMs: 3_600_000 });
    const before = simulator.statistics.requests;
    // As many as go out at once came since: no answer is on its way any more.
    await reached(() => simulator.statistics.requests >= before + concurrency);
  }

  it('stops on Ctrl-C with its outputs written, says how to go on, and asks nothing twice', async () => {
    const out = path.join(folder, 'run');
    const running = start(out, [...wire, '--concurrency', '4', '--quiet']);
    await inTheMiddle(4);
    running.child.kill('SIGINT');
    const { code, stdout } = await ended(running);
    simulator.change({ latencyMs: 150 });
    assert.equal(code, 130);
    assert.match(stdout, /go on: distillery distill .*handbook\.md --out/);
    assert.equal((await manifest(out)).status, 'cancelled');
    const again = await ended(start(out, [...wire, '--quiet']));
    assert.equal(again.code, 0, again.stderr);
    assert.ok([...simulator.bill.paid.values()].every((times) => times === 1));
  });

  it('tells a second process who holds the run', async () => {
    const out = path.join(folder, 'run');
    const running = start(out, [...wire, '--concurrency', '2', '--quiet']);
    await inTheMiddle(2);
    const second = await ended(start(out, [...wire, '--quiet']));
    assert.notEqual(second.code, 0);
    assert.match(second.stderr, new RegExp(String(running.child.pid)));
    running.child.kill('SIGTERM');
    await ended(running);
  });

  it('pauses without a network, and says which server did not answer', async () => {
    await simulator.close();
    const out = path.join(folder, 'run');
    const { code, stdout } = await ended(start(out, [...wire, '--quiet']));
    assert.equal(code, 1);
    assert.match(stdout, /paused .*127\.0\.0\.1/);
    simulator = await startSimulator();
  });

  // A disk of its own takes a mount, which takes root: as in CI.
  const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
  (mayMount ? it : it.skip)('pauses on a full disk, and goes on when there is room', async () => {
    const disk = path.join(folder, 'disk');
    execFileSync('mkdir', [disk]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', disk]);
    try {
      const out = path.join(disk, 'run');
      const { code, stdout, stderr } = await ended(start(out, ['--teacher', 'offline', '--quiet']));
      assert.equal(code, 1, stderr);
      assert.match(stdout + stderr, /no space left/i);
      assert.doesNotMatch(stdout + stderr, /\.ts:\d+/);
      execFileSync('mount', ['-o', 'remount,size=20m', disk]);
      const again = await ended(start(out, ['--teacher', 'offline', '--quiet']));
      assert.equal(again.code, 0, again.stderr);
      assert.equal((await manifest(out)).status, 'completed');
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
