import { setTimeout as delay } from 'node:timers/promises';
import type { Frame, Locator, Page } from 'playwright-core';
import type { VsCode } from './vscode';

/** The viewer as the default for JSONL, as "Configure default editor for '*.jsonl'…" sets it. */
export const viewerSettings = { 'workbench.editorAssociations': { '*.jsonl': 'distillery.datasetViewer' } };

/** Opens a file by its name; with `viewerSettings` in the viewer. */
export async function openInViewer(code: VsCode, file: string): Promise<ViewerPage> {
  await code.page.keyboard.press('ControlOrMeta+p');
  await code.quickPick.type(file);
  await code.quickPick.item(file).first().waitFor();
  await code.quickPick.accept();
  return ViewerPage.of(code.page, file);
}

/** The dataset viewer as a person sees it. */
export class ViewerPage {
  private constructor(
    private readonly page: Page,
    readonly frame: Frame,
  ) {}

  /** The viewer of a file, once it shows rows. Custom editors have no title on their frame: it is found by its heading. */
  static async of(page: Page, file: string, timeout = 60_000): Promise<ViewerPage> {
    const deadline = Date.now() + timeout;
    while (Date.now() < deadline) {
      for (const frame of page.frames()) {
        const heading = frame.locator('dataset-viewer h1').getByText(file, { exact: true });
        if (!frame.isDetached() && (await heading.isVisible().catch(() => false))) return new ViewerPage(page, frame);
      }
      await delay(30);
    }
    throw new Error(`No dataset viewer shows ${file}.`);
  }

  get grid(): Locator {
    return this.frame.getByRole('grid');
  }

  /** A row by its line number in the file, from 1. */
  row(line: number): Locator {
    return this.frame.locator('.rows .row').filter({
      has: this.frame.locator('.line').getByText(line.toLocaleString('en-US'), { exact: true }),
    });
  }

  get activeRow(): Locator {
    return this.frame.locator('.rows .row[aria-selected=true]');
  }

  get detail(): Locator {
    return this.frame.locator('row-detail');
  }

  /** Waits until the detail pane shows a line, from 1. */
  async reads(line: number): Promise<void> {
    await this.detail.getByRole('heading', { name: `Row ${line.toLocaleString('en-US')}`, exact: true }).waitFor();
  }

  /** Waits for a text in the foot. */
  async says(text: string): Promise<void> {
    await this.frame.locator('footer').getByText(text).waitFor();
  }

  /** Types into the search line and leaves it. */
  async search(query: string): Promise<void> {
    await this.press('/');
    await this.page.keyboard.type(query);
    await this.page.keyboard.press('Enter');
  }

  async press(...keys: readonly string[]): Promise<void> {
    await this.grid.focus();
    for (const key of keys) await this.page.keyboard.press(key);
  }
}
