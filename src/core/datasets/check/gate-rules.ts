import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { DatasetError } from '../errors';
import { rowFormat } from '../formats/example';
import { rulesFile } from './rules-file';
import { checkTarget } from './targets';

const share = z.number().min(0).max(1);

/**
 * `distillery.rules.yaml`: what a dataset must be. Every entry is one test; a folder's rules hold for each file that is
 * checked there.
 */
export const gateRules = z.strictObject({
  format: z.optional(rowFormat),
  target: z.optional(checkTarget),
  max_tokens: z.number().int().positive().optional(),
  /** Held-out rows that the data must not give away; relative to the rules. */
  test_file: z.string().optional(),
  /** What every row must have. Fields may be dotted. */
  schema: z
    .strictObject({
      required: z.array(z.string()).default([]),
      types: z.record(z.string(), z.enum(['text', 'number', 'boolean', 'list', 'object'])).default({}),
      values: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()]))).default({}),
    })
    .optional(),
  /** Bounds of the whole file. `max` is a share of the rows by the code of a check: `duplicate: 0.02`. */
  thresholds: z
    .strictObject({
      min_rows: z.number().int().nonnegative().optional(),
      max_rows: z.number().int().positive().optional(),
      max_errors: z.number().int().nonnegative().default(0),
      max_warnings: z.number().int().nonnegative().optional(),
      max: z.record(z.string(), share).default({}),
    })
    .default({ max_errors: 0, max: {} }),
  /** Shares that every value of a field must keep. */
  balance: z
    .array(z.strictObject({ field: z.string(), min_share: share.default(0), max_share: share.default(1) }))
    .default([]),
  /**
   * Conditions on each row in the Common Expression Language (cel.dev), over `row`: `size(row.output) >= 20`. An
   * expression cannot loop, call out or change anything.
   */
  rows: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\w.-]+$/, 'letters, digits, dots and dashes only'),
        expression: z.string(),
        message: z.string().optional(),
        at_least: share.default(1),
      }),
    )
    .default([]),
});
export type GateRules = z.infer<typeof gateRules>;

/** @throws {DatasetError} `wrong_usage` with what is wrong in the rules */
export function parseRules(text: string, file: string): GateRules {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new DatasetError(
      'wrong_usage',
      `${file} is not YAML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const result = gateRules.safeParse(value ?? {});
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new DatasetError('wrong_usage', `${file}: ${issues.join('; ')}.`);
}

/** The rules beside a data file, or undefined when its folder has none. `test_file` is made absolute. */
export async function rulesBeside(
  dataFile: string,
): Promise<{ readonly file: string; readonly rules: GateRules } | undefined> {
  const file = join(dirname(dataFile), rulesFile);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const rules = parseRules(text, file);
  return {
    file,
    rules: rules.test_file === undefined ? rules : { ...rules, test_file: join(dirname(file), rules.test_file) },
  };
}
