import { QuickInputButtons, l10n, window } from 'vscode';
import type { QuickPick, QuickPickItem } from 'vscode';
import { count } from './text';

/** How a step of a multi-step pick ended. */
export type Turn = 'next' | 'back' | 'cancel';

/** Which of how many, from 1. */
export interface Place {
  readonly step: number;
  readonly totalSteps: number;
}

/** A step asks one thing and keeps the answer. */
export type Step = (place: Place) => Promise<Turn>;

/** Goes through the steps, forwards and back. @returns false when the person left. */
export async function walk(steps: readonly Step[]): Promise<boolean> {
  for (let at = 0; at < steps.length;) {
    const turn = await steps[at]?.({ step: at + 1, totalSteps: steps.length });
    if (turn === 'cancel') return false;
    at = Math.max(0, at + (turn === 'back' ? -1 : 1));
  }
  return true;
}

export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

/** What the person picked; `back` and `cancel` are the buttons and Escape. */
export type Picked<T> = { readonly value: T } | 'back' | 'cancel';

export interface PickOptions<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly step: number;
  readonly totalSteps: number;
  /** Called at once, and again by `changed`: items may come to know more while the person looks at them. */
  items(): readonly Choice<T>[];
  /** More is about to be known. */
  busy?(): boolean;
  /** Registers what calls for a new look at `items` and `busy`. */
  onChange?(changed: () => void): { dispose(): unknown };
  /** What makes the step pointless; it ends with this error. */
  failure?(): Error | undefined;
  /** An item that is not ready to be taken: Enter waits for it to be. */
  ready?(value: T): boolean;
}

/** One step as a quick pick that refreshes itself, with a back button from the second step on. */
export async function pickOne<T>(options: PickOptions<T>): Promise<Picked<T>> {
  const pick = window.createQuickPick<Choice<T>>();
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  pick.step = options.step;
  pick.totalSteps = options.totalSteps;
  pick.ignoreFocusOut = true;
  pick.keepScrollPosition = true;
  pick.buttons = options.step > 1 ? [QuickInputButtons.Back] : [];
  let changes: { dispose(): unknown } | undefined;
  try {
    return await new Promise<Picked<T>>((resolve, reject) => {
      const show = () => {
        const failure = options.failure?.();
        if (failure !== undefined) reject(failure);
        else showItems(pick, options);
      };
      changes = options.onChange?.(show);
      show();
      pick.onDidTriggerButton(() => resolve('back'));
      pick.onDidHide(() => resolve('cancel'));
      pick.onDidAccept(() => {
        const [item] = pick.activeItems;
        if (item !== undefined && (options.ready?.(item.value) ?? true)) resolve({ value: item.value });
      });
      pick.show();
    });
  } finally {
    changes?.dispose();
    pick.dispose();
  }
}

/** The item that the person is on stays the active one. */
function showItems<T>(pick: QuickPick<Choice<T>>, options: PickOptions<T>): void {
  const at = pick.items.findIndex((item) => item === pick.activeItems[0]);
  pick.items = options.items();
  pick.busy = options.busy?.() ?? false;
  const active = at > 0 ? pick.items[at] : undefined;
  if (active !== undefined) pick.activeItems = [active];
}

/** Asks for a value of its own kind; `read` gives it, or says what is wrong. */
export async function typed(
  prompt: string,
  value: string,
  read: (text: string) => number | string,
): Promise<number | undefined> {
  const text = await window.showInputBox({
    prompt,
    value,
    ignoreFocusOut: true,
    validateInput: (candidate) => {
      const problem = read(candidate);
      return typeof problem === 'string' ? problem : undefined;
    },
  });
  const result = text === undefined ? undefined : read(text);
  return typeof result === 'number' ? result : undefined;
}

/** Reads a whole number within limits, or says what is wanted. */
export function wholeNumber(from: number, to: number): (text: string) => number | string {
  return (text) => {
    const number = Number(text.replaceAll(/[ ,.](?=\d{3})/gu, ''));
    return text.trim() !== '' && Number.isInteger(number) && number >= from && number <= to
      ? number
      : l10n.t('Give a whole number from {0} to {1}.', count(from), count(to));
  };
}
