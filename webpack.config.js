'use strict';

const fs = require('node:fs');
const path = require('node:path');
const CopyPlugin = require('copy-webpack-plugin');
const { EsbuildPlugin } = require('esbuild-loader');
const webpack = require('webpack');

const dist = path.join(__dirname, 'dist');

/** `webpack --mode production|development`; one side alone: `--config-name node|webview`. */
module.exports = (_env, { mode = 'production' }) => [node(mode), webview(mode)];

/**
 * What runs in Node, three kinds of bundle from one compilation, so that a library which two of them load lazily is one
 * file of the package:
 * - `dist/extension.js`, read at every activation and therefore held to 150 KB;
 * - `dist/cli.js`, the command line, and the process that the editor starts for a run;
 * - `name.worker.ts` → `dist/workers/name.js`, a thread or a process of its own, started from that path.
 */
function node(mode) {
  const workers = filesUnder('src', (file) => file.endsWith('.worker.ts'));
  return {
    ...base('node', mode),
    target: 'node20',
    entry: {
      extension: path.join(__dirname, 'src', 'extension.ts'),
      cli: path.join(__dirname, 'src', 'cli', 'distillery.ts'),
      ...Object.fromEntries(workers.map((file) => [`workers/${path.basename(file, '.worker.ts')}`, file])),
    },
    externals: { vscode: 'commonjs vscode' },
    // Chunks lie beside the entries, so that `__dirname` is `dist` wherever a module ends up.
    output: { path: dist, filename: '[name].js', chunkFilename: 'chunk.[id].js', library: { type: 'commonjs2' } },
    node: { __dirname: false, __filename: false },
    plugins: [
      new webpack.BannerPlugin({ banner: '#!/usr/bin/env node', raw: true, include: /^cli\.js$/ }),
      new Executable(),
      // Read at run time from beside the bundle: `src/core/pipelines/cascade/builtIn.ts`.
      new CopyPlugin({ patterns: [{ from: 'src/core/pipelines/cascade/domains', to: 'domains' }] }),
    ],
    performance: {
      hints: mode === 'production' ? 'error' : false,
      maxEntrypointSize: 150_000,
      maxAssetSize: 150_000,
      assetFilter: (file) => file === 'extension.js',
    },
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
    // A worker of pdf.js that is named at run time and that Node never starts.
    ignoreWarnings: [{ module: /unpdf/, message: /request of a dependency is an expression/ }],
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

function filesUnder(folder, wanted) {
  const root = path.join(__dirname, folder);
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
