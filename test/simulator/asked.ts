import { hashOf } from './chance';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the simulator reads of a request, whichever API it came through. */
export interface Asked {
  readonly hash: string;
  readonly model: string;
  readonly system: string;
  /** All but the system message. */
  readonly user: string;
  readonly maxTokens: number;
  /** The text between the document tags, as it was before it was escaped. */
  readonly document: string | undefined;
  /** Enforced, or found described in the prompt. */
  readonly schema: JsonSchema | undefined;
}

export function asked(parts: {
  readonly body: unknown;
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly maxTokens: number;
  readonly schema?: JsonSchema | undefined;
}): Asked {
  const text = (wanted: boolean) =>
    parts.messages
      .filter((message) => (message.role === 'system') === wanted)
      .map((message) => message.content)
      .join('\n\n');
  const system = text(true);
  const user = text(false);
  return {
    hash: hashOf(JSON.stringify(parts.body)),
    model: parts.model,
    system,
    user,
    maxTokens: parts.maxTokens,
    document: documentIn(user),
    schema: parts.schema ?? describedSchema(`${system}\n${user}`),
  };
}

/** The user's words without the document. */
export function outsideDocument(user: string): string {
  return user.replace(/<document>[\s\S]*?<\/document>/g, ' ');
}

function documentIn(user: string): string | undefined {
  const [, text] = /<document>\n?([\s\S]*?)\n?<\/document>/.exec(user) ?? [];
  return text?.replace(/&lt;(?=\s*\/?\s*document\b)/giu, '<');
}

/** The first JSON object in a text that is a schema of an object. */
function describedSchema(text: string): JsonSchema | undefined {
  for (const start of text.matchAll(/\{"/g)) {
    const value = jsonAt(text, start.index);
    if (isObject(value) && isObject(value.properties)) return value;
  }
  return undefined;
}

/** The JSON object that begins at `start`; undefined when there is none. */
export function jsonAt(text: string, start: number): unknown {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) {
      try {
        return JSON.parse(text.slice(start, at + 1));
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
