import { Setting } from '../contributions';
import type { Keys } from '../keys/keys';
import { readSetting } from '../registration';
import type { Handover } from './cli';

/** What a process gets over its pipe: keys, and the person's own servers and prices. */
export async function handoverFor(keys: Keys, folder: string): Promise<Handover> {
  return {
    keys: await keys.handover(folder),
    models: true,
    settings: {
      baseUrls: readSetting(Setting.BaseUrls),
      prices: readSetting(Setting.Prices),
      providers: readSetting(Setting.Providers),
    },
  };
}
