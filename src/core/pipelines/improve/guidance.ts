import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { builtInGuidance } from '../prompts/improve';

const sentence = z.string().trim().min(3).max(4000);

/** A file of guidance: `default`, and an entry for each category. */
const guidanceSchema = z.strictObject({
  default: sentence.optional(),
  categories: z
    .record(
      z.string().min(1),
      z.union([sentence, z.strictObject({ guidance: sentence, final_number: z.boolean().optional() })]),
    )
    .default({}),
});

export interface CategoryGuidance {
  readonly text: string;
  /** Compare the final number with the reference's. */
  readonly finalNumber: boolean;
}

/** Guidance by category in lower case; `default` for all others. */
export type Guidance = ReadonlyMap<string, CategoryGuidance>;

export class GuidanceError extends Error {
  override readonly name = 'GuidanceError';
  readonly code = 'bad_guidance';
}

/** The built-in guidance, with the person's before it. */
export function withBuiltIn(own: Guidance = new Map()): Guidance {
  const builtIn = Object.entries(builtInGuidance).map(
    ([category, text]) => [category, { text, finalNumber: category === 'math' }] as const,
  );
  return new Map([...own, ...builtIn.filter(([category]) => !own.has(category))]);
}

/**
 * Reads guidance from YAML.
 * @throws GuidanceError with line and column of what is wrong.
 */
export function parseGuidance(yaml: string, file: string): Guidance {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new GuidanceError(`${file}:${line}:${col}: ${broken.message.split('\n')[0] ?? ''}`);
  }
  const parsed = guidanceSchema.safeParse(plain(() => document.toJS({ maxAliasCount: 50 }), file));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
      return `${file}: ${keys.join('.') || 'the file'}: ${issue.message}`;
    });
    throw new GuidanceError(
      `${faults.join('\n')}\nA guidance file has “default: text” and “categories:” with “name: text”, or “name: { guidance: text, final_number: true }”.`,
    );
  }
  const { default: otherwise, categories } = parsed.data;
  const own = Object.entries(categories).map(([category, entry]): [string, CategoryGuidance] => [
    category.toLowerCase(),
    typeof entry === 'string'
      ? { text: entry, finalNumber: isMath(category) }
      : { text: entry.guidance, finalNumber: entry.final_number ?? isMath(category) },
  ]);
  return new Map([
    ...own,
    ...(otherwise === undefined ? [] : [['default', { text: otherwise, finalNumber: false }] as const]),
  ]);
}

/** Aliases are bounded: a few lines of YAML can otherwise expand to gigabytes. */
function plain(read: () => unknown, file: string): unknown {
  try {
    return read();
  } catch (error) {
    throw new GuidanceError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** By name, then by the part of a name (`math_word_problems`), then the default. `known` is false for the default. */
export function guidanceFor(guidance: Guidance, category: string): CategoryGuidance & { readonly known: boolean } {
  const name = category.toLowerCase();
  const exact = guidance.get(name);
  if (exact) return { ...exact, known: true };
  const part = [...guidance].find(([key]) => key !== 'default' && name.includes(key));
  if (part) return { ...part[1], known: true };
  const otherwise = guidance.get('default') ?? { text: '', finalNumber: false };
  return { ...otherwise, finalNumber: isMath(name), known: false };
}

function isMath(category: string): boolean {
  return /math|arithmetic|algebra|geometry|gsm8k|calculus/i.test(category);
}
