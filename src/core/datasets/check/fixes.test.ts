import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LeakFinder } from '../decontaminate';
import { loadTokenCounter } from '../tokens';
import { fixesFor } from './fixes';
import { LineChecks } from './line-checks';
import { checkLine } from './row-rules';
import { mojibake, personalData } from './text-rules';
import { columnAsText, fixAll } from './wide-fixes';

function lineOf(text: string) {
  return { number: 1, offset: 0, bytes: 0, text, ending: '' as const };
}

/** The line after the first fix of the first finding with the code. */
function fixed(text: string, code: string, target?: 'openai'): string | null | undefined {
  const { findings } = checkLine(lineOf(text), target ? { target } : {});
  const finding = [...findings, ...mojibake(text), ...personalData(text)].find((one) => one.code === code);
  assert.ok(finding, text);
  return fixesFor(finding, text)[0]?.line;
}

describe('quick fixes', () => {
  it('repair, cut out, re-encode or remove, and leave a row', () => {
    const chat =
      '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}';
    assert.equal(fixed('{"instruction":"a" "output":"b"}', 'bad_json'), '{"instruction":"a", "output":"b"}');
    assert.equal(fixed("{'instruction':'a','output':'b',}", 'bad_json'), '{"instruction":"a","output":"b"}');
    assert.equal(
      fixed('{"instruction":"a","output":"b","output":"c"}', 'duplicate_key'),
      '{"instruction":"a","output":"c"}',
    );
    assert.equal(
      fixed('{"instruction":"a\\ud83d","output":"\\ud83d\\ude00"}', 'lone_surrogate'),
      '{"instruction":"a","output":"\\ud83d\\ude00"}',
    );
    assert.equal(
      fixed('{"instruction":"Write to a@b.io","output":"c"}', 'personal_data'),
      '{"instruction":"Write to [removed]","output":"c"}',
    );
    assert.equal(fixed(chat, 'no_answer'), chat.replace(',{"role":"user","content":"c"}', ''));
    assert.equal(
      fixed('{"instruction":"KÃ¼hler","output":"â€œheiÃŸâ€\u009d"}', 'mojibake'),
      '{"instruction":"Kühler","output":"“heiß”"}',
    );
    assert.equal(fixed('{"instruction":"a","output":""}', 'empty_answer'), null);
    const twoTurns = chat.replace(',{"role":"user","content":"c"}', '').replace(/\}$/, ',"id":1}');
    assert.equal(fixed(twoTurns, 'unknown_key', 'openai'), twoTurns.replace(',"id":1', ''));
    const named = twoTurns.replace(',"id":1', '').replace('"content":"a"', '"content":"a","at":{"x":[1]}');
    assert.equal(fixed(named, 'unknown_key', 'openai'), named.replace(',"at":{"x":[1]}', ''));
  });

  it('bring a value to the type of its column, and a row to the format of its file', () => {
    const mended = (...lines: string[]) => {
      const checks = new LineChecks();
      checks.replace(0, 0, lines);
      const [found] = checks.findings().filter(({ finding }) => finding.expected !== undefined);
      assert.ok(found, lines.join());
      return fixesFor(found.finding, lines[found.line] ?? '')[0]?.line;
    };
    const first = (more: string) => `{"instruction":"q","output":"a",${more}}`;
    const then = (more: string) => `{"instruction":"r","output":"a",${more}}`;
    const big = then('"meta":{"id":1152921504606846976}');
    assert.equal(mended(first('"meta":{"id":"x"}'), big), then('"meta":{"id":"1152921504606846976"}'));
    assert.equal(mended(first('"n":1.5'), then('"n":" 7 "')), then('"n":7'));
    assert.equal(mended(first('"n":[1]'), then('"n":"x"')), then('"n":["x"]'));
    assert.equal(mended(first('"n":{}'), then('"n":1')), undefined);
    assert.equal(
      mended('{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}', then('"id":1e400')),
      '{"messages":[{"role":"user","content":"r"},{"role":"assistant","content":"a"}],"id":1e400}',
    );
  });

  it('mend all lines of a kind at once, a whole column of mixed types too', () => {
    const rows = ['{"n":1,"m":[{"a":1}]}', '{"n":"x","m":[{"a":"y"},{"a":2}]}', 'no row "n"', '{"n":null,"m":[]}'].map(
      (more, id) => more.replace('{', `{"instruction":"q${id}","output":"a",`),
    );
    const checks = new LineChecks();
    checks.replace(0, 0, [...rows, rows[1] ?? '']);
    const placed = checks.findings();
    const at = (code: string, line: number) => placed.filter((one) => one.finding.code === code && one.line === line);
    const [n, m] = at('mixed_types', 1);
    assert.ok(n && m);
    assert.deepEqual(
      [...columnAsText(rows, n)].map(([line, text]) => [line, text?.split('"a",')[1]]),
      [[0, '"n":"1","m":[{"a":1}]}']],
    );
    assert.deepEqual(
      [...columnAsText(rows, m)].map(([line, text]) => [line, text?.split('"output":"a",')[1]]),
      [
        [0, '"n":1,"m":[{"a":"1"}]}'],
        [1, '"n":"x","m":[{"a":"y"},{"a":"2"}]}'],
      ],
    );
    const [twin] = at('duplicate', 4);
    assert.ok(twin);
    assert.deepEqual([...fixAll(placed, twin.finding, 'removeLine', (line) => rows[line] ?? '')], [[4, null]]);
    const two = ['{"instruction":"a@b.io and c@d.io","output":"x"}', '{"instruction":"e@f.io","output":"x"}'];
    checks.replace(0, 5, two);
    const [mail] = checks.findings();
    assert.ok(mail);
    assert.deepEqual(
      [...fixAll(checks.findings(), mail.finding, 'removeText', (line) => two[line] ?? '').values()].toSorted(),
      ['{"instruction":"[removed] and [removed]","output":"x"}', '{"instruction":"[removed]","output":"x"}'],
    );
  });

  it('never turn any text into something that is no row', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((text) => text.slice(1)),
        ),
        (text) => {
          for (const finding of checkLine(lineOf(text)).findings) {
            for (const { line } of fixesFor(finding, text)) {
              if (line !== null) assert.ok(JSON.parse(line) !== null && !line.includes('\n'));
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('checks of a text that is edited', () => {
  const row = (id: number) => `{"instruction":"q${id}","output":"a"}`;

  it('cost one line for an edit on one line, in a text of thousands', () => {
    const checks = new LineChecks();
    checks.replace(
      0,
      0,
      Array.from({ length: 5000 }, (_, id) => row(id)),
    );
    assert.deepEqual([checks.checked, checks.findings(), checks.looksLikeTraining()], [5000, [], true]);
    checks.replace(2500, 1, ['{"instruction":"x"']);
    assert.equal(checks.checked, 5001);
    assert.deepEqual(
      checks.findings().map(({ line, finding }) => [line, finding.code]),
      [[2500, 'bad_json']],
    );
  });

  it('are the same after any edits as if the text had been opened anew', () => {
    const text = fc.constantFrom(row(1), row(2), '', '{"a":1', '{"instruction":"","output":"a"}');
    const edit = fc.tuple(fc.nat(10), fc.nat(3), fc.array(text, { maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(text), fc.array(edit), (start, edits) => {
        const edited = new LineChecks();
        let lines = start;
        edited.replace(0, 0, start);
        for (const [at, removed, put] of edits) {
          const from = Math.min(at, lines.length);
          edited.replace(from, removed, put);
          lines = [...lines.slice(0, from), ...put, ...lines.slice(from + removed)];
        }
        const anew = new LineChecks();
        anew.replace(0, 0, lines);
        assert.deepEqual(edited.findings(), anew.findings());
      }),
    );
  });

  it('find duplicates and secrets, and leave other JSON lines alone', async () => {
    const checks = new LineChecks();
    checks.replace(0, 0, [row(1), '{"instruction":"x","output":"ghp_0123456789abcdefghij0123456789ABCDEF"}', row(1)]);
    await checks.scanSlowly();
    assert.deepEqual(
      checks.findings().map(({ line, finding, related }) => [line, finding.code, related]),
      [
        [1, 'secret', undefined],
        [2, 'duplicate', 0],
      ],
    );
    const log = new LineChecks();
    log.replace(0, 0, ['{"level":"info"}', '{"level":"warn"}']);
    assert.equal(log.looksLikeTraining(), false);
  });

  it('hold rows against each other: types and formats', () => {
    const checks = new LineChecks();
    const chat = '{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}';
    const withMeta = (meta: unknown) => JSON.stringify({ instruction: JSON.stringify(meta), output: 'a', meta });
    checks.replace(0, 0, [row(1), withMeta({ id: 1 }), withMeta({ id: 'x' }), chat, row(2)]);
    const places = () => checks.findings().map(({ line, finding }) => `${line}:${finding.code}`);
    assert.deepEqual(places(), ['2:mixed_types', '3:mixed_format']);
    checks.replace(1, 1, [row(3)]);
    assert.deepEqual(places(), ['3:mixed_format']);
    assert.equal(checks.checked, 6);
  });

  it('name rows that would be cut and rows that give a test away', async () => {
    const leaks = new LeakFinder();
    leaks.hold({ instruction: 'What holds the pump in its place?', output: 'b' }, { file: 'test.jsonl', line: 7 });
    const checks = new LineChecks({ maxTokens: 20, count: await loadTokenCounter(), leaks });
    const long = JSON.stringify({ instruction: 'q', output: 'word '.repeat(30) });
    checks.replace(0, 0, [row(1), long, '{"instruction":"What holds the pump in its place?","output":"c"}']);
    await checks.scanSlowly();
    assert.deepEqual(
      checks.findings().map(({ line, finding }) => `${line}:${finding.code}`),
      ['1:over_tokens', '2:leak'],
    );
  });
});
