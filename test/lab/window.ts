import { format } from 'node:util';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { chromiumPath, systemPackages } from './debian';
import type { RunningServer } from './server';

export interface WindowOptions {
  /** Absolute path of the folder to open. */
  readonly folder?: string | undefined;
  /** Absolute path of a `.code-workspace` file, instead of a folder. */
  readonly workspace?: string | undefined;
  /** Folder of the extension under development. Absent: what is installed. */
  readonly extension?: string | undefined;
  /** Module whose `run()` is the in-host suite. */
  readonly tests?: string | undefined;
  readonly forcedColors?: boolean | undefined;
  /** Called with each line of the extension host's console while `tests` run. */
  readonly onLog?: ((line: string) => void) | undefined;
  /** Called with the exit code of `tests`. */
  readonly onExit?: ((code: number) => void) | undefined;
}

export interface BrowserWindow extends AsyncDisposable {
  readonly page: Page;
  /** Resolves when the workbench and its editors are restored. */
  reload(): Promise<void>;
}

/** Opens VS Code's workbench on `server` in a Chromium of its own, as a person's browser would. */
export async function openWindow(server: RunningServer, options: WindowOptions): Promise<BrowserWindow> {
  const browser = await launch();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    forcedColors: options.forcedColors === true ? 'active' : 'none',
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  await keepSecrets(context);
  // Twice Playwright's own patience: a busy machine is slow, not broken.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
    options.onLog?.(format(...args));
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => options.onExit?.(code));
  await page.goto(address(server, options));
  await restored(page);
  return {
    page,
    reload: async () => {
      await stateWritten(page);
      await page.reload();
      await restored(page);
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function launch() {
  await systemPackages('chromium');
  const executablePath = chromiumPath();
  return chromium.launch({
    headless: process.env['DISTILLERY_TEST_HEADED'] !== '1',
    ...(executablePath === undefined ? { channel: 'chrome' } : { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A small /dev/shm, usual in containers, crashes the renderer.
      '--disable-dev-shm-usage',
    ],
  });
}

/** The workbench encrypts SecretStorage with a key from the server; this server mints none, so secrets would not survive a reload. */
async function keepSecrets(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const original = window.fetch.bind(window);
    window.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      return url.endsWith('/mint-key')
        ? Promise.resolve(new Response(new Uint8Array(32).fill(7)))
        : original(input, init);
    };
  });
}

function address(server: RunningServer, options: WindowOptions): string {
  const remote = (file: string) => `vscode-remote://${server.authority}${encodeURI(file)}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (options.extension !== undefined) payload.push(['extensionDevelopmentPath', remote(options.extension)]);
  if (options.tests !== undefined) payload.push(['extensionTestsPath', remote(options.tests)]);
  const url = new URL(server.url);
  if (options.workspace !== undefined) url.searchParams.set('workspace', options.workspace);
  else if (options.folder !== undefined) url.searchParams.set('folder', options.folder);
  else url.searchParams.set('ew', 'true');
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** The part of VS Code's smoke-test driver that the lab uses. */
interface Driver {
  readonly environmentService: object;
  readonly lifecycleService: { readonly storageService: { flush(): Promise<void> } };
  whenWorkbenchRestored(): Promise<void>;
}

async function restored(page: Page): Promise<void> {
  await page.waitForFunction(() => 'driver' in window, undefined, { timeout: 60_000 });
  await page.evaluate(async () => {
    const { driver } = window as unknown as { driver: Driver };
    // The flag that lets the payload through also stops every notification toast.
    Object.defineProperty(driver.environmentService, 'enableSmokeTestDriver', { value: false });
    await driver.whenWorkbenchRestored();
  });
}

/**
 * In a browser, the workbench writes what is open and where only every few seconds, when it is idle, and a reload forgets
 * what is younger: it is told to write now.
 */
async function stateWritten(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { driver } = window as unknown as { driver: Driver };
    await driver.lifecycleService.storageService.flush();
  });
}
