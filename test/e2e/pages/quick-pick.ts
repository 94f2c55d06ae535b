import type { Locator, Page } from 'playwright-core';

/** The quick input: pick lists, input boxes, and the command palette. There is one of it in a window. */
export class QuickPick {
  readonly root: Locator;
  readonly input: Locator;
  readonly rows: Locator;

  constructor(private readonly page: Page) {
    this.root = page.locator('.quick-input-widget');
    this.input = this.root.locator('.quick-input-filter input, .quick-input-box input').first();
    this.rows = this.root.locator('.quick-input-list .monaco-list-row');
  }

  /** Waits until the step with this title is shown (`Distill Document (2/3)`; a part is enough). */
  async titled(title: string): Promise<this> {
    await this.root.locator('.quick-input-title').filter({ hasText: title }).waitFor();
    return this;
  }

  /** An item by a part of its label, description or detail. */
  item(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text });
  }

  /** The items as a screen reader has them: label, description and detail. */
  async items(): Promise<string[]> {
    await this.rows.first().waitFor();
    return this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  async choose(text: string | RegExp): Promise<void> {
    await this.item(text).first().click();
  }

  /** Enter: takes the active item or what was typed. */
  async accept(): Promise<void> {
    await this.input.press('Enter');
  }

  async type(text: string): Promise<void> {
    await this.input.fill(text);
  }

  /** What the input box says under it: prompt or validation message. */
  async message(): Promise<string> {
    return this.root.locator('.quick-input-message').innerText();
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.closed();
  }

  async closed(): Promise<void> {
    await this.root.waitFor({ state: 'hidden' });
  }
}
