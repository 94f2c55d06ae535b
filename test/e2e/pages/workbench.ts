import { setTimeout as delay } from 'node:timers/promises';
import type { Frame, Locator, Page } from 'playwright-core';
import { Menu } from './menu';
import { QuickPick } from './quick-pick';
import { TreeView } from './tree-view';

/** What a person sees around the editors: palette, side bar, notifications, status bar, tabs, webviews. */
export class Workbench {
  readonly quickPick: QuickPick;

  constructor(readonly page: Page) {
    this.quickPick = new QuickPick(page);
  }

  /** Runs a command from the palette by its title, with its category: `Distillery: Set API Key…`. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickPick.type(`>${title}`);
    await this.quickPick.rows
      .filter({ has: this.page.locator('.quick-input-list-label').getByText(title, { exact: true }) })
      .first()
      .click();
  }

  /** Changes the colours of the window as it stands, by the theme's name in the list. */
  async chooseTheme(label: string): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.quickPick.type(label);
    await this.quickPick.choose(label);
    await this.quickPick.closed();
  }

  /** Titles that the palette offers for a text; hidden and disabled commands are not among them. */
  async commandsFor(text: string): Promise<string[]> {
    await this.page.keyboard.press('F1');
    await this.quickPick.type(`>${text}`);
    const offered = await this.quickPick.items();
    await this.quickPick.cancel();
    return offered;
  }

  /** Shows a container of the activity bar: `Distillery`. */
  async openContainer(name: string): Promise<void> {
    const tab = this.page.locator('.activitybar .action-item').filter({ has: this.page.getByLabel(name) });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  view(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  /** A notification toast that contains a text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** Waits for a notification and presses one of its buttons. */
  async answer(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** A modal dialog. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Items of the status bar that contain a text. */
  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** Tabs that contain a file name; `.active` is the one in front. */
  tab(name: string): Locator {
    return this.page.locator('.tab').filter({ hasText: name });
  }

  /** Right-clicks into the text of the active editor. */
  async editorContextMenu(): Promise<Menu> {
    await this.page
      .locator('.editor-group-container.active .monaco-editor .view-line')
      .first()
      .click({ button: 'right' });
    return Menu.opened(this.page);
  }

  /** The content of the webview with this title. Its locators wait as those of a page do. */
  async webview(title: string | RegExp, timeout = 30_000): Promise<Frame> {
    const deadline = Date.now() + timeout;
    const seen = new Set<string>();
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        const found = await activeFrameTitle(frame);
        if (found === undefined) continue;
        seen.add(found);
        if (typeof title === 'string' ? found === title : title.test(found)) return frame;
      }
      await delay(50);
    }
    throw new Error(`No webview has the title ${title}; open were: ${[...seen].join(', ') || 'none'}.`);
  }
}

/** The title of a webview's inner frame; undefined for any other frame, and for one that just went away. */
async function activeFrameTitle(frame: Frame): Promise<string | undefined> {
  if (frame.parentFrame() === null || frame.isDetached()) return undefined;
  try {
    const element = await frame.frameElement();
    if ((await element.getAttribute('id')) !== 'active-frame') return undefined;
    return (await element.getAttribute('title')) ?? '';
  } catch (error) {
    if (frame.isDetached()) return undefined;
    throw error;
  }
}
