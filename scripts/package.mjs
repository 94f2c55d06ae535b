// `npm run package`: a production build from nothing, packed into distillery.vsix, and its content held to what may ship.
import { readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { bin, node, project, setUp, vsix } from './steps.mjs';

const limitBytes = 8_000_000;

/** What must be inside for the extension to work and to be presentable. */
const required = [
  'extension/package.json',
  'extension/package.nls.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/dist/extension.js',
  'extension/dist/cli.js',
  'extension/dist/webview/viewer.js',
  'extension/dist/webview/codicons/codicon.ttf',
  'extension/media/icon.png',
  'extension/media/distillery.svg',
];

/** What must never be inside: sources, tests, maps, dependencies, caches, keys. */
const forbidden = [
  /\.map$/,
  /\.ts$/,
  /\.test\./,
  /node_modules/,
  /__pycache__/,
  /\.env/,
  /(^|\/)(test|bench|src|out)\//,
];

/** Everything is bundled; and until the project has a public address, links of the README stay as they are. */
const vsceFlags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];

async function main() {
  await setUp();
  rmSync(path.join(project, 'dist'), { recursive: true, force: true });
  rmSync(vsix, { force: true });
  await must('The build', [bin('webpack', 'bin/webpack.js'), '--mode', 'production']);
  await must('vsce', [bin('@vscode/vsce', 'vsce'), 'package', ...vsceFlags, '--out', vsix]);
  await check();
}

async function must(what, args) {
  const code = await node(args);
  if (code !== 0) throw new Error(`${what} failed (exit code ${code}); nothing was packaged.`);
}

async function check() {
  const { unzipSync } = await import('fflate');
  const files = unzipSync(readFileSync(vsix));
  const names = Object.keys(files).filter((name) => !name.endsWith('/'));
  const bytes = statSync(vsix).size;
  const problems = [
    ...required.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ...names.filter((name) => forbidden.some((pattern) => pattern.test(name))).map((name) => `${name} must not ship`),
    ...names
      .filter((name) => name.endsWith('.js') && Buffer.from(files[name]).includes('sourceMappingURL=data:'))
      .map((name) => `${name} carries a source map`),
    ...(bytes > limitBytes ? [`${megabytes(bytes)} is more than ${megabytes(limitBytes)}`] : []),
  ];
  const largest = names.sort((a, b) => files[b].length - files[a].length).slice(0, 12);
  for (const name of largest) console.log(`${megabytes(files[name].length).padStart(9)}  ${name}`);
  console.log(`${path.basename(vsix)}: ${names.length} files, ${megabytes(bytes)} packed`);
  if (problems.length > 0) throw new Error(`The package is not fit to ship:\n  ${problems.join('\n  ')}`);
}

function megabytes(bytes) {
  return `${(bytes / 1_000_000).toFixed(2)} MB`;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
