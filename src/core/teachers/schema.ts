import { TeacherError } from './errors';
import type { Message, ReplySchema } from './teacher';

type Json = Readonly<Record<string, unknown>>;

/**
 * A JSON schema as strict servers take it (OpenAI strict mode, Anthropic `output_config`): every object closed, every
 * key required, constraints that they refuse moved into the description where the model still reads them. A key that was
 * optional becomes nullable, because "absent" cannot be said.
 * @throws TeacherError for what strict mode cannot say (records, tuples, intersections): a mistake in a stage's schema.
 */
export function strictSchema(schema: ReplySchema): Json {
  let strict = strictSchemas.get(schema.json);
  if (!strict) {
    strict = strictNode(schema.json, schema.name);
    strictSchemas.set(schema.json, strict);
  }
  return strict;
}
const strictSchemas = new WeakMap<Json, Json>();

/** The schema in words, for servers that do not enforce it. Holds the word JSON, which DeepSeek's JSON mode asks for. */
export function describeSchema(schema: ReplySchema): string {
  let text = descriptions.get(schema.json);
  if (text === undefined) {
    text =
      'Reply with one JSON object and nothing else: no Markdown fence, no text before or after it. ' +
      `It must satisfy this JSON schema, with every key present:\n${JSON.stringify(strictSchema(schema))}`;
    descriptions.set(schema.json, text);
  }
  return text;
}
const descriptions = new WeakMap<Json, string>();

/** The messages with the schema's description at the end of the system message (made when there is none). */
export function withDescribedSchema(messages: readonly Message[], schema: ReplySchema): Message[] {
  const text = describeSchema(schema);
  const [first, ...rest] = messages;
  if (first?.role === 'system') return [{ role: 'system', content: `${first.content}\n\n${text}` }, ...rest];
  return [{ role: 'system', content: text }, ...messages];
}

const KEPT = new Set(['type', 'enum', 'const', 'description', '$ref']);
const CONSTRAINTS = [
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
];
const UNSAYABLE = ['prefixItems', 'patternProperties', 'not', 'if', 'dependentSchemas'];

function strictNode(node: Json, path: string): Json {
  // `["string", "null"]`: OpenAI takes lists of types, others do not say so; all take alternatives.
  if (Array.isArray(node.type))
    return {
      anyOf: node.type.map((type: unknown) => strictNode(type === 'null' ? { type } : { ...node, type }, path)),
    };
  const impossible = UNSAYABLE.find((key) => key in node);
  if (impossible)
    throw new TeacherError('refused_request', `${path}: "${impossible}" cannot be said in a strict schema.`);
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) if (KEPT.has(key)) result[key] = value;

  const described = description(node);
  if (described) result.description = described;
  if (isJson(node.properties) || node.type === 'object') Object.assign(result, closedObject(node, path));
  if (isJson(node.items)) result.items = strictNode(node.items, `${path}[]`);
  const alternatives = node.anyOf ?? node.oneOf;
  if (Array.isArray(alternatives)) result.anyOf = alternatives.filter(isJson).map((one) => strictNode(one, path));
  if (Array.isArray(node.allOf)) {
    const [only, ...others] = node.allOf.filter(isJson);
    if (!only || others.length > 0)
      throw new TeacherError('refused_request', `${path}: "allOf" cannot be said in a strict schema.`);
    return { ...strictNode(only, path), ...result };
  }
  if (isJson(node.$defs))
    result.$defs = Object.fromEntries(
      Object.entries(node.$defs).map(([name, definition]) => [
        name,
        isJson(definition) ? strictNode(definition, name) : definition,
      ]),
    );
  return result;
}

function closedObject(node: Json, path: string): Json {
  const open = node.additionalProperties;
  const properties = isJson(node.properties) ? node.properties : {};
  if (isJson(open) && Object.keys(open).length > 0)
    throw new TeacherError('refused_request', `${path}: a record with free keys cannot be said in a strict schema.`);
  const required = new Set(Array.isArray(node.required) ? node.required : []);
  const closed = Object.entries(properties).map(([key, value]) => {
    const child = strictNode(isJson(value) ? value : {}, `${path}.${key}`);
    return [key, required.has(key) ? child : nullable(child)] as const;
  });
  return {
    type: 'object',
    properties: Object.fromEntries(closed),
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function nullable(node: Json): Json {
  if (Array.isArray(node.anyOf) && node.anyOf.some((one) => isJson(one) && one.type === 'null')) return node;
  return { anyOf: [node, { type: 'null' }] };
}

function description(node: Json): string | undefined {
  const constraints = CONSTRAINTS.filter((key) => key in node && !isSafeIntegerBound(node[key])).map(
    (key) => `${key}: ${JSON.stringify(node[key])}`,
  );
  const text = typeof node.description === 'string' ? node.description : '';
  return [text, constraints.length > 0 ? `{${constraints.join(', ')}}` : ''].filter(Boolean).join(' ') || undefined;
}

/** Zod writes the range of safe integers into every `int()`; it says nothing to a model. */
function isSafeIntegerBound(value: unknown): boolean {
  return value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
