import { l10n } from 'vscode';
import { PROVIDERS } from '../../core/teachers/providers';
import type { TeacherSpec } from '../../core/teachers/spec';
import { VSCODE } from '../../core/teachers/vscode/wire';
import { isOffline } from './teacherChoices';
import type { Teachers } from './teacherChoices';

/** `Distill handbook.md`, `Distill 3 documents`. */
export function sharedTitle(names: readonly string[]): string {
  const [first] = names;
  return names.length === 1 && first !== undefined
    ? l10n.t('Distill {0}', first)
    : l10n.t('Distill {0} documents', names.length);
}

/** `DeepSeek + Anthropic check`, and below it the models. */
export function describeTeachers(teachers: Teachers): { readonly label: string; readonly detail?: string } {
  if (isOffline(teachers)) return { label: l10n.t('Offline (no key, extractive)') };
  const { generator, validator } = teachers;
  const [asks, checks] = [labelOf(generator), labelOf(validator)];
  const label = asks === checks ? l10n.t('{0} only', asks) : l10n.t('{0} + {1} check', asks, checks);
  if (nameOf(generator) === nameOf(validator))
    return { label, detail: l10n.t('{0} asks and checks', nameOf(generator)) };
  return { label, detail: l10n.t('{0} asks, {1} checks', nameOf(generator), nameOf(validator)) };
}

export function labelOf({ provider }: TeacherSpec): string {
  if (provider === 'offline') return l10n.t('Offline');
  if (provider === VSCODE) return 'VS Code';
  return PROVIDERS.find(({ name }) => name === provider)?.label ?? provider;
}

export function nameOf({ provider, model }: TeacherSpec): string {
  return `${provider}/${model}`;
}
