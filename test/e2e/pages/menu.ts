import type { Locator, Page } from 'playwright-core';

/** An open context menu. */
export class Menu {
  private constructor(
    private readonly page: Page,
    private readonly root: Locator,
  ) {}

  static async opened(page: Page): Promise<Menu> {
    const root = page.locator('.monaco-menu-container .monaco-menu');
    await root.getByRole('menuitem').first().waitFor();
    return new Menu(page, root);
  }

  item(name: string | RegExp): Locator {
    return this.root.getByRole('menuitem', { name });
  }

  async labels(): Promise<string[]> {
    return (await this.root.locator('.action-label').allInnerTexts()).filter((label) => label !== '');
  }

  /** Takes an item; several names walk through submenus. */
  async choose(...names: readonly (string | RegExp)[]): Promise<void> {
    for (const [index, name] of names.entries()) {
      const item = this.item(name);
      if (index < names.length - 1) await item.hover();
      else await this.take(item);
    }
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.root.first().waitFor({ state: 'hidden' });
  }

  /** A menu ignores clicks in its first 100 ms, and when those are over cannot be seen: Enter it takes from the start. */
  private async take(item: Locator): Promise<void> {
    await item.hover();
    await item.locator('xpath=parent::*[contains(@class, "focused")]').waitFor();
    await this.page.keyboard.press('Enter');
    await this.root.first().waitFor({ state: 'hidden' });
  }
}
