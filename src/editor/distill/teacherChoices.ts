import { defaultTeacher } from '../../core/teachers/defaults';
import { keyOf } from '../../core/teachers/keys';
import type { KeySources } from '../../core/teachers/keys';
import { PROVIDERS } from '../../core/teachers/providers';
import type { TeacherSpec } from '../../core/teachers/spec';
import { VSCODE } from '../../core/teachers/vscode/wire';

/** Who asks and who checks; the same teacher where one does both. */
export interface Teachers {
  readonly generator: TeacherSpec;
  readonly validator: TeacherSpec;
}

export const offlineTeachers: Teachers = sameFor({ provider: 'offline', model: 'extractive' });

export function sameFor(teacher: TeacherSpec): Teachers {
  return { generator: teacher, validator: teacher };
}

/**
 * The teachers that can be asked with the keys at hand: what was used last, the best of each role, each provider on its
 * own, and the offline teacher, which is always there.
 */
export function teacherChoices(sources: KeySources, last?: Teachers): Teachers[] {
  const withKey = PROVIDERS.filter((provider) => keyOf(provider, sources) !== undefined);
  const single = withKey.map(({ keyName }) => (keyName === undefined ? sources : onlyKey(keyName, sources)));
  const proposed = [sources, ...single].map((keys) => ({
    generator: defaultTeacher('generator', keys).spec,
    validator: defaultTeacher('validator', keys).spec,
  }));
  return distinct([
    ...(last === undefined ? [] : [last]),
    ...proposed.filter((one) => !isOffline(one)),
    offlineTeachers,
  ]);
}

export function isOffline({ generator, validator }: Teachers): boolean {
  return generator.provider === 'offline' && validator.provider === 'offline';
}

/** Whether one of them is a model of VS Code, which draws on the person's plan. */
export function drawsOnPlan({ generator, validator }: Teachers): boolean {
  return [generator, validator].some(({ provider }) => provider === VSCODE);
}

/** Whether one of them answers in batches at half price. */
export function hasBatch({ generator, validator }: Teachers): boolean {
  return [generator, validator].some(({ provider }) => provider === 'openai' || provider === 'anthropic');
}

/** `--teacher` of the command line. */
export function teacherArguments({ generator, validator }: Teachers): string[] {
  const name = ({ provider, model }: TeacherSpec) => (provider === 'offline' ? provider : `${provider}/${model}`);
  if (name(generator) === name(validator)) return ['--teacher', name(generator)];
  return ['--teacher', `generator=${name(generator)}`, '--teacher', `validator=${name(validator)}`];
}

/** The sources as if this were the only key. */
export function onlyKey(keyName: string, { given, env, dotEnv }: KeySources): KeySources {
  const pick = (keys: KeySources['env']) => ({ [keyName]: keys?.[keyName] });
  return { given: pick(given), env: pick(env), dotEnv: pick(dotEnv) };
}

function distinct(choices: readonly Teachers[]): Teachers[] {
  const byArguments = new Map(choices.map((choice) => [teacherArguments(choice).join(' '), choice]));
  return [...byArguments.values()];
}
