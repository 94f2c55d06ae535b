import { l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { keyOf } from '../../core/teachers/keys';
import { tabulatedModels } from '../../core/teachers/prices';
import { PROVIDERS } from '../../core/teachers/providers';
import { TeacherSpecError, parseTeacher } from '../../core/teachers/spec';
import { VSCODE } from '../../core/teachers/vscode/wire';
import { Setting } from '../contributions';
import type { Keys } from '../keys/keys';
import { knownLanguageModels } from '../languageModels/answerRun';
import type { Place } from '../quickSteps';
import { readSetting } from '../registration';
import { dollars } from '../text';
import { sameFor } from './teacherChoices';
import type { Teachers } from './teacherChoices';

/** One model for asking and checking: from those with a known price and a key, or typed as `provider/model`. */
export async function askForModel(
  keys: Keys,
  folder: string,
  place: Place,
  title = l10n.t('Another model'),
): Promise<Teachers | undefined> {
  const known = await knownModels(keys, folder);
  const pick = window.createQuickPick();
  Object.assign(pick, place);
  pick.title = title;
  pick.placeholder = l10n.t('Choose one, or type PROVIDER/MODEL');
  pick.ignoreFocusOut = true;
  pick.items = known;
  pick.onDidChangeValue((value) => {
    pick.items =
      /^[\w.-]+\/\S+$/u.test(value) && !known.some(({ label }) => label === value)
        ? [{ label: value }, ...known]
        : known;
  });
  try {
    const name = await new Promise<string | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.activeItems[0]?.label ?? pick.value));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
    return name === undefined ? undefined : sameFor(parseTeacher(name));
  } catch (error) {
    if (!(error instanceof TeacherSpecError)) throw error;
    void window.showErrorMessage(error.message);
    return undefined;
  } finally {
    pick.dispose();
  }
}

/** Models with a known price and a key, those with a price of the person's own, and those of VS Code. */
export async function knownModels(keys: Keys, folder: string): Promise<QuickPickItem[]> {
  const sources = await keys.sources(folder);
  const reachable = new Set(PROVIDERS.filter((one) => keyOf(one, sources) !== undefined).map(({ name }) => name));
  const tabulated = tabulatedModels().flatMap(({ name, price }) => {
    const { input, output } = price.record;
    const description = l10n.t('{0} in, {1} out per million tokens', dollars(input), dollars(output));
    return reachable.has(name.split('/')[0] ?? '') ? [{ label: name, description }] : [];
  });
  const own = Object.keys(readSetting(Setting.Prices)).filter((name) => !name.endsWith('/*'));
  const here = (await knownLanguageModels()).map(({ name, model }) => ({
    label: `${VSCODE}/${name}`,
    description: l10n.t('{0}, in VS Code · draws on your plan', model.name),
  }));
  return [...own.map((label) => ({ label, description: l10n.t('your own price') })), ...tabulated, ...here];
}
