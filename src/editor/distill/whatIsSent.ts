import { l10n, workspace } from 'vscode';
import { PROVIDERS } from '../../core/teachers/providers';
import { Setting } from '../contributions';
import { showPage } from '../page';
import type { Estimated } from '../process/estimates';
import { readSetting } from '../registration';
import { count } from '../text';
import type { Work } from './documents';
import type { Plan } from './plan';
import { isOffline } from './teacherChoices';
import { labelOf, nameOf } from './wording';

/** Opens a page, not to be saved, that says which text goes where in this run, before anything does. */
export async function showWhatIsSent(work: Work, plan: Plan, estimated: Estimated): Promise<void> {
  const content = [
    `# ${l10n.t('What is sent')}`,
    '',
    ...work.files.map((file) => `- \`${workspace.asRelativePath(file)}\``),
    '',
    ...(isOffline(plan.teachers)
      ? [l10n.t('Nothing. The offline teacher works on this machine.')]
      : destinations(plan, estimated)),
    '',
  ].join('\n');
  await showPage(l10n.t('What is sent'), content);
}

function destinations({ teachers, questions }: Plan, estimated: Estimated): string[] {
  const { generator, validator } = teachers;
  const size = (stage: string) => {
    if (estimated.state !== 'known') return '';
    const stages = estimated.estimate.stages.filter(({ name }) => name === stage);
    const sum = (key: 'requests' | 'input_tokens') => count(stages.reduce((total, one) => total + one[key], 0));
    return l10n.t('About {0} requests, {1} tokens.', sum('requests'), sum('input_tokens'));
  };
  return [
    `## ${l10n.t('To {0}: {1}', labelOf(generator), nameOf(generator))}`,
    '',
    addressOf(generator.provider),
    '',
    l10n.t(
      'Each passage of the documents with the headings above it, and the instruction to ask {0} questions about it, to answer them and to quote the evidence.',
      questions,
    ),
    size('generate'),
    '',
    `## ${l10n.t('To {0}: {1}', labelOf(validator), nameOf(validator))}`,
    '',
    addressOf(validator.provider),
    '',
    l10n.t('Each question with its answer and evidence, and the passage that it is about, to be judged.'),
    size('validate'),
    '',
    l10n.t(
      'The key of each provider goes to that provider alone. File names, folders and other files of the workspace are not sent. Nothing is sent to the makers of Distillery.',
    ),
  ];
}

function addressOf(provider: string): string {
  const builtIn = PROVIDERS.find(({ name }) => name === provider);
  const fromEnvironment = builtIn?.baseUrlName === undefined ? undefined : process.env[builtIn.baseUrlName];
  const address =
    readSetting(Setting.BaseUrls)[provider] ??
    fromEnvironment ??
    builtIn?.baseUrl ??
    readSetting(Setting.Providers)[provider]?.base_url;
  return address === undefined ? l10n.t('On this machine.') : l10n.t('At {0}', `<${address}>`);
}
