import { chromiumPath, systemPackages } from './debian';
import { vsCodeServer } from './server-build';

/** The whole lab, made ready ahead of the suites that use it. */
async function main(): Promise<void> {
  await systemPackages('chromium');
  const { main: server } = await vsCodeServer();
  console.log(`VS Code server: ${server}\nBrowser: ${chromiumPath() ?? 'Chrome'}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
