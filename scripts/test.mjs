// `npm test`: everything, on a fresh machine with Node ≥ 20. `npm test -- --only units,vscode` runs some of the steps.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bin, node, npm, setUp, vsix } from './steps.mjs';

const minutes = 60_000;
const tsx = bin('tsx', 'dist/cli.mjs');
const build = [bin('webpack', 'bin/webpack.js'), '--mode', 'production'];
const units = ['{src,webview-ui,test/unit}/**/*.test.ts'];
// Whatever is under test/ and has no step of its own, so that no test is forgotten.
const simulator = [
  'test/**/*.test.ts',
  ...['unit', 'vscode', 'e2e', 'datasets', 'training'].flatMap((own) => ['--ignore', `test/${own}/**`]),
];
const journeys = ['--config', 'test/e2e/.mocharc.json', 'test/e2e/**/*.test.ts'];

const noServer = process.platform === 'win32' ? 'the VS Code server from npm cannot be built on Windows' : undefined;

/**
 * In order; a step that fails hides nothing of those after it. One that `counts` is a suite of tests, and must have run
 * at least one.
 */
const steps = [
  { name: 'types', run: () => node([bin('typescript', 'bin/tsc'), '--noEmit'], { timeout: 10 * minutes }) },
  { name: 'lint', run: () => npm(['run', '--silent', 'lint'], { timeout: 10 * minutes }) },
  { name: 'build', run: () => node(build, { timeout: 10 * minutes }) },
  { name: 'units', counts: true, run: (env) => mocha(units, env, 15) },
  { name: 'simulator', counts: true, run: (env) => mocha(simulator, env) },
  // Apart from the suites that need it, so that the one long build is seen for what it is.
  { name: 'lab', skip: noServer, run: () => node([tsx, 'test/lab/provision.ts'], { timeout: 30 * minutes }) },
  {
    name: 'vscode',
    counts: true,
    needs: ['build'],
    run: (env) => node([tsx, 'test/vscode/run.ts'], { env, timeout: 15 * minutes }),
  },
  { name: 'journeys', counts: true, skip: noServer, needs: ['build', 'lab'], run: (env) => mocha(journeys, env) },
  { name: 'package', run: () => node(['scripts/package.mjs'], { timeout: 10 * minutes }) },
  // What is shipped, not the development folder: the journeys once more with the packaged extension installed.
  {
    name: 'packaged',
    counts: true,
    skip: noServer,
    needs: ['package', 'lab'],
    run: (env) => mocha([...journeys, '--grep', '^Journey'], { ...env, DISTILLERY_TEST_VSIX: vsix }),
  },
];

function mocha(args, env, limit = 30) {
  const fixed = ['--forbid-only', '--fail-zero', '--reporter', 'test/watched-reporter.ts'];
  return node([bin('mocha', 'bin/mocha.js'), ...fixed, ...args], { env, timeout: limit * minutes });
}

async function main() {
  const chosen = selection();
  const results = [await timed('set-up', setUp)];
  // Without its dependencies nothing else can run.
  if (results[0].ok) for (const step of chosen) results.push(await runStep(step));
  report(results);
}

/** The steps that `--only` names, and what those need; all without it. */
function selection() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  if (values.only === undefined) return steps;
  const names = new Set(values.only.split(',').map((name) => name.trim()));
  for (const name of names) {
    const step = steps.find((candidate) => candidate.name === name);
    if (step === undefined) {
      console.error(`There is no step "${name}". Steps: ${steps.map((known) => known.name).join(', ')}.`);
      process.exit(2);
    }
    for (const needed of step.needs ?? []) names.add(needed);
  }
  return steps.filter((step) => names.has(step.name));
}

async function runStep(step) {
  console.log(`\n━━ ${step.name}`);
  if (step.skip !== undefined) {
    return { name: step.name, ok: true, seconds: 0, passed: 0, failed: 0, note: `skipped: ${step.skip}` };
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'distillery-test-'));
  const file = path.join(folder, 'counts.json');
  try {
    const result = await timed(step.name, async () => {
      const code = await step.run({ DISTILLERY_TEST_COUNTS: file });
      if (code !== 0) throw new Error(`ended with ${code}`);
    });
    return step.counts === true ? counted(result, file) : result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(name, work) {
  const started = Date.now();
  let failure;
  try {
    await work();
  } catch (error) {
    failure = error.message;
  }
  const ok = failure === undefined;
  return { name, ok, seconds: (Date.now() - started) / 1000, passed: 0, failed: ok ? 0 : 1, note: failure ?? 'ok' };
}

/** Takes the counts that the suite wrote. A suite that failed outside its tests, or ran none, is one failure. */
function counted(result, file) {
  const counts = read(file);
  if (counts?.passed === undefined) {
    const where = counts === undefined ? 'before its first test' : `in “${counts.running}”`;
    const note = `no result: ${result.note} ${where}`;
    return { ...result, ok: false, failed: 1, note, failures: [[note, ...(counts?.stack ?? [])].join('\n')] };
  }
  const { passed, failed, skipped, failures = [] } = counts;
  const note = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  if (passed + failed === 0) return { ...result, ok: false, failed: 1, note: 'ran no test' };
  if (!result.ok && failed === 0)
    return { ...result, passed, failed: 1, note: `${note}, and the suite ${result.note}` };
  return { ...result, ok: result.ok && failed === 0, passed, failed, failures, note };
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The suite ended before it could count.
    return undefined;
  }
}

function report(results) {
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  console.log('\n');
  for (const { name, ok, seconds, note } of results) {
    console.log(`${ok ? '✔' : '✖'} ${name.padEnd(10)} ${seconds.toFixed(0).padStart(5)} s  ${note}`);
  }
  console.log(`  ${'total'.padEnd(10)} ${sum('seconds').toFixed(0).padStart(5)} s\n`);
  for (const failure of results.flatMap((result) => result.failures ?? [])) console.log(`✖ ${failure}\n`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  if (results.some((result) => !result.ok)) process.exitCode = 1;
}

await main();
