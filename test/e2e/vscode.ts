import path from 'node:path';
import type { Page } from 'playwright-core';
import { startServer, type RunningServer } from '../lab/server';
import { openWindow, type BrowserWindow } from '../lab/window';
import { project } from '../lab/workspace';
import { Explorer } from './pages/explorer';
import { Workbench } from './pages/workbench';

export { exampleFolder } from '../lab/workspace';

export const themes = {
  light: 'Light 2026',
  dark: 'Dark 2026',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
} as const;
export type Theme = keyof typeof themes;

export interface OpenOptions {
  /** Absolute path of the folder to open; with neither folder nor workspace, an empty window. */
  readonly folder?: string;
  /** Absolute path of a `.code-workspace` file (multi-root). */
  readonly workspace?: string;
  readonly theme?: Theme;
  /** False: Restricted Mode. */
  readonly trust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host and of the CLI that it starts: keys, base URLs of a simulator. */
  readonly env?: Readonly<Record<string, string>>;
  /** Emulates the forced colours of Windows' contrast themes. */
  readonly forcedColors?: boolean;
  /** The packaged extension to install instead of the development folder; `$DISTILLERY_TEST_VSIX` is the default. */
  readonly vsix?: string;
  /** Folders of further extensions, loaded beside ours. */
  readonly beside?: readonly string[];
}

/** Opens real VS Code with the extension on a server and a browser of its own, with fresh user data. */
export async function openVsCode(options: OpenOptions = {}): Promise<VsCode> {
  const {
    folder,
    workspace,
    theme = 'light',
    trust = true,
    settings = {},
    env = {},
    forcedColors = false,
    beside = [],
  } = options;
  const vsix = options.vsix ?? process.env['DISTILLERY_TEST_VSIX'];
  const userSettings = (now: Theme) => ({
    'workbench.colorTheme': themes[now],
    // Forced colours come with a contrast theme of the system, and VS Code follows it.
    'window.autoDetectHighContrast': forcedColors,
    ...settings,
  });
  const server = await startServer({
    settings: userSettings(theme),
    trust,
    env,
    beside,
    ...(vsix !== undefined && { vsix }),
  });
  try {
    const extension = vsix === undefined ? project : undefined;
    const window = await openWindow(server, { folder, workspace, extension, forcedColors });
    const code = new VsCode(server, window, userSettings);
    await code.contributed();
    return code;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** One VS Code window. `await using code = await openVsCode(…)` closes it with the test. */
export class VsCode extends Workbench implements AsyncDisposable {
  readonly explorer: Explorer;

  constructor(
    private readonly server: RunningServer,
    private readonly window: BrowserWindow,
    private readonly userSettings: (theme: Theme) => Record<string, unknown>,
  ) {
    super(window.page);
    this.explorer = new Explorer(window.page);
  }

  /** Waits until the menus and the palette have what the extension contributes. */
  async contributed(): Promise<void> {
    await this.page.locator('.activitybar').getByLabel('Distillery').first().waitFor();
  }

  /** Reloads the window, as `Developer: Reload Window` does: a new extension host, the same workspace state and secrets. */
  async reload(): Promise<void> {
    await this.window.reload();
    await this.contributed();
  }

  /** Writes the theme into the user settings and reloads. */
  async setTheme(theme: Theme): Promise<void> {
    await this.server.writeSettings(this.userSettings(theme));
    await this.reload();
  }

  /** Saves `test/screenshots/NAME.png`: what a person sees. Look at them. */
  async screenshot(name: string, page: Page = this.page): Promise<void> {
    await page.screenshot({ path: path.join(project, 'test', 'screenshots', `${name}.png`), animations: 'disabled' });
  }

  async close(): Promise<void> {
    await this.window[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
