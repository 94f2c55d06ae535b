import type { Finding } from './problem';

/** A line that may hold a secret. */
export interface SuspectLine {
  readonly number: number;
  readonly text: string;
}

/** What the rules begin with; a line without any of it holds no secret that they know. */
const HINT =
  /AKIA|ASIA|secret|token|passw|api_?key|BEGIN |:\/\/[^\s/"@]{1,80}:|sk-|gh[opsur]_|github_pat|glpat|xox|hooks\.slack|npm_|SG\.|shp[a-z]{2}_|lin_api|ops_ey|AIza|hf_|private_key/i;

export function maySecret(text: string): boolean {
  return HINT.test(text);
}

/** Keys of providers that the rule set does not know. */
const MORE: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /\bhf_[A-Za-z0-9]{34,}\b/g, name: 'a Hugging Face token' },
  { pattern: /\bsk-(?:proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{32,}\b/g, name: 'an API key' },
  { pattern: /\bAIza[\w-]{35}\b/g, name: 'a Google API key' },
];

/**
 * Secrets by the rules of `secretlint` (its recommended preset). Lines are handed over many at a time: a call costs more
 * than reading a line.
 * @returns findings by line number
 */
export async function findSecrets(lines: readonly SuspectLine[]): Promise<Map<number, Finding[]>> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const found = new Map<number, Finding[]>();
  // In JSON a line break is a backslash and an n: as a blank and a real one, keys of several lines are seen as such.
  const content = lines.map(({ text }) => text.replaceAll('\\r\\n', '   \n').replaceAll('\\n', ' \n')).join('\n');
  const { messages } = await lintSource({
    source: { content, filePath: 'rows.txt', ext: '.txt', contentType: 'text' },
    options: {
      noPhysicFilePath: true,
      maskSecrets: true,
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
    },
  });
  const starts: number[] = [];
  for (let index = 0, at = 0; index < lines.length; at += (lines[index++]?.text.length ?? 0) + 1) starts.push(at);
  for (const { range, messageId } of messages) {
    const index = lastAtMost(starts, range[0]);
    const line = lines[index];
    if (line) add(found, line, range[0] - (starts[index] ?? 0), range[1] - range[0], nameOf(messageId));
  }
  for (const line of lines) {
    for (const { pattern, name } of MORE) {
      for (const match of line.text.matchAll(pattern)) add(found, line, match.index, match[0].length, name);
    }
  }
  return found;
}

function add(found: Map<number, Finding[]>, line: SuspectLine, at: number, length: number, name: string): void {
  const column = at + 1;
  const endColumn = Math.min(at + length, line.text.length) + 1;
  const findings = found.get(line.number) ?? [];
  if (findings.some((other) => other.column < endColumn && column < other.endColumn)) return;
  const message = `The text holds ${name}. Take it out and revoke it: a model repeats what it has learnt.`;
  findings.push({ column, endColumn, code: 'secret', message });
  found.set(line.number, findings);
}

/** `AWSSecretAccessKey`, `GITHUB_TOKEN` → in words. The secret itself is in no message. */
function nameOf(messageId: string): string {
  return `a secret (${messageId
    .replace(/([a-z])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
    .replaceAll('_', ' ')
    .toLowerCase()})`;
}

function lastAtMost(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
