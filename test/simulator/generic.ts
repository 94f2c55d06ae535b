import { isObject, type Asked, type JsonSchema } from './asked';
import { chance, pick } from './chance';
import { prose } from './prose';

/**
 * An answer of any shape, from the schema alone: verdicts hang together (all true, or one of them and `approved` false),
 * scores are given to the answers that the prompt names by letter, texts are about the prompt.
 */
export function answerSchema(asked: Asked, key: string, { approval, repetition }: Habits): unknown {
  const approves = chance(key, 'verdict') < approval;
  const repeats = chance(key, 'repeats') < repetition;
  return valueOf(asked.schema ?? {}, { asked, key, approves, repeats, root: asked.schema ?? {} }, '');
}

export interface Habits {
  readonly approval: number;
  /** Share of answers whose `instruction` is one that it gives again and again. */
  readonly repetition: number;
}

interface Context {
  readonly asked: Asked;
  readonly key: string;
  readonly approves: boolean;
  readonly repeats: boolean;
  readonly root: JsonSchema;
}

function valueOf(schema: JsonSchema, context: Context, path: string): unknown {
  const resolved = resolve(schema, context.root);
  const { key } = context;
  if ('const' in resolved) return resolved.const;
  if (Array.isArray(resolved.enum)) return pick<unknown>(resolved.enum, key, path);
  if (Array.isArray(resolved.anyOf)) return alternative(resolved.anyOf.filter(isObject), context, path);
  if (Array.isArray(resolved.type)) {
    const options = resolved.type.map((type: unknown) => ({ ...resolved, type }));
    return alternative(options, context, path);
  }
  switch (resolved.type) {
    case 'object':
      return objectOf(resolved, context, path);
    case 'array':
      return arrayOf(resolved, context, path);
    case 'boolean':
      return booleanOf(context, path);
    case 'integer':
    case 'number':
      return numberOf(resolved, context, path);
    case 'null':
      return null;
    default:
      if (context.repeats && path === '.instruction') return prose('repeated', 'a case that was told before', 3);
      return prose(`${key}/${path}`, context.asked.user, 1 + Math.floor(chance(key, path, 'long') * 3));
  }
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (typeof schema.$ref !== 'string') return schema;
  let found: unknown = root;
  for (const part of schema.$ref.split('/').slice(1)) found = isObject(found) ? found[part] : undefined;
  return isObject(found) ? found : {};
}

/** Corrections are null exactly where the verdict approves; other nullable things are null now and then. */
function alternative(options: readonly JsonSchema[], context: Context, path: string): unknown {
  const nothing = options.find((option) => option.type === 'null');
  const something = options.filter((option) => option !== nothing);
  const absent = /correct/i.test(path) ? context.approves : chance(context.key, path, 'null') < 0.3;
  const chosen = nothing && absent ? nothing : pick(something, context.key, path, 'which');
  return valueOf(chosen ?? nothing ?? {}, context, path);
}

function objectOf(schema: JsonSchema, context: Context, path: string): unknown {
  const properties = isObject(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      valueOf(isObject(value) ? value : {}, context, `${path}.${name}`),
    ]),
  );
}

function arrayOf(schema: JsonSchema, context: Context, path: string): unknown[] {
  const items = isObject(schema.items) ? resolve(schema.items, context.root) : {};
  const letters = isObject(items.properties) && 'answer' in items.properties ? lettersIn(context.asked.user) : [];
  if (letters.length > 0) {
    return letters.map((letter) => {
      const value = valueOf(items, context, `${path}.${letter}`);
      return isObject(value) ? { ...value, answer: letter } : value;
    });
  }
  if (/error/i.test(path) && context.approves) return [];
  const length = 1 + Math.floor(chance(context.key, path, 'items') * 3);
  return Array.from({ length }, (_, at) => valueOf(items, context, `${path}.${at}`));
}

function lettersIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\bAnswer ([A-Z])\b/gi)].map(([, letter = '']) => letter.toUpperCase()))];
}

function booleanOf(context: Context, path: string): boolean {
  if (context.approves) return true;
  return !/approv|sound|ground/i.test(path) && chance(context.key, path) < 0.5;
}

function numberOf(schema: JsonSchema, context: Context, path: string): number {
  const stated = typeof schema.description === 'string' ? schema.description : '';
  const bound = (name: 'minimum' | 'maximum', otherwise: number) => {
    const value = schema[name];
    if (typeof value === 'number') return value;
    const [, text] = new RegExp(`${name}: (-?[\\d.]+)`).exec(stated) ?? [];
    return text === undefined ? otherwise : Number(text);
  };
  const low = bound('minimum', 0);
  const value = low + chance(context.key, path) * (bound('maximum', 1) - low);
  return schema.type === 'integer' ? Math.round(value) : Math.round(value * 100) / 100;
}
