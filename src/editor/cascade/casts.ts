import { l10n } from 'vscode';
import { defaultTeacher } from '../../core/teachers/defaults';
import { keyOf } from '../../core/teachers/keys';
import type { KeySources } from '../../core/teachers/keys';
import { PROVIDERS } from '../../core/teachers/providers';
import { OFFLINE } from '../../core/teachers/spec';
import type { TeacherSpec } from '../../core/teachers/spec';
import { onlyKey } from '../distill/teacherChoices';
import { labelOf, nameOf } from '../distill/wording';

export const roles = ['generator', 'formatter', 'validator'] as const;
/** Who reasons, who formats, who checks. */
export type Cast = Readonly<Record<(typeof roles)[number], TeacherSpec>>;

/** What was used last, the best of each role, each provider on its own, and the offline teacher. */
export function castChoices(sources: KeySources, last?: Cast): Cast[] {
  const withKey = PROVIDERS.filter((provider) => keyOf(provider, sources) !== undefined);
  const single = withKey.map(({ keyName }) => (keyName === undefined ? sources : onlyKey(keyName, sources)));
  const proposed = [sources, ...single].map((keys) => castOf((role) => defaultTeacher(role, keys).spec));
  const all = [...(last === undefined ? [] : [last]), ...proposed, castOf(() => OFFLINE)];
  return [...new Map(all.map((cast) => [castArguments(cast).join(' '), cast])).values()];
}

export function castOf(teacher: (role: (typeof roles)[number]) => TeacherSpec): Cast {
  return { generator: teacher('generator'), formatter: teacher('formatter'), validator: teacher('validator') };
}

/** `--teacher` of the command line. */
export function castArguments(cast: Cast): string[] {
  return roles.flatMap((role) => {
    const { provider } = cast[role];
    return ['--teacher', `${role}=${provider === 'offline' ? provider : nameOf(cast[role])}`];
  });
}

export function isOfflineCast(cast: Cast): boolean {
  return roles.every((role) => cast[role].provider === 'offline');
}

/** `DeepSeek → OpenAI → Anthropic`, and below it the models with what each does. */
export function describeCast(cast: Cast): { readonly label: string; readonly detail?: string } {
  if (isOfflineCast(cast)) return { label: l10n.t('Offline (no key)') };
  const labels = roles.map((role) => labelOf(cast[role]));
  const [first = ''] = labels;
  return {
    label: new Set(labels).size === 1 ? l10n.t('{0} only', first) : labels.join(' → '),
    detail: l10n.t(
      '{0} reasons, {1} formats, {2} checks',
      nameOf(cast.generator),
      nameOf(cast.formatter),
      nameOf(cast.validator),
    ),
  };
}
