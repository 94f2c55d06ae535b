import { l10n } from 'vscode';
import { Command } from './contributions';
import { askForModel } from './distill/model';
import { nameOf } from './distill/wording';
import type { Keys } from './keys/keys';
import type { Estimated, Estimates } from './process/estimates';
import { pickOne } from './quickSteps';
import type { Choice, Picked, Place } from './quickSteps';
import { runCommand } from './registration';
import { priceOf, refusal } from './spendStep';

export interface ModelStep {
  readonly place: Place;
  readonly title: string;
  readonly placeholder: string;
  readonly keys: Keys;
  readonly root: string;
  readonly estimates: Estimates;
  /** What the work would cost with this model. */
  estimated(model: string): Estimated;
  /** Models that can be asked with the keys that are there; looked at again once another key is. */
  models(): Promise<readonly Choice<string>[]>;
  /** Below the models. */
  readonly others?: readonly Choice<string>[];
}

/** A step that asks for one model, as `PROVIDER/MODEL`: one of those offered with its price, another, or a key first. */
export async function pickModel(step: ModelStep): Promise<Picked<string>> {
  for (;;) {
    const models = await step.models();
    const picked = await pickOne<string>({
      ...step.place,
      title: step.title,
      placeholder: step.placeholder,
      items: () => [
        ...models.map((model) => ({ ...model, description: priceOf(step.estimated(model.value)) })),
        ...(step.others ?? []),
        { label: l10n.t('Another model…'), value: 'model' },
        { label: l10n.t('Set an API key…'), value: 'key' },
      ],
      busy: () => step.estimates.busy,
      onChange: (changed) => step.estimates.onChange(changed),
      // What one of them cannot begin with, none can.
      failure: () => models.map(({ value }) => refusal(step.estimated(value))).find((one) => one !== undefined),
    });
    if (typeof picked === 'string') return picked;
    if (picked.value === 'key') await runCommand(Command.SetKey);
    else if (picked.value !== 'model') return picked;
    else {
      const typedIn = await askForModel(step.keys, step.root, step.place);
      if (typedIn !== undefined) return { value: nameOf(typedIn.generator) };
    }
  }
}
