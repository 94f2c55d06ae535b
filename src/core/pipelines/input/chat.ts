import { isObject, type JsonObject } from '../../datasets/rows';

/** A logged conversation: what was asked, and what was answered last. */
export interface ChatLog {
  /** The last thing that the user said; with earlier turns, all of the conversation up to it. */
  readonly instruction: string;
  /** Empty when the log ends with the user's turn. */
  readonly answer: string;
}

interface Turn {
  readonly role: string;
  readonly text: string;
}

/** OpenAI-style `messages`. A string says what is wrong with them. */
export function readChat(messages: unknown): ChatLog | string {
  if (!Array.isArray(messages)) return '“messages” is no list.';
  const turns: Turn[] = [];
  for (const [at, message] of messages.entries()) {
    const turn = readTurn(message);
    if (typeof turn === 'string') return `messages[${at}]: ${turn}`;
    if (turn.text.trim() !== '') turns.push(turn);
  }
  const asked = turns.findLastIndex(({ role }) => role === 'user');
  if (asked < 0) return 'Nobody asks anything: there is no message of the role “user”.';
  const answer = turns.slice(asked + 1).findLast(({ role }) => role === 'assistant');
  return { instruction: conversation(turns.slice(0, asked + 1)), answer: answer?.text ?? '' };
}

function readTurn(message: unknown): Turn | string {
  if (!isObject(message) || typeof message['role'] !== 'string') return 'it has no role.';
  const text = contentOf(message);
  return text === undefined ? 'its content is neither text nor a list of text parts.' : { role: message['role'], text };
}

/** Tool calls have no content; parts of text are joined. */
function contentOf({ content }: JsonObject): string | undefined {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const parts = content.map((part: unknown) =>
    isObject(part) && typeof part['text'] === 'string' ? part['text'] : null,
  );
  return parts.includes(null) ? undefined : parts.join('\n');
}

function conversation(turns: readonly Turn[]): string {
  const [only] = turns;
  if (turns.length === 1 && only) return only.text;
  return turns.map(({ role, text }) => `${role.charAt(0).toUpperCase()}${role.slice(1)}: ${text}`).join('\n\n');
}
