import type { Locator, Page } from 'playwright-core';
import { Menu } from './menu';

/** A tree in the side bar, by the title of its pane: `Runs`. */
export class TreeView {
  readonly pane: Locator;

  constructor(
    private readonly page: Page,
    title: string,
  ) {
    this.pane = page.locator('.pane').filter({
      has: page.locator('.pane-header').filter({ has: page.getByRole('heading', { name: title, exact: true }) }),
    });
  }

  /** Rows that contain a text. */
  row(text: string | RegExp): Locator {
    return this.pane.locator('.monaco-list-row').filter({ hasText: text });
  }

  async rows(): Promise<string[]> {
    return (await this.pane.locator('.monaco-list-row').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  }

  /** Links and buttons of the welcome view, shown while the tree is empty. */
  welcome(name: string | RegExp): Locator {
    return this.pane.locator('.welcome-view-content').getByRole('button', { name });
  }

  /** Clicks an inline action of a row (its tooltip is its name). */
  async act(text: string | RegExp, action: string): Promise<void> {
    const row = this.row(text).first();
    await row.hover();
    await row.getByRole('button', { name: action }).click();
  }

  async contextMenu(text: string | RegExp): Promise<Menu> {
    await this.row(text).first().click({ button: 'right' });
    return Menu.opened(this.page);
  }
}
