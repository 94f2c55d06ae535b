import assert from 'node:assert/strict';
import { z } from 'zod';
import { cascadeValidationRow, goldenTestRow, stageBRow } from '../../src/core/records/cascade';
import { Place, type Script } from './wire';

const failure = z.object({ id: z.string(), stage: z.string(), code: z.string() });

/** A cascade whose teachers do what a test wants of its golden check. */
describe('the golden check on the wire', function () {
  this.timeout(300_000);
  let place: Place;

  beforeEach(async () => {
    place = await Place.make();
  });
  afterEach(() => place.remove());

  async function cascade(check: (asked: string) => string, ...words: readonly string[]) {
    const own = await place.script(teacher(check));
    const cast = [...own, '--teacher', 'own/one', '--domain', 'legal', '--quiet', '--out', 'run'];
    return place.report('cascade', ...cast, ...words);
  }

  const checked = () => place.rows(cascadeValidationRow, 'run', 'validation_results.jsonl');
  const golden = () => place.rows(goldenTestRow, 'run', 'golden_test_set.jsonl');
  const training = () => place.rows(stageBRow, 'run', 'training_pairs.jsonl');

  it('applies a correction when asked to, and approves the row only after it was checked again', async () => {
    const mends = (asked: string) =>
      asked.includes('It is mended.') ? verdict(true) : verdict(false, 'Say that it is mended.');
    const { counts } = await cascade(mends, '--samples', '12', '--golden', '4', '--apply-corrections');
    assert.equal(counts.approved, 4);
    for (const row of await golden()) {
      assert.match(row.reasoning_chain, /It is mended\./);
      assert.ok(row.validation.approved);
    }
    assert.equal((await training()).length, 8);
  });

  it('leaves a row as it is where the correction does not satisfy the checker, or none was asked for', async () => {
    const never = () => verdict(false, 'Say that it is mended.');
    const { counts } = await cascade(never, '--samples', '12', '--golden', '4', '--apply-corrections');
    assert.equal(counts.approved, 0);
    assert.equal((await checked()).length, 4);
    const rows = await place.rows(stageBRow, 'run', 'stage_b_formatted_pairs.jsonl');
    assert.ok(rows.every((row) => !row.reasoning_chain.includes('mended')));
    assert.equal((await training()).length, 8, 'what was drawn is not trained on, approved or not');
  });

  it('checks others instead of those whose check was lost, and keeps those to train on', async () => {
    const asked: string[] = [];
    const sometimes = (text: string) => {
      asked.push(text);
      return /Case of [0-7],/.test(text) ? 'I would rather not say.' : verdict(true);
    };
    const words = ['--samples', '24', '--golden', '6'];
    const { counts, status } = await cascade(sometimes, ...words);
    assert.equal(status, 'completed');
    const lost = (await place.rows(failure, 'run', 'failures.jsonl')).filter(({ stage }) => stage === 'golden');
    assert.ok(lost.length > 0, 'half of the checks are lost');
    assert.ok(lost.every(({ code }) => code === 'invalid_reply'));
    assert.equal((await checked()).length, 6);
    assert.equal(counts.approved, 6);
    const drawn = new Set((await checked()).map(({ sample_id }) => sample_id));
    const trained = new Set((await training()).map(({ sample_id }) => sample_id));
    for (const { id } of lost) assert.ok(!drawn.has(id) && trained.has(id));
    assert.equal(trained.size, counts.ok - 6);
    const before = await place.content('run', 'golden_test_set.jsonl');
    const often = asked.length;
    await cascade(sometimes, ...words);
    assert.equal(await place.content('run', 'golden_test_set.jsonl'), before);
    assert.equal(asked.length, often, 'a finished run asks nothing');
  });

  it('lists the topics of its rows in results.json', async () => {
    await cascade(() => verdict(true), '--samples', '26', '--golden', '4');
    const { topics } = z
      .object({ topics: z.record(z.string(), z.record(z.string(), z.number())) })
      .parse(JSON.parse(await place.content('run', 'results.json')));
    assert.equal(Object.keys(topics).length, 8);
    for (const counts of Object.values(topics))
      assert.equal(
        Object.values(counts).reduce((a, b) => a + b),
        26,
      );
    assert.equal(topics['dispute']?.['a will changed two months before death'], 2);
  });
});

function verdict(approved: boolean, corrections: string | null = null): string {
  const all = { logically_sound: approved, premises_exhaustive: approved, resolution_valid: approved };
  return JSON.stringify({ ...all, corrections, approved, explanation: 'So it is.' });
}

/** Writes a case of its point, formats it, and leaves the golden check to the test. */
function teacher(check: (asked: string) => string): Script {
  return ({ text }) => {
    if (text.includes('You check one training example')) return check(text);
    if (!text.includes('You turn a reasoned case')) {
      const values = [...text.matchAll(/^- [a-z ]+: (.+)$/gm)].map(([, value = '']) => value);
      const sum = Buffer.from(values.join()).reduce((total, byte) => total + byte, 0);
      return `Case of ${sum % 16}, number ${sum}. ${values.join('. ')}. ${values.toReversed().join('; ')}.`;
    }
    const document = /<document>\n([\s\S]*?)\n<\/document>/.exec(text)?.[1] ?? '';
    const mended = text.includes('A checker found') ? ' It is mended.' : '';
    const given =
      mended === '' ? document : z.object({ instruction: z.string() }).parse(JSON.parse(document)).instruction;
    return JSON.stringify({
      instruction: given,
      reasoning_chain: `The case is weighed from both sides.${mended}`,
      trinary_logic: {
        premise_a: 'It holds.',
        premise_b: 'It does not.',
        premise_c: 'Neither.',
        resolution: 'Act on a.',
      },
      confidence: 0.8,
      citations: [],
      difficulty: 'medium',
    });
  };
}
