import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Uri } from 'vscode';
import { rulesBeside } from '../../core/datasets/check/gate-rules';
import type { LineCheckOptions } from '../../core/datasets/check/line-checks';
import { heldOut } from '../../core/datasets/check/row-limits';
import { targetRules } from '../../core/datasets/check/targets';
import { loadTokenCounter } from '../../core/datasets/tokens';

/** What LLaMA-Factory cuts at when nobody says otherwise. Our own training sets it by the longest row: a warning. */
const USUAL = { maxTokens: 2048, tokenSeverity: 'warning' } as const;
/** A larger test file is a matter for Check Dataset. */
const LARGEST_TEST_FILE = 16 << 20;

export interface Limits extends LineCheckOptions {
  /** The test file, whether or not it is there. */
  readonly tests?: string;
}

/**
 * What a text of rows is held to beyond its form: the rules beside it, else the usual cutoff and the test file of the
 * same folder, as a split or a distillation leaves it.
 */
export async function limitsOf({ scheme, fsPath }: Uri): Promise<Limits> {
  const count = await loadTokenCounter();
  if (scheme !== 'file') return { count, ...USUAL };
  const rules = (await rulesBeside(fsPath))?.rules;
  const target = rules?.target;
  const maxTokens = rules?.max_tokens ?? (target && targetRules[target].maximumTokens);
  const tests = rules?.test_file ?? path.join(path.dirname(fsPath), 'test.jsonl');
  const readable = tests !== fsPath && (await sizeOf(tests)) <= LARGEST_TEST_FILE;
  return {
    count,
    format: rules?.format,
    target,
    ...(maxTokens === undefined ? USUAL : { maxTokens }),
    tests,
    leaks: readable ? await heldOut(tests) : undefined,
  };
}

/** Infinite when there is no such file. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => Infinity,
  );
}
