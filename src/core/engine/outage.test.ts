import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { content, optionsFor, scripted, sensible, temporaryFolder, words } from '../../../test/engine/lab';
import { TeacherError } from '../teachers/errors';
import { patience as defaults } from './circuit';
import { runPipeline } from './run';

const UNITS = 60;
const ANSWERED = 30;

const outages = {
  'no network': () => new TeacherError('network', 'The host cannot be found.'),
  'a failing server': () => new TeacherError('overloaded', 'The server had an error.', { status: 500 }),
  timeouts: () => new TeacherError('timeout', 'No answer within a second.', { maybeBilled: true }),
};

describe('an outage', () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => await place.remove());

  const output = async (): Promise<string> => await readFile(path.join(place.folder, 'words.jsonl'), 'utf8');

  for (const [what, error] of Object.entries(outages)) {
    it(`that does not end pauses the run before a row is lost: ${what}`, async () => {
      // The engine's own patience, two hundred times as fast.
      const patience = {
        backoffMs: defaults.backoffMs / 200,
        longestBackoffMs: defaults.longestBackoffMs / 200,
        silenceMs: defaults.silenceMs / 200,
      };
      const teacher = scripted((request, count) => {
        if (count < ANSWERED) return sensible(request);
        throw error();
      });
      const report = await runPipeline(words(UNITS), optionsFor(place.folder, teacher, { patience }));
      assert.equal(report.status, 'paused');
      assert.match(report.reason ?? '', /Nothing but failures for \d+ s\. The last: /);
      assert.equal(report.counts.failed, 0);
      const resumed = await runPipeline(words(UNITS), optionsFor(place.folder, scripted(sensible)));
      assert.equal(resumed.status, 'completed');
    });

    it(`that ends costs no row, however often it was asked meanwhile: ${what}`, async () => {
      const failures = new Map<string, number>();
      let over = false;
      /** What was on its way when the outage ended fails after others were answered. */
      const late: (() => void)[] = [];
      const teacher = scripted(async (request, count) => {
        const asked = content(request);
        const times = failures.get(asked) ?? 0;
        over ||= times > defaults.attempts;
        if (count < ANSWERED || over) {
          setImmediate(() => late.splice(0).forEach((fail) => fail()));
          return sensible(request);
        }
        failures.set(asked, times + 1);
        const failure = error();
        // Push-backs leave few slots: none is held then.
        if (failure.code !== 'overloaded' && times > 2 && asked.endsWith('7'))
          await new Promise<void>((fail) => late.push(fail));
        throw failure;
      });
      const patience = { backoffMs: 1, longestBackoffMs: 2, silenceMs: 1e9 };
      const report = await runPipeline(words(UNITS), optionsFor(place.folder, teacher, { patience }));
      assert.equal(report.status, 'completed');
      assert.equal(report.counts.failed, 0);
      const text = await output();
      await place.remove();
      place = await temporaryFolder();
      await runPipeline(words(UNITS), optionsFor(place.folder, scripted(sensible)));
      const ids = (rows: string): string[] => rows.split('\n').map((row) => row.replace(/"cost":.*/, ''));
      assert.deepEqual(ids(text), ids(await output()));
    });
  }

  it('is not what a row is that alone gets no answer: it is lost, and the run goes on', async () => {
    const teacher = scripted((request) => {
      if (content(request) === 'invent w19') throw new TeacherError('overloaded', 'An error.', { status: 500 });
      return sensible(request);
    });
    const report = await runPipeline(words(20), optionsFor(place.folder, teacher));
    assert.equal(report.status, 'completed');
    assert.equal(report.counts.failed, 1);
    assert.equal(teacher.requests.filter((one) => content(one) === 'invent w19').length, defaults.attempts);
  });
});
