import { voteKey } from '../pipelines/ensemble/vote';

/** Whether an answer is the reference: in other case, white space, quotes, emphasis or a number's other writing too. */
export function isReference(answer: string, reference: string): boolean {
  const [said, meant] = [voteKey(answer), voteKey(reference)];
  if (said !== undefined && said === meant) return true;
  return plain(answer) === plain(reference);
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[*_`]+/g, '')
    .replace(/\s+/g, ' ')
    .replace(/^["'“”‘’«»\s]+|["'“”‘’«».!。\s]+$/gu, '');
}

/** What a model says once it has thought; nothing when it was cut off while it thought. */
export function withoutThinking(text: string): string {
  return text.replace(/^\s*<think>(?:[\s\S]*?<\/think>|[\s\S]*$)/, '').trim();
}
