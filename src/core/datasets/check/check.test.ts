import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkFiles, type CheckRequest, type CheckResult } from './check';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distillery-check-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, lines: readonly (string | object)[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return path;
}

async function check(lines: readonly (string | object)[], options: Partial<CheckRequest> = {}): Promise<CheckResult> {
  return checkFiles({ files: [await file('a.jsonl', lines)], ...options });
}

function chat(...turns: string[]): object {
  return { messages: turns.map((turn) => ({ role: turn.split(':')[0], content: turn.split(':')[1] ?? '' })) };
}

const PRIVATE_KEY = `-----BEGIN OPENSSH PRIVATE KEY-----\r\n${'MIIEpAIBAAKCAQEA7bq9Tk2v0c8wq3mQy1x5\r\n'.repeat(12)}-----END OPENSSH PRIVATE KEY-----`;
const GOOD = { instruction: 'What holds the pump?', input: '', output: 'A bracket.' };

describe('checking a dataset', () => {
  const cases: [name: string, lines: (string | object)[], code: string, line: number, text: string][] = [
    ['broken JSON', [GOOD, '{"instruction":"x" "output":"y"}'], 'bad_json', 2, '"output":"y"}'],
    ['a row that is a list', [GOOD, '["x"]'], 'not_object', 2, '["x"]'],
    ['a byte-order mark', [`\ufeff${JSON.stringify(GOOD)}`], 'bom', 1, '{'],
    ['a key that stands twice', ['{"instruction":"a","output":"b","output":"c"}'], 'duplicate_key', 1, '"output"'],
    ['half a character', ['{"instruction":"a \\ud83d","output":"b"}'], 'lone_surrogate', 1, '\\ud83d'],
    [
      'a column of two types',
      [
        { ...GOOD, meta: { q: 1 } },
        { ...GOOD, instruction: 'b', meta: { q: 'x' } },
      ],
      'mixed_types',
      2,
      '"x"',
    ],
    ['two formats in one file', [GOOD, chat('user:a', 'assistant:b')], 'mixed_format', 2, '{"messages"'],
    ['a shape that nobody knows', ['{"a":1}'], 'unknown_shape', 1, '{"a":1}'],
    ['a role that nobody knows', [chat('user:a', 'bot:b')], 'unknown_role', 1, '"bot"'],
    ['two users in a row', [chat('user:a', 'user:b', 'assistant:c')], 'role_order', 1, '{"role":"user","content":"b"}'],
    [
      'an end without an answer',
      [chat('user:a', 'assistant:b', 'user:c')],
      'no_answer',
      1,
      '{"role":"user","content":"c"}',
    ],
    ['an empty answer', [chat('user:a', 'assistant:')], 'empty_answer', 1, '{"role":"assistant","content":""}'],
    ['an empty question', [{ instruction: ' ', output: 'b' }], 'empty_question', 1, '" "'],
    ['null where text should be', ['{"instruction":"a","output":null}'], 'wrong_type', 1, 'null'],
    ['the same row again', [GOOD, { ...GOOD, id: 2 }], 'duplicate', 2, '{"instruction"'],
    ['text in the wrong encoding', [{ ...GOOD, output: 'Der KÃ¼hler ist heiÃŸ.' }], 'mojibake', 1, 'Ã¼'],
    ['an address', [{ ...GOOD, output: 'Ask jane.doe@acme.io.' }], 'personal_data', 1, 'jane.doe@acme.io'],
    [
      'a bank account',
      [{ ...GOOD, output: 'DE89 3704 0044 0532 0130 00' }],
      'personal_data',
      1,
      'DE89 3704 0044 0532 0130 00',
    ],
    [
      'a payment card',
      [{ ...GOOD, output: 'Pay with 4111 1111 1111 1111.' }],
      'personal_data',
      1,
      '4111 1111 1111 1111',
    ],
    [
      'a GitHub token',
      [{ ...GOOD, output: 'ghp_0123456789abcdefghij0123456789ABCDEF' }],
      'secret',
      1,
      'ghp_0123456789abcdefghij0123456789ABCDEF',
    ],
    [
      'a Hugging Face token',
      [{ ...GOOD, output: 'hf_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ' }],
      'secret',
      1,
      'hf_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ',
    ],
    [
      'a private key of Windows lines',
      [{ ...GOOD, output: `Key:\r\n${PRIVATE_KEY}` }],
      'secret',
      1,
      JSON.stringify(PRIVATE_KEY).slice(1, -1),
    ],
    ['no rows at all', [''], 'no_rows', 1, ''],
  ];
  for (const [name, lines, code, line, text] of cases) {
    it(`finds ${name}, and where`, async () => {
      const { problems } = await check(lines);
      const found = problems.find((problem) => problem.code === code);
      assert.ok(found, JSON.stringify(problems));
      assert.equal(found.line, line);
      const raw = lines[line - 1] ?? '';
      const written = (typeof raw === 'string' ? raw : JSON.stringify(raw)).replace('\ufeff', '');
      const shown = written.slice(found.column - 1, found.endColumn - 1);
      assert.ok(shown === text || (shown.startsWith(text) && text !== ''), shown);
    });
  }

  it('finds nothing in good rows of any format', async () => {
    const good = [
      [GOOD, { instruction: 'Why?', input: 'Rain.', output: 'Clouds: they "fall".' }],
      [chat('system:Be brief.', 'user:a', 'assistant:b', 'user:c', 'assistant:d')],
      [
        {
          conversations: [
            { from: 'human', value: 'a' },
            { from: 'gpt', value: 'b' },
          ],
        },
      ],
      [{ prompt: 'a', completion: 'b' }],
      [{ prompt: 'a', chosen: 'b', rejected: 'c' }],
    ];
    for (const rows of good) {
      const { problems, totals } = await check(rows, { maxTokens: 100 });
      assert.deepEqual(problems, []);
      assert.equal(totals.rows, rows.length);
    }
  });

  it('never shows a secret in a message', async () => {
    const { problems } = await check([{ ...GOOD, output: 'token: ghp_0123456789abcdefghij0123456789ABCDEF' }]);
    assert.ok(problems.length > 0 && problems.every((problem) => !problem.message.includes('ghp_')));
  });

  it('counts tokens with a tokenizer and names rows that would be cut', async () => {
    const { problems, totals } = await check([GOOD, { ...GOOD, output: 'word '.repeat(60) }], { maxTokens: 50 });
    assert.deepEqual(
      problems.map(({ code, line }) => [code, line]),
      [['over_tokens', 2]],
    );
    assert.ok(totals.tokens && totals.tokens.longest > 60 && totals.tokens.total > totals.tokens.longest);
  });

  it('finds halves of a pair in two files, and rows that give a test away', async () => {
    const half = { ...GOOD, meta: { pair_id: 'p1', direction: 'forward' } };
    const train = await file('train.jsonl', [
      half,
      { ...GOOD, instruction: 'Other?', meta: { pair_id: 'p2', direction: 'forward' } },
    ]);
    const other = await file('other.jsonl', [
      { instruction: 'Reverse.', input: 'x', output: 'y', meta: { pair_id: 'p1', direction: 'reverse' } },
    ]);
    const test = await file('test.jsonl', [{ id: 1, instruction: 'What holds the pump?', output: 'Something else.' }]);
    const { problems } = await checkFiles({ files: [train, other], testFile: test });
    const found = problems.map(({ code, file: where, line }) => [code, where, line]);
    assert.deepEqual(found, [
      ['leak', train, 1],
      ['pair_split', other, 1],
    ]);
  });

  it('applies the rules of the provider', async () => {
    const together = await check([GOOD], { target: 'together' });
    assert.equal(together.totals.by_code['wrong_format'], 1);
    const openai = await check([{ ...chat('user:a', 'assistant:b'), id: 1 }], { target: 'openai' });
    assert.deepEqual(Object.keys(openai.totals.by_code).sort(), ['too_few_rows', 'unknown_key']);
    const fine = await check([{ text: 'Plain text.' }], { target: 'together' });
    assert.equal(fine.totals.errors, 0);
    assert.equal((await check([GOOD], { target: 'llamafactory' })).totals.errors, 0);
  });

  it('says which rows are in another language than the rest', async () => {
    const english =
      'The pump of the second line holds a pressure of forty bar while the valve is closed at night, and row ';
    const german =
      'Die Pumpe der zweiten Linie hält in der Nacht einen Druck von vierzig bar, während das Ventil geschlossen ist.';
    const rows = Array.from({ length: 20 }, (_, id) => ({
      instruction: `q${id}`,
      output: id === 7 ? german : `${english}${id}`,
    }));
    const { problems } = await check(rows);
    assert.deepEqual(
      problems.map(({ code, line }) => [code, line]),
      [['language_mix', 8]],
    );
  });

  it('lists the first of each kind and counts them all', async () => {
    const { problems, totals } = await check(
      Array.from({ length: 300 }, () => '{"instruction":'),
      { listed: 5 },
    );
    assert.deepEqual([problems.length, totals.by_code['bad_json'], totals.errors], [5, 300, 300]);
  });

  it('goes on, whatever is done to a file, and counts every line', async () => {
    const lines = [GOOD, chat('user:a', 'assistant:b'), { prompt: 'a', completion: 'b' }].map((row) =>
      JSON.stringify(row),
    );
    const whole = Buffer.from(lines.join('\n'));
    const cut = fc.tuple(fc.nat(whole.length - 1), fc.nat(4), fc.uint8Array({ maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 4 }), async (cuts) => {
        let bytes = whole;
        for (const [at, length, put] of cuts)
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]);
        if (bytes.length > 1 && (bytes.readUInt16LE(0) === 0xfeff || bytes.readUInt16LE(0) === 0xfffe)) return;
        const path = join(folder, 'fuzz.jsonl');
        await writeFile(path, bytes);
        const { totals } = await checkFiles({ files: [path] });
        const expected = bytes
          .toString('utf8')
          .split('\n')
          .filter((line) => line.replace('\ufeff', '').trim() !== '').length;
        assert.ok(Math.abs(totals.rows - expected) <= 1, `${totals.rows} of ${expected}`);
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 150) },
    );
  });
});
