import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import CountingReporter from '../counting-reporter';

/** Ends the workbench's own chatter in the console: what follows is of the suite. */
const suiteStarts = '── suite';

/** What VS Code calls in its extension host: runs the suites beside this module, and rejects when one failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ timeout: 30_000, color: true, reporter: CountingReporter });
  const suites = path.join(__dirname, 'suite');
  for (const file of readdirSync(suites).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(suites, file));
  }
  const grep = process.env['DISTILLERY_TEST_GREP'];
  if (grep !== undefined && grep !== '') mocha.grep(grep);
  console.log(suiteStarts);
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} failed.`));
    });
  });
}
