import { errors, type Locator, type Page } from 'playwright-core';

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

  /** Clicks an item; several names walk through submenus. */
  async choose(...names: readonly (string | RegExp)[]): Promise<void> {
    for (const [index, name] of names.entries()) {
      const item = this.item(name);
      if (index < names.length - 1) await item.hover();
      else await this.click(item);
    }
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.root.first().waitFor({ state: 'hidden' });
  }

  /** A menu ignores clicks in its first 100 ms: clicks again until it has gone. */
  private async click(item: Locator): Promise<void> {
    do await item.click();
    while (!(await this.gone()));
  }

  private async gone(): Promise<boolean> {
    try {
      await this.root.first().waitFor({ state: 'hidden', timeout: 1000 });
      return true;
    } catch (error) {
      if (error instanceof errors.TimeoutError) return false;
      throw error;
    }
  }
}
