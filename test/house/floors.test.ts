import assert from 'node:assert/strict';
import path from 'node:path';
import { ESLint } from 'eslint';
import { project } from '../lab/workspace';

const held = new Set(['import-x/no-restricted-paths', 'no-restricted-imports']);

/** `npm run lint` holds the floors; these hold the rule: it must refuse what the house forbids, and only that. */
describe('The floors of the house', () => {
  const eslint = new ESLint({ cwd: project });

  /** What the rules of the floors say when `file`, a file that exists, has this import. */
  async function refusals(file: string, imported: string): Promise<string[]> {
    const filePath = path.join(project, file);
    const results = await eslint.lintText(`import * as there from '${imported}';\nexport { there };\n`, { filePath });
    return results
      .flatMap((result) => result.messages)
      .flatMap(({ ruleId }) => (ruleId !== null && held.has(ruleId) ? [ruleId] : []));
  }

  const forbidden = [
    ['src/core/records/run.ts', '../engine/run', 'a record knows no engine'],
    ['src/core/teachers/teacher.ts', '../engine/run', 'a teacher knows no engine'],
    ['src/core/engine/run.ts', '../pipelines/distill/distill', 'the engine knows no pipeline'],
    ['src/core/engine/run.ts', 'vscode', 'the core knows no editor'],
    ['src/cli/main.ts', 'vscode', 'the command line knows no editor'],
    ['src/cli/main.ts', '../editor/text', 'the command line imports nothing of the editor'],
    ['src/editor/text.ts', '../core/engine/run', 'the editor starts the command line instead of the engine'],
    ['src/editor/text.ts', '../core/pipelines/distill/distill', 'the editor knows no pipeline'],
    ['webview-ui/viewer/index.ts', '../../src/editor/text', 'a webview knows the protocol, not the host'],
    ['src/core/engine/run.ts', '../../../test/simulator/server', 'nothing in src knows the simulator'],
  ] as const;
  for (const [file, imported, why] of forbidden) {
    it(`${why} (${file})`, async () => {
      assert.equal((await refusals(file, imported)).length, 1);
    });
  }

  const allowed = [
    ['src/core/engine/run.ts', '../records/run'],
    ['src/core/engine/run.ts', '../teachers/teacher'],
    ['src/editor/text.ts', '../core/records/run'],
    ['src/editor/text.ts', 'vscode'],
    ['src/cli/main.ts', '../core/pipelines/distill/distill'],
  ] as const;
  for (const [file, imported] of allowed) {
    it(`${file} may import ${imported}`, async () => {
      assert.deepEqual(await refusals(file, imported), []);
    });
  }
}).timeout(180_000);
