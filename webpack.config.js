'use strict';

const fs = require('node:fs');
const path = require('node:path');
const CopyPlugin = require('copy-webpack-plugin');
const { EsbuildPlugin } = require('esbuild-loader');
const webpack = require('webpack');

const dist = path.join(__dirname, 'dist');

/** `webpack --mode production|development`; one bundle alone: `--config-name extension|cli|workers|webview`. */
module.exports = (_env, { mode = 'production' }) =>
  [extension(mode), cli(mode), workers(mode), webview(mode)].filter((config) => Object.keys(config.entry).length > 0);

/** The extension host's side. Its first chunk is read at every activation and therefore has a size limit. */
function extension(mode) {
  return {
    ...node('extension', mode),
    entry: existing({ extension: 'src/extension.ts' }),
    externals: { vscode: 'commonjs vscode' },
    performance:
      mode === 'production' ? { hints: 'error', maxEntrypointSize: 150_000, maxAssetSize: Infinity } : { hints: false },
  };
}

/** The command line, and the process that the editor starts for a run. What `--version` does not need is in lazy chunks. */
function cli(mode) {
  return {
    ...node('cli', mode),
    entry: existing({ cli: 'src/cli/main.ts' }),
    plugins: [
      new webpack.BannerPlugin({ banner: '#!/usr/bin/env node', raw: true, entryOnly: true }),
      new Executable(),
    ],
  };
}

/** `name.worker.ts` → `dist/workers/name.js`, started with `new Worker(path.join(__dirname, 'workers', 'name.js'))`. */
function workers(mode) {
  const sources = filesUnder('src', (file) => file.endsWith('.worker.ts'));
  return {
    ...node('workers', mode),
    entry: Object.fromEntries(sources.map((file) => [`workers/${path.basename(file, '.worker.ts')}`, file])),
  };
}

/** `webview-ui/PANEL/index.ts` → `dist/webview/PANEL.js`, one file a panel, and the icon font beside it. */
function webview(mode) {
  const panels = filesUnder('webview-ui', (file) => path.basename(file) === 'index.ts');
  return {
    ...base('webview', mode),
    target: ['web', 'es2022'],
    entry: Object.fromEntries(panels.map((file) => [`webview/${path.basename(path.dirname(file))}`, file])),
    output: { path: dist, filename: '[name].js' },
    plugins: [
      new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
      new CopyPlugin({
        patterns: ['codicon.css', 'codicon.ttf'].map((file) => ({
          from: require.resolve(`@vscode/codicons/dist/${file}`),
          to: `webview/codicons/${file}`,
          info: { minimized: true },
        })),
      }),
    ],
  };
}

function node(name, mode) {
  return {
    ...base(name, mode),
    target: 'node20',
    // Chunks lie beside their entry, so that `__dirname` is `dist` wherever a module ends up.
    output: { path: dist, filename: '[name].js', chunkFilename: `${name}.[id].js`, library: { type: 'commonjs2' } },
    node: { __dirname: false, __filename: false },
  };
}

function base(name, mode) {
  const production = mode === 'production';
  return {
    name,
    mode,
    context: __dirname,
    devtool: production ? false : 'inline-source-map',
    resolve: { extensions: ['.ts', '.mjs', '.js', '.json'] },
    module: {
      // `import { version } from 'package.json'` takes the one field, not the file.
      parser: { json: { namedExports: true } },
      rules: [
        { test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2022' } },
        // A stylesheet is imported as text and handed to Lit's `unsafeCSS`.
        { test: /\.css$/, type: 'asset/source' },
      ],
    },
    optimization: {
      // Names of classes stay: they are the names of errors in logs.
      minimizer: [new EsbuildPlugin({ target: 'es2022', keepNames: true, legalComments: 'none' })],
    },
    performance: { hints: false },
    stats: {
      preset: 'errors-warnings',
      assets: production,
      assetsSort: '!size',
      colors: process.stdout.isTTY === true,
    },
    cache: {
      type: 'filesystem',
      cacheDirectory: path.join(__dirname, 'node_modules', '.cache', 'webpack'),
      buildDependencies: { config: [__filename] },
    },
  };
}

/** The entries whose source exists. */
function existing(entries) {
  return Object.fromEntries(
    Object.entries(entries)
      .map(([name, file]) => [name, path.join(__dirname, file)])
      .filter(([, file]) => fs.existsSync(file)),
  );
}

function filesUnder(folder, wanted) {
  const root = path.join(__dirname, folder);
  if (!fs.existsSync(root)) return [];
  return fs
    .readdirSync(root, { recursive: true })
    .filter(wanted)
    .sort()
    .map((file) => path.join(root, file));
}

/** The bundle is started by its name where the system allows it. */
class Executable {
  apply(compiler) {
    compiler.hooks.afterEmit.tapPromise('Executable', () => fs.promises.chmod(path.join(dist, 'cli.js'), 0o755));
  }
}
