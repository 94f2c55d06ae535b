import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';

/** Sentences and phrases that a domain's prompts are made of. */
const phrase = z.string().trim().min(2).max(400);

/** How many different points the axes must span: enough for the largest ordinary run. */
const fewestPoints = 10_000;

export const domainSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'lower-case letters, digits and dashes, such as “veterinary”'),
    title: phrase,
    /** Whom the scenarios are for and what they are about; goes into every prompt. */
    description: phrase,
    /** Scenario axes: every sample has its own point on all of them. */
    axes: z.record(z.string().regex(/^[a-z][a-z0-9_]{1,40}$/), z.array(phrase).min(2).max(200)),
    /** What makes a case easy, medium or hard here. */
    difficulty: z.strictObject({ easy: phrase, medium: phrase, hard: phrase }),
    /** What a good answer does; the golden check judges by it. */
    rubric: z.array(phrase).min(2).max(20),
    examples: z
      .array(
        z.strictObject({
          scenario: z.string().min(20),
          premise_a: phrase,
          premise_b: phrase,
          premise_c: phrase,
          resolution: phrase,
        }),
      )
      .min(1)
      .max(10),
  })
  .superRefine(({ axes }, context) => {
    const names = Object.keys(axes);
    if (names.length < 3) {
      context.addIssue({
        code: 'custom',
        path: ['axes'],
        message: `${names.length} axes are too few: give at least 3, so that samples differ.`,
      });
    }
    for (const [name, values] of Object.entries(axes)) {
      const twice = values.find((value, k) => values.indexOf(value) !== k);
      if (twice !== undefined)
        context.addIssue({ code: 'custom', path: ['axes', name], message: `“${twice}” stands there twice.` });
    }
  });
export type Domain = z.infer<typeof domainSchema>;

/** A domain file that cannot be used; the message names file, line and column. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code = 'bad_domain';
}

/** How many different points the axes span. */
export function pointCount(domain: Domain): number {
  return Object.values(domain.axes).reduce((product, values) => product * values.length, 3);
}

/**
 * Reads a domain from YAML.
 * @throws DomainError with the place of every fault: syntax, unknown keys, too few axes, too few points for `samples`.
 */
export function parseDomain(yaml: string, file: string, samples = 0): Domain {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new DomainError(
      document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split('\n')[0] ?? ''}`).join('\n'),
    );
  }
  const parsed = domainSchema.safeParse(valueOf(document, file), { reportInput: true });
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      // A key that does not belong is named itself, not what it stands in.
      const keys = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
      return `${at(offsetOf(document, keys))}: ${keys.join('.') || 'the domain'}: ${faultOf(issue)}`;
    });
    throw new DomainError(
      `${faults.join('\n')}\n“Distillery: New Cascade Domain…” in the editor gives a whole one to start from.`,
    );
  }
  const points = pointCount(parsed.data);
  if (points < Math.min(samples, fewestPoints)) {
    throw new DomainError(
      `${file}: the axes span only ${points} different points, too few for ${samples} samples. Add axes or values.`,
    );
  }
  return parsed.data;
}

/** For people who know YAML and not schemas. */
function faultOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `There is no such key. A domain has ${Object.keys(domainSchema.shape).join(', ')}.`;
  if (issue.code !== 'invalid_type') return issue.message;
  const wanted = { string: 'a text', array: 'a list', record: 'names with lists', object: 'names with values' };
  const expected: Readonly<Record<string, string>> = wanted;
  return issue.input === undefined ? 'It is missing.' : `It must be ${expected[issue.expected] ?? issue.expected}.`;
}

/** Aliases are bounded: a few lines of YAML can otherwise expand to gigabytes, or to themselves. */
function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw new DomainError(
      `${file}: ${error instanceof Error ? error.message : String(error)}. Write the values out instead of using aliases.`,
    );
  }
}

/** Where the deepest part of the path that exists stands. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const keys = path.slice(0, length).map((key) => (typeof key === 'symbol' ? String(key) : key));
    const parent = length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === keys.at(-1));
      if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node = document.getIn(keys, true);
    if (isScalar(node) && node.range) return node.range[0];
  }
  return 0;
}
