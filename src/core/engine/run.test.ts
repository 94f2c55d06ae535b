import assert from 'node:assert/strict';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  content,
  inventStage,
  later,
  linesOf,
  optionsFor,
  said,
  scripted,
  sensible,
  temporaryFolder,
  words,
} from '../../../test/engine/lab';
import type { RunReport } from '../records/run';
import { TeacherError } from '../teachers/errors';
import { rebuild } from './rebuild';
import { runPipeline } from './run';
import { requestStop } from './stopRequest';

describe('a run', () => {
  let folder = '';
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    place = await temporaryFolder();
    folder = place.folder;
  });
  afterEach(async () => await place.remove());

  const output = async (): Promise<string> => await readFile(path.join(folder, 'words.jsonl'), 'utf8');
  const balanced = ({ counts }: RunReport): void =>
    assert.equal(counts.requested, counts.ok + counts.rejected + counts.failed + counts.unvalidated);

  /** What an undisturbed run of the same work writes. */
  async function undisturbed(count: number): Promise<string> {
    const other = await temporaryFolder();
    await runPipeline(words(count), optionsFor(other.folder, scripted(sensible)));
    const text = await readFile(path.join(other.folder, 'words.jsonl'), 'utf8');
    await other.remove();
    return text;
  }

  it('writes rows in the order of units, whatever order the answers come in', async () => {
    const teacher = scripted((request, count, signal) => later((count * 7) % 13, signal, () => sensible(request)));
    const report = await runPipeline(words(60), optionsFor(folder, teacher));
    assert.equal(report.status, 'completed');
    assert.equal(await output(), await undisturbed(60));
    assert.deepEqual(
      (await linesOf(folder, 'words.jsonl')).map((row) => (row as { id: string }).id),
      Array.from({ length: 60 }, (_, index) => `w${index}`),
    );
    assert.deepEqual(report.counts, { requested: 60, ok: 42, approved: 42, rejected: 18, failed: 0, unvalidated: 0 });
    assert.equal(report.requests, 60 + 48);
  });

  it('that is done asks nothing when it is started again, and leaves its files alone', async () => {
    const teacher = scripted(sensible);
    const first = await runPipeline(words(20), optionsFor(folder, teacher));
    const text = await output();
    const sent = teacher.requests.length;
    const second = await runPipeline(words(20), optionsFor(folder, teacher));
    assert.equal(teacher.requests.length, sent);
    assert.equal(await output(), text);
    assert.deepEqual({ ...second }, { ...first });
  });

  it('is cancelled within a second though its teacher does not listen, and resumes to the undisturbed outputs', async function () {
    this.retries(2); // A busy machine may need more than its second once.
    const abort = new AbortController();
    const deaf = scripted(async (request, count) => {
      if (count === 25) setTimeout(() => abort.abort(), 5);
      return count < 25 ? sensible(request) : await new Promise<never>(() => undefined);
    });
    let cancelledAt = 0;
    abort.signal.addEventListener('abort', () => (cancelledAt = performance.now()));
    const cancelled = await runPipeline(words(40), optionsFor(folder, deaf, { signal: abort.signal }));
    assert.ok(performance.now() - cancelledAt < 1000);
    assert.equal(cancelled.status, 'cancelled');
    balanced(cancelled);
    const teacher = scripted(sensible);
    const resumed = await runPipeline(words(40), optionsFor(folder, teacher));
    assert.equal(resumed.status, 'completed');
    assert.equal(await output(), await undisturbed(40));
    assert.ok(teacher.requests.length + 25 <= 40 + 32, 'nothing that was answered is asked again');
    // Eight requests were cut off and may have been billed: at their worst, 100 × $1 + 100 (20) × $2 a million.
    assert.ok(resumed.spend_usd > (resumed.requests - 8) * 0.0001);
  });

  it('stops on request of another process within a second', async function () {
    this.retries(2);
    const teacher = scripted((request, _, signal) =>
      later(content(request) === 'invent w9' ? 60_000 : 1, signal, () => sensible(request)),
    );
    let askedAt = 0;
    const report = await runPipeline(
      words(10),
      optionsFor(folder, teacher, {
        onProgress: ({ units, status }) => {
          if (units.done < 9 || status !== 'running' || askedAt > 0) return;
          askedAt = performance.now();
          void requestStop(folder);
        },
      }),
    );
    assert.equal(report.status, 'cancelled');
    assert.ok(performance.now() - askedAt < 1000, `${performance.now() - askedAt} ms`);
  });

  it('cuts off a torn last line and goes on', async () => {
    await runPipeline(words(10), optionsFor(folder, scripted(sensible)));
    const journal = path.join(folder, 'journal.jsonl');
    const whole = await readFile(journal);
    const text = await output();
    // Torn in the middle of the last line that is no output record: a unit must be worked again.
    const end = whole.lastIndexOf('{"type":"done"') + 40;
    await truncate(journal, end);
    const teacher = scripted(sensible);
    const report = await runPipeline(words(10), optionsFor(folder, teacher));
    assert.equal(report.status, 'completed');
    assert.equal(teacher.requests.length, 0, 'its replies are in the journal');
    assert.equal(await output(), text);
    for (const line of (await readFile(journal, 'utf8')).trimEnd().split('\n')) JSON.parse(line);
  });

  it('counts a request of which nothing is known as spent', async () => {
    await runPipeline(words(4), optionsFor(folder, scripted(sensible)));
    const sent = {
      type: 'sent',
      seq: 99,
      unit: 0,
      ask: 'x',
      stage: 'judge',
      teacher: 'lab/scripted',
      attempt: 0,
      reserved: 7_000_000,
    };
    await appendFile(path.join(folder, 'journal.jsonl'), `${JSON.stringify(sent)}\n`);
    const before = await runPipeline(words(4), optionsFor(folder, scripted(sensible)));
    const again = await runPipeline(words(4), optionsFor(folder, scripted(sensible)));
    // 4 inventions and 4 judgements (the fifth word would be the first twin).
    assert.equal(before.spend_usd, 0.0078);
    assert.equal(again.spend_usd, before.spend_usd);
  });

  it('stops at its budget, says so, and goes on with more money without asking twice', async () => {
    const teacher = scripted(sensible);
    const report = await runPipeline(words(50), optionsFor(folder, teacher, { budget: { run: 0.004 } }));
    assert.equal(report.status, 'budget_exhausted');
    assert.ok(report.spend_usd <= 0.004 && report.spend_usd > 0.0036);
    balanced(report);
    const more = await runPipeline(words(50), optionsFor(folder, teacher, { budget: { run: 1 } }));
    assert.equal(more.status, 'completed');
    assert.equal(teacher.requests.length, 50 + 40);
    assert.equal(await output(), await undisturbed(50));
  });

  it('closes only the stage whose own budget ends', async () => {
    const report = await runPipeline(
      words(30),
      optionsFor(folder, scripted(sensible), { budget: { stages: { judge: 0.001 } } }),
    );
    assert.equal(report.status, 'budget_exhausted');
    assert.equal(report.stages[0]?.ok, 30);
    assert.ok(report.counts.unvalidated > 10);
    assert.ok((report.stages[1]?.spend_usd ?? 1) <= 0.001);
    balanced(report);
  });

  it('asks once more with the error, then records the row as failed with its raw text', async () => {
    const teacher = scripted((request) => {
      if (content(request) !== 'invent w1' && content(request) !== 'invent w2') return sensible(request);
      const repaired = content(request) === 'invent w1' && request.messages.length === 3;
      return said(JSON.stringify({ word: repaired ? 'mended' : 'what?' }));
    });
    const report = await runPipeline(words(4), optionsFor(folder, teacher));
    const second = teacher.requests.find((request) => request.messages.length === 3);
    assert.match(second?.messages[2]?.content ?? '', /no question mark/);
    assert.equal(report.counts.failed, 1);
    balanced(report);
    const [failure] = await linesOf(folder, 'failures.jsonl');
    assert.deepEqual(failure, {
      id: 'w2',
      stage: 'invent',
      code: 'invalid_reply',
      message: 'A word has no question mark.',
      raw: '{"word":"what?"}',
    });
    assert.equal((await linesOf(folder, 'words.jsonl')).length, 3);
  });

  it('retries just what failed', async () => {
    const stubborn = scripted((request) =>
      content(request) === 'invent w2' ? said('{"word":"what?"}') : sensible(request),
    );
    await runPipeline(words(10), optionsFor(folder, stubborn));
    const untouched = scripted(sensible);
    await runPipeline(words(10), optionsFor(folder, untouched));
    assert.equal(untouched.requests.length, 0, 'a failed row is not asked for again by itself');
    const better = scripted(sensible);
    const report = await runPipeline(words(10), optionsFor(folder, better, { retryFailed: true }));
    assert.deepEqual(better.requests.map(content), ['invent w2', 'judge word2']);
    assert.equal(report.counts.failed, 0);
    balanced(report);
    const again = await runPipeline(words(10), optionsFor(folder, untouched));
    assert.equal(untouched.requests.length, 0);
    assert.deepEqual(again.counts, report.counts);
    const [, , row] = await linesOf(folder, 'words.jsonl');
    // Two replies that could not be used, one that could, one judgement.
    const { cost, ...rest } = row as { cost: number };
    assert.deepEqual(rest, { id: 'w2', word: 'word2', status: 'good' });
    assert.equal(Math.round(cost * 1e9), 400_000);
  });

  it('reads stored replies again with a mended parser, for nothing', async () => {
    const odd = scripted((request) =>
      content(request) === 'invent w2' ? said('{"word":"word2?"}') : sensible(request),
    );
    const before = await runPipeline(words(6), optionsFor(folder, odd));
    assert.equal(before.counts.failed, 1);
    const mended = {
      ...inventStage,
      parserVersion: 2,
      parse: (value: unknown) => (value as { word: string }).word.replace('?', ''),
    };
    const judge = scripted(sensible);
    const after = await runPipeline(words(6, mended), optionsFor(folder, judge));
    assert.deepEqual(judge.requests.map(content), ['judge word2'], 'the only thing not yet asked');
    assert.equal(after.counts.failed, 0);
    balanced(after);
    const again = await runPipeline(words(6, mended), optionsFor(folder, judge));
    assert.equal(judge.requests.length, 1);
    assert.deepEqual(again.counts, after.counts);
  });

  it('records a refusal, and a reply that is cut off twice', async () => {
    const teacher = scripted((request) => {
      if (content(request) === 'invent w0') return said('I would rather not.', { finish: 'refusal' });
      if (content(request) === 'invent w1') return said('{"word": "unfini', { finish: 'length' });
      return sensible(request);
    });
    const report = await runPipeline(words(3), optionsFor(folder, teacher));
    assert.deepEqual(
      (await linesOf(folder, 'failures.jsonl')).map((row) => (row as { code: string }).code),
      ['refused', 'truncated'],
    );
    assert.equal(report.counts.failed, 2);
  });

  it('mends JSON that is nearly right', async () => {
    const teacher = scripted((request) =>
      content(request).startsWith('invent')
        ? said("Sure! ```json\n{'word': 'fenced',}\n``` Anything else?")
        : sensible(request),
    );
    const report = await runPipeline(words(1), optionsFor(folder, teacher));
    assert.equal(report.counts.ok, 1);
    assert.equal(teacher.requests.length, 2);
  });

  for (const code of ['wrong_key', 'no_credit'] as const) {
    it(`pauses on ${code} with the teacher's sentence, and burns no rows`, async () => {
      const teacher = scripted((request, count) => {
        if (count < 10) return sensible(request);
        throw new TeacherError(code, `The reason is ${code}.`);
      });
      const report = await runPipeline(words(60), optionsFor(folder, teacher));
      assert.equal(report.status, 'paused');
      assert.equal(report.reason, `The reason is ${code}.`);
      assert.ok(teacher.requests.length <= 10 + 8);
      assert.equal(report.counts.failed, 0);
      balanced(report);
      const resumed = await runPipeline(words(60), optionsFor(folder, scripted(sensible)));
      assert.equal(resumed.status, 'completed');
      assert.equal(await output(), await undisturbed(60));
    });
  }

  it('pauses when nothing but failures come back, before rows are lost', async () => {
    const teacher = scripted(() => {
      throw new TeacherError('network', 'Nobody answers at 127.0.0.1.');
    });
    const patience = { backoffMs: 1, longestBackoffMs: 2, attempts: 1000, silenceMs: 50, failures: 12 };
    const report = await runPipeline(words(50), optionsFor(folder, teacher, { patience }));
    assert.equal(report.status, 'paused');
    assert.match(report.reason ?? '', /Nothing but failures .* Nobody answers at 127\.0\.0\.1\./);
    assert.equal(report.counts.failed, 0);
  });

  it('gives a slot back before it sleeps: another request goes meanwhile', async () => {
    const teacher = scripted((request, count) => {
      if (count === 0) throw new TeacherError('rate_limited', 'Too many.', { retryAfterMs: 300 });
      return sensible(request);
    });
    const report = await runPipeline(words(3), optionsFor(folder, teacher, { concurrency: 1 }));
    assert.equal(report.status, 'completed');
    const asked = teacher.requests.map(content);
    assert.equal(asked[0], 'invent w0');
    assert.ok(asked.lastIndexOf('invent w0') > asked.indexOf('invent w1'), asked.join());
  });

  it('pauses rather than sleep for longer than five minutes, and says until when', async () => {
    const teacher = scripted((request, count) => {
      if (count < 10) return sensible(request);
      throw new TeacherError('rate_limited', 'The day is used up.', { retryAfterMs: 6 * 60_000 });
    });
    const before = Date.now();
    const report = await runPipeline(words(40), optionsFor(folder, teacher));
    assert.equal(report.status, 'paused');
    const told = /^The day is used up\. The provider asks to wait until (\S+): /.exec(report.reason ?? '');
    assert.ok(Date.parse(told?.[1] ?? '') >= before + 6 * 60_000, report.reason ?? '');
    assert.equal(report.counts.failed, 0);
    assert.ok(teacher.requests.length <= 10 + 8);
  });

  it('pauses when every request is refused from the first one on, and goes on when some are', async () => {
    const refuse = (): never => {
      throw new TeacherError('refused_request', 'There is no such parameter.');
    };
    const report = await runPipeline(words(200), optionsFor(folder, scripted(refuse)));
    assert.equal(report.status, 'paused');
    assert.equal(report.reason, 'Nothing but refusals of the request itself. The last: There is no such parameter.');
    assert.ok(report.counts.failed <= 12 + 8, `${report.counts.failed} rows are lost`);
    const other = await temporaryFolder();
    const picky = scripted((request, count) => (count % 3 === 2 ? refuse() : sensible(request)));
    const mixed = await runPipeline(words(60), optionsFor(other.folder, picky));
    await other.remove();
    assert.equal(mixed.status, 'completed');
    assert.ok(mixed.counts.failed > 12);
  });

  it('keeps trying a request that fails now and then, and charges what may have been billed', async () => {
    const tries = new Map<string, number>();
    const teacher = scripted((request) => {
      const asked = content(request);
      const count = (tries.get(asked) ?? 0) + 1;
      tries.set(asked, count);
      if (asked.endsWith('2') && count === 1) throw new TeacherError('timeout', 'Too late.', { maybeBilled: true });
      if (asked.endsWith('2') && count === 2) throw new TeacherError('overloaded', 'Overloaded.');
      return sensible(request);
    });
    const report = await runPipeline(words(20), optionsFor(folder, teacher));
    assert.equal(report.status, 'completed');
    assert.equal(report.counts.failed, 0);
    // w2, w12 and their words: 100 in and 100 (20) out at their worst.
    const worst = 2 * (100_000 + 200_000) + 2 * (100_000 + 40_000);
    assert.equal(Math.round(report.spend_usd * 1e9), worst + (20 + 16) * 100_000);
    const row = (await linesOf(folder, 'words.jsonl'))[2] as { cost: number };
    assert.equal(Math.round(row.cost * 1e9), 300_000 + 140_000 + 2 * 100_000, 'the row bears its own losses');
  });

  it('refuses a model without a price before anything is sent, and says how to set one', async () => {
    const teacher = scripted(sensible, 'mystery');
    await assert.rejects(runPipeline(words(5), optionsFor(folder, teacher)), {
      code: 'unknown_price',
      message: /lab\/mystery.*distillery\.prices/s,
    });
    assert.equal(teacher.requests.length, 0);
  });

  it('refuses a folder that holds other work, and names what differs', async () => {
    await runPipeline(words(5), optionsFor(folder, scripted(sensible)));
    const other = optionsFor(folder, scripted(sensible), { config: { flavour: 'spicy' }, seed: 7 });
    await assert.rejects(runPipeline(words(5), other), {
      code: 'different_work',
      differences: ['config.flavour: "plain" there, "spicy" here', 'seed: 42 there, 7 here'],
    });
    const faster = optionsFor(folder, scripted(sensible), { concurrency: 1, delayMs: 1, budget: { run: 5 } });
    assert.equal((await runPipeline(words(5), faster)).status, 'completed');
  });

  it('says so when its folder cannot be one', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await assert.rejects(runPipeline(words(5), optionsFor(path.join(folder, 'file'), scripted(sensible))), {
      code: 'folder_not_writable',
    });
  });

  it('never overwrites a file that a person changed', async () => {
    await runPipeline(words(5), optionsFor(folder, scripted(sensible)));
    const text = await output();
    await writeFile(path.join(folder, 'words.jsonl'), 'my own notes\n');
    await runPipeline(words(5), optionsFor(folder, scripted(sensible)));
    assert.equal(await output(), text);
    assert.equal(await readFile(path.join(folder, 'words.edited-1.jsonl'), 'utf8'), 'my own notes\n');
  });

  it('is rebuilt from its journal alone', async () => {
    await runPipeline(words(30), optionsFor(folder, scripted(sensible)));
    const text = await output();
    await writeFile(path.join(folder, 'words.jsonl'), '');
    await writeFile(path.join(folder, 'run.json'), '{}');
    const rebuilt = await rebuild(folder);
    assert.equal(await output(), text);
    assert.deepEqual(
      rebuilt.outputs.map(({ path: name, rows }) => [name, rows]),
      [
        ['words.jsonl', 30],
        ['failures.jsonl', 0],
      ],
    );
  });

  it('records a bill that passes its reservation, and reserves more from then on', async () => {
    const dear = scripted((request) => {
      const { usage, ...reply } = sensible(request);
      return { ...reply, usage: { ...usage, output: 400 } };
    });
    const report = await runPipeline(words(40), optionsFor(folder, dear, { budget: { run: 0.02 }, concurrency: 1 }));
    assert.equal(report.status, 'budget_exhausted');
    assert.ok(report.spend_usd <= 0.02, 'the wall holds');
    const flagged = (await linesOf(folder, 'journal.jsonl')).filter((line) => 'over' in (line as object));
    assert.ok(flagged.length >= 1 && flagged.length <= 4, `${flagged.length} bills passed their reservation`);
  });

  it('allows for a bill above its reservation once, however many are under way, also when it goes on', async () => {
    const dear = (): ReturnType<typeof scripted> =>
      scripted((request) => {
        const { usage, ...reply } = sensible(request);
        return { ...reply, usage: { ...usage, input: 100, output: Math.ceil(request.maxTokens * 1.01) } };
      });
    const most = async (): Promise<number> => {
      const sent = (await linesOf(folder, 'journal.jsonl')) as { readonly type: string; readonly reserved: number }[];
      return Math.max(...sent.map(({ type, reserved }) => (type === 'sent' ? reserved : 0)));
    };
    const report = await runPipeline(words(200), optionsFor(folder, dear(), { concurrency: 64 }));
    assert.ok(report.overbilled !== undefined && report.overbilled >= 1);
    const worst = 100_000 + 2000 * 100;
    assert.ok((await most()) <= worst * 1.1, `${await most()} reserved for what costs ${worst} at most`);

    const resumed = await runPipeline(words(240), optionsFor(folder, dear(), { concurrency: 1 }));
    assert.equal(resumed.overbilled, report.overbilled, 'what was learnt of bills is not forgotten');
  });

  it('decides twins in the order of units, also when it was cut off in the middle', async () => {
    for (const stopAfter of [3, 9, 17, 31]) {
      const abort = new AbortController();
      const teacher = scripted(async (request, count, signal) => {
        if (count === stopAfter) abort.abort();
        // Judgements of even words are slow: later units finish before earlier ones.
        return await later(/^judge \w*[02468]$/.test(content(request)) ? 30 : count % 3, signal, () =>
          sensible(request),
        );
      });
      const other = await temporaryFolder();
      await runPipeline(words(30), optionsFor(other.folder, teacher, { signal: abort.signal }));
      await runPipeline(words(30), optionsFor(other.folder, scripted(sensible)));
      assert.equal(await readFile(path.join(other.folder, 'words.jsonl'), 'utf8'), await undisturbed(30));
      await other.remove();
    }
  });

  it('works on further units while the last ones are under way, and has failed when every row was lost', async () => {
    let asked: (() => void) | undefined;
    const further = new Promise<void>((resolve) => (asked = resolve));
    const teacher = scripted(async (request) => {
      if (content(request) === 'invent w3') asked?.();
      if (content(request) === 'invent w2') await further;
      return { ...sensible(request), finish: 'refusal' };
    });
    const more = [{ index: 3, id: 'w3' }];
    const pipeline = { ...words(3), followUp: () => (more.length > 0 ? more.splice(0) : undefined) };
    const { status, counts, reason } = await runPipeline(pipeline, optionsFor(folder, teacher));
    assert.deepEqual([status, counts.requested, counts.failed], ['failed', 4, 4]);
    assert.match(reason ?? '', /Not one of 4 rows came about: refused \(4\)/);
  });

  it('fails when the pipeline itself is wrong, and keeps what was paid for', async () => {
    const broken = {
      ...inventStage,
      parse: () => {
        throw new TypeError('a mistake in the parser');
      },
    };
    await assert.rejects(
      runPipeline(words(5, broken), optionsFor(folder, scripted(sensible))),
      /a mistake in the parser/,
    );
    const manifest = JSON.parse(await readFile(path.join(folder, 'run.json'), 'utf8')) as { status: string };
    assert.equal(manifest.status, 'failed');
    const teacher = scripted(sensible);
    const report = await runPipeline(words(5), optionsFor(folder, teacher));
    assert.equal(report.status, 'completed');
    assert.equal(teacher.requests.filter((request) => content(request).startsWith('invent')).length, 0);
  });
});
