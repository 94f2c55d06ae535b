import type { Locator, Page } from 'playwright-core';
import { Menu } from './menu';

/** The file explorer. Names are those of the rows: `handbook.md`, `examples`. */
export class Explorer {
  constructor(private readonly page: Page) {}

  row(name: string): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row').filter({
      has: this.page.locator('.label-name').getByText(name, { exact: true }),
    });
  }

  /** Opens a collapsed folder, then waits for `child` in it. */
  async expand(folder: string, child: string): Promise<void> {
    const row = this.row(folder);
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
    await this.row(child).waitFor();
  }

  /** Opens a file in its default editor. */
  async open(name: string): Promise<void> {
    await this.row(name).dblclick();
    await this.page.locator('.tab.active').filter({ hasText: name }).waitFor();
  }

  /** Selects several rows, as with Ctrl (Cmd on a Mac). */
  async select(...names: readonly string[]): Promise<void> {
    for (const [index, name] of names.entries()) {
      await this.row(name).click(index === 0 ? {} : { modifiers: ['ControlOrMeta'] });
    }
  }

  /** Right-clicks a row. */
  async contextMenu(name: string): Promise<Menu> {
    await this.row(name).click({ button: 'right' });
    return Menu.opened(this.page);
  }
}
