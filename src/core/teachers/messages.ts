import type { Message } from './teacher';

/** For chat templates without a system role: it leads the first user message. */
export function withoutSystem(messages: readonly Message[]): Message[] {
  const system = messages.filter((message) => message.role === 'system').map((message) => message.content);
  const [first, ...rest] = messages.filter((message) => message.role !== 'system');
  if (!first || system.length === 0) return [...messages];
  return [{ ...first, content: [...system, first.content].join('\n\n') }, ...rest];
}
