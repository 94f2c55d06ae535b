import { keyOf, type KeySources } from './keys';
import { PROVIDERS } from './providers';
import { OFFLINE, parseTeacher, type TeacherSpec } from './spec';

export type Role = 'generator' | 'formatter' | 'validator' | 'answerer';

/** For each role the models to choose from, best first: today's of the class that the strategy names. */
const BY_ROLE: Readonly<Record<Role, readonly string[]>> = {
  generator: ['deepseek/deepseek-flash', 'openai/gpt-6-luna', 'anthropic/claude-haiku-5-5'],
  formatter: ['openai/gpt-6-luna', 'anthropic/claude-haiku-5-5', 'deepseek/deepseek-flash'],
  validator: ['anthropic/claude-sonnet-5-5', 'openai/gpt-6.1-terra', 'deepseek/deepseek-v4-pro'],
  answerer: ['deepseek/deepseek-flash', 'openai/gpt-6-luna', 'anthropic/claude-haiku-5-5'],
};

export interface DefaultTeacher {
  readonly spec: TeacherSpec;
  /** Set when it is not the role's first choice: why, and what to set. */
  readonly notice?: string;
}

/** Whom a role asks when nobody says: its first choice among the providers whose keys are there, else offline. */
export function defaultTeacher(role: Role, sources: KeySources): DefaultTeacher {
  const choices = BY_ROLE[role].map(parseTeacher);
  const [first] = choices;
  const spec = choices.find((choice) => keyOf(providerOf(choice), sources) !== undefined);
  if (!spec) return { spec: OFFLINE, notice: NO_KEYS };
  if (spec === first || first === undefined) return { spec };
  return {
    spec,
    notice: `The ${role} is ${nameOf(spec)}: there is no ${String(providerOf(first).keyName)} for ${nameOf(first)}.`,
  };
}

/** Whom a role of several asks when nobody says: each of its choices whose provider has a key. */
export function defaultTeachers(role: Role, sources: KeySources): readonly TeacherSpec[] {
  return BY_ROLE[role].map(parseTeacher).filter((choice) => keyOf(providerOf(choice), sources) !== undefined);
}

/** Said once when no provider has a key. */
export const NO_KEYS =
  'No API key was found, so the offline teacher answers: free, and extractive. ' +
  'Run “Distillery: Set API Key…” in the editor or set DEEPSEEK_API_KEY, OPENAI_API_KEY or ANTHROPIC_API_KEY.';

function providerOf(spec: TeacherSpec): { readonly keyName?: string } {
  return PROVIDERS.find((provider) => provider.name === spec.provider) ?? {};
}

function nameOf(spec: TeacherSpec): string {
  return `${spec.provider}/${spec.model}`;
}
