import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { JsonObject } from '../datasets/rows';
import { InputFile } from '../pipelines/input/inputFile';
import { isReference, withoutThinking } from './exact';
import { overlapWith } from './overlap';
import { readTest, type Test } from './tests';

function read(row: JsonObject): Test {
  const reading = readTest(row);
  assert.ok(reading.kind === 'row', JSON.stringify(reading));
  return reading.value;
}

describe('a test', () => {
  it('is asked as its row would be trained on, whatever the format', () => {
    const system = { role: 'system', content: 'Be brief.' } as const;
    const why = { role: 'user', content: 'Why?' } as const;
    const because = { role: 'assistant', content: 'Because.' } as const;
    const how = { role: 'user', content: 'How?' } as const;
    const chat = read({ messages: [system, why, because, how, { role: 'assistant', content: 'So.' }] });
    assert.deepEqual([chat.prompt, chat.reference], [[system, why, because, how], 'So.']);
    const shared = [
      { from: 'human', value: 'Why?' },
      { from: 'gpt', value: 'Because.' },
    ];
    assert.deepEqual(read({ conversations: shared }).prompt, [why]);
    const alpaca = read({ instruction: 'Add.', input: '2 and 3', output: '5', system: 'Be brief.' });
    assert.deepEqual(alpaca.prompt, [system, { role: 'user', content: 'Add.\n2 and 3' }]);
    assert.equal(read({ instruction: 'Case', trinary_logic: { resolution: 'Guilty.' } }).reference, 'Guilty.');
    assert.deepEqual(read({ prompt: 'Why?', chosen: 'Because.', rejected: 'No.' }).reference, 'Because.');
  });

  it('takes a column that is called reference before one that some model may have written', () => {
    const test = read({ question: 'Why?', reference_answer: 'Because.', output: 'Dunno.', subject: 'causes' });
    assert.deepEqual([test.reference, test.category, test.prompt[0]?.content], ['Because.', 'causes', 'Why?']);
  });
});

describe('an exact judge', () => {
  it('passes the reference in other clothes, and nothing else', () => {
    for (const [answer, reference] of [
      ['  PARIS. ', 'Paris'],
      ['**Paris**', '"Paris"'],
      ['1,200', '1200.0'],
      ['The answer is (B)', 'B'],
      ['It was a long and winding road,\nand it led home.', 'it was a long and winding road, and it led home'],
    ] as const)
      assert.ok(isReference(answer, reference), answer);
    for (const [answer, reference] of [
      ['Paris, Texas', 'Paris'],
      ['12', '120'],
      ['', 'Paris'],
      ['-5', '5'],
    ] as const)
      assert.ok(!isReference(answer, reference), answer);
  });

  it('does not see what a model thought', () => {
    assert.equal(withoutThinking('<think>\n41? No.\n</think>\n\n42'), '42');
    assert.equal(withoutThinking('<think>Let me see, and see'), '');
    assert.equal(withoutThinking('The tag <think> opens a thought.'), 'The tag <think> opens a thought.');
  });
});

describe('an overlap', () => {
  it('is a question or a passage in common, and not the system prompt that all rows share', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'distillery-overlap-'));
    try {
      const system =
        'You answer questions about the works of the harbour, kindly, briefly and always in whole sentences.';
      const row = (user: string, assistant: string) => ({
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
          { role: 'assistant', content: assistant },
        ],
      });
      const passage = 'The gate of the northern lock was built of oak in 1874 and has held every flood since then.';
      const write = async (name: string, rows: readonly object[]) => {
        const file = path.join(folder, name);
        await writeFile(file, rows.map((one) => `${JSON.stringify(one)}\n`).join(''));
        return file;
      };
      const tests = await write('tests.jsonl', [
        { id: 'oak', ...row('What is the gate made of?', passage) },
        { id: 'crane', ...row('How high is the new crane?', 'It is 40 metres high.') },
        { id: 'tide', ...row('When is the tide highest?', 'At noon.') },
      ]);
      const training = await write('train.jsonl', [
        row('Who is the master of the harbour?', 'She is called Ines.'),
        row('Tell me of the lock.', `It is old. ${passage}`),
        row('how high is the NEW crane', 'Forty metres.'),
      ]);
      const given = await overlapWith(training, await InputFile.open(tests, readTest));
      assert.deepEqual(
        given.map(({ test, line }) => [test, line]),
        [
          ['oak', 2],
          ['crane', 3],
        ],
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
