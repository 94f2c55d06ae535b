import { InputBoxValidationSeverity, ThemeIcon, Uri, env, l10n, window } from 'vscode';
import type { InputBoxValidationMessage, QuickInputButton, QuickPickItem } from 'vscode';
import { keyOf } from '../../core/teachers/keys';
import type { KeySources } from '../../core/teachers/keys';
import type { KeyOwner, Keys } from './keys';
import { doubtAbout } from './shape';

/** Where each provider hands out keys. */
const keyPages: Readonly<Record<string, string>> = {
  openai: 'https://platform.openai.com/api-keys',
  deepseek: 'https://platform.deepseek.com/api_keys',
  anthropic: 'https://platform.claude.com/settings/keys',
  together: 'https://api.together.ai/settings/api-keys',
  openrouter: 'https://openrouter.ai/settings/keys',
};

/** `Set API Key…`. @returns whether a key was kept. */
export async function setKey(keys: Keys, provider?: string): Promise<boolean> {
  const owner = keys.owners.find(({ name }) => name === provider) ?? (await pickOwner(keys));
  if (owner === undefined) return false;
  const key = await window.showInputBox({
    title: l10n.t('API key of {0}', owner.label),
    prompt: l10n.t(
      'Kept in the secret storage of VS Code. It is sent to {0} alone, and written to no file and no log.',
      owner.label,
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => explainDoubt(keys, owner, text),
  });
  if (key === undefined) return false;
  await keys.keep(owner, key);
  void window.showInformationMessage(l10n.t('The key of {0} is kept.', owner.label));
  return true;
}

/** `Remove API Key…`: those in the secret storage; others are not ours to remove. */
export async function removeKey(keys: Keys): Promise<void> {
  const { given = {} } = await keys.sources();
  const kept = keys.owners.filter(({ keyName }) => given[keyName] !== undefined);
  if (kept.length === 0) {
    void window.showInformationMessage(
      l10n.t('No key is kept here. Keys in the environment or in a .env file are removed there.'),
    );
    return;
  }
  const picked = await window.showQuickPick(
    kept.map((owner) => ({ label: owner.label, description: owner.keyName, owner })),
    { title: l10n.t('Remove API Key'), placeHolder: l10n.t('Whose key is to be removed?') },
  );
  if (picked === undefined) return;
  await keys.remove(picked.owner);
  void window.showInformationMessage(l10n.t('The key of {0} is removed.', picked.owner.label));
}

async function pickOwner(keys: Keys): Promise<KeyOwner | undefined> {
  const sources = await keys.sources();
  const page: QuickInputButton = { iconPath: new ThemeIcon('link-external'), tooltip: l10n.t('Where keys are made') };
  const pick = window.createQuickPick<QuickPickItem & { readonly owner: KeyOwner }>();
  pick.title = l10n.t('Set API Key');
  pick.placeholder = l10n.t('Whose key?');
  pick.items = keys.owners.map((owner) => ({
    label: owner.label,
    description: whereFound(owner, sources),
    owner,
    buttons: keyPages[owner.name] === undefined ? [] : [page],
  }));
  pick.onDidTriggerItemButton(({ item }) => {
    const address = keyPages[item.owner.name];
    if (address !== undefined) void env.openExternal(Uri.parse(address));
  });
  try {
    return await new Promise((resolve) => {
      pick.onDidAccept(() => resolve(pick.activeItems[0]?.owner));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function whereFound(owner: KeyOwner, { given, env: environment, dotEnv }: KeySources): string {
  if (keyOf(owner, { ...(given && { given }) }) !== undefined) return l10n.t('key set');
  if (keyOf(owner, { ...(environment && { env: environment }) }) !== undefined)
    return l10n.t('key in the environment ({0})', owner.keyName);
  if (keyOf(owner, { ...(dotEnv && { dotEnv }) }) !== undefined) return l10n.t('key in .env');
  return l10n.t('no key');
}

/** A doubt is shown while typing. Nothing, or several words, cannot be a key; a strange shape can. */
function explainDoubt(keys: Keys, owner: KeyOwner, text: string): InputBoxValidationMessage | undefined {
  const doubt = doubtAbout(owner.keyName, text);
  switch (doubt?.kind) {
    case undefined:
      return undefined;
    case 'empty':
      return { message: l10n.t('Paste the key.'), severity: InputBoxValidationSeverity.Error };
    case 'blank_inside':
      return {
        message: l10n.t('A key has no blanks in it: paste the key alone.'),
        severity: InputBoxValidationSeverity.Error,
      };
    case 'another': {
      const other = keys.owners.find(({ keyName }) => keyName === doubt.keyName)?.label ?? doubt.keyName;
      return {
        message: l10n.t(
          'This looks like a key of {0}, not of {1}. Press Enter to keep it all the same.',
          other,
          owner.label,
        ),
        severity: InputBoxValidationSeverity.Warning,
      };
    }
    case 'unusual':
      return {
        message: l10n.t('Keys of {0} usually look different. Press Enter to keep it all the same.', owner.label),
        severity: InputBoxValidationSeverity.Warning,
      };
  }
}
