import assert from 'node:assert/strict';
import { z } from 'zod';
import { generationEnvelope, validationEnvelope } from '../records/envelopes';
import { describeSchema, strictSchema, withDescribedSchema } from './schema';

function strict(schema: z.ZodType) {
  return strictSchema({ name: 'test', json: z.toJSONSchema(schema) });
}

describe('a schema for strict servers', () => {
  it('is closed, requires every key, and says its limits in words', () => {
    assert.deepEqual(
      strict(z.object({ share: z.number().min(0).max(1), label: z.string().describe('One word.').optional() })),
      {
        type: 'object',
        properties: {
          share: { type: 'number', description: '{minimum: 0, maximum: 1}' },
          label: { anyOf: [{ type: 'string', description: 'One word.' }, { type: 'null' }] },
        },
        required: ['share', 'label'],
        additionalProperties: false,
      },
    );
  });

  it('keeps enums, literals, nullable things and nesting', () => {
    const schema = strict(
      z.object({
        kind: z.enum(['a', 'b']),
        one: z.literal('x'),
        many: z.array(z.object({ n: z.int() })),
        none: z.string().nullable(),
      }),
    );
    assert.deepEqual(schema.properties, {
      kind: { type: 'string', enum: ['a', 'b'] },
      one: { type: 'string', const: 'x' },
      many: {
        type: 'array',
        items: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false },
      },
      none: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    });
  });

  it('can be made of every envelope, and only once', () => {
    for (const envelope of [generationEnvelope, validationEnvelope]) {
      const schema = { name: 'envelope', json: z.toJSONSchema(envelope) };
      assert.equal(strictSchema(schema), strictSchema(schema));
      assert.doesNotMatch(JSON.stringify(strictSchema(schema)), /"(?:\$schema|minimum|maximum|minLength)"/);
    }
  });

  it('is refused for what it cannot say', () => {
    assert.throws(() => strict(z.object({ open: z.record(z.string(), z.number()) })), /free keys/);
    assert.throws(() => strict(z.object({ pair: z.tuple([z.string(), z.number()]) })), /prefixItems/);
  });
});

describe('a described schema', () => {
  const schema = { name: 'word', json: z.toJSONSchema(z.object({ word: z.string() })) };

  it('ends the system message, or is one', () => {
    const [first, second] = withDescribedSchema(
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi.' },
      ],
      schema,
    );
    assert.match(first?.content ?? '', /^Be brief\.\n\nReply with one JSON object/);
    assert.equal(second?.content, 'Hi.');
    const [made] = withDescribedSchema([{ role: 'user', content: 'Hi.' }], schema);
    assert.deepEqual(made, { role: 'system', content: describeSchema(schema) });
  });
});
