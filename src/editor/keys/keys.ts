import { workspace } from 'vscode';
import type { Event, SecretStorage } from 'vscode';
import type { KeySources } from '../../core/teachers/keys';
import { PROVIDERS } from '../../core/teachers/providers';
import { Setting } from '../contributions';
import { readSetting } from '../registration';

/** Somebody whose key can be kept. */
export interface KeyOwner {
  readonly name: string;
  readonly label: string;
  /** The environment variable of the key; in SecretStorage it is kept under the same name. */
  readonly keyName: string;
}

/** The API keys: SecretStorage, then the environment, then the `.env` of a trusted folder. No key is ever logged. */
export class Keys {
  readonly onDidChange: Event<unknown>;

  constructor(private readonly secrets: SecretStorage) {
    this.onDidChange = secrets.onDidChange;
  }

  /** The built-in providers, then the person's own that take a key. */
  get owners(): readonly KeyOwner[] {
    const declared = Object.entries(readSetting(Setting.Providers)).map(([name, own]) => ({
      name,
      label: name,
      keyName: own.key_env,
    }));
    return [...PROVIDERS, ...declared].flatMap(({ name, label, keyName }) =>
      keyName === undefined ? [] : [{ name, label, keyName }],
    );
  }

  /** Where keys are found for work in `folder`. */
  async sources(folder?: string): Promise<KeySources> {
    const kept = this.owners.map(async ({ keyName }) => [keyName, await this.secrets.get(keyName)] as const);
    return {
      given: Object.fromEntries(await Promise.all(kept)),
      env: process.env,
      dotEnv: folder !== undefined && workspace.isTrusted ? await readDotEnvOf(folder) : {},
    };
  }

  /** The keys that a process gets over its pipe, each from its first source. */
  async handover(folder: string): Promise<Record<string, string>> {
    const { keyOf } = await import('../../core/teachers/keys');
    const sources = await this.sources(folder);
    const found = this.owners.map((owner) => [owner.keyName, keyOf(owner, sources)] as const);
    return Object.fromEntries(found.flatMap(([name, key]) => (key === undefined ? [] : [[name, key] as const])));
  }

  keep(owner: KeyOwner, key: string): Thenable<void> {
    return this.secrets.store(owner.keyName, key.trim());
  }

  remove(owner: KeyOwner): Thenable<void> {
    return this.secrets.delete(owner.keyName);
  }
}

async function readDotEnvOf(folder: string) {
  const { readDotEnv } = await import('../../core/teachers/keys');
  return readDotEnv(folder);
}
