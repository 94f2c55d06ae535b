import importX from 'eslint-plugin-import-x';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

// The floors of the house, lowest first. A floor imports itself and what is below it, nothing above.
const floors = [
  ['src/core/records'],
  ['src/core/documents', 'src/core/teachers', 'src/core/datasets'],
  ['src/core/engine'],
  ['src/core/pipelines'],
  ['src/core/training'],
  ['src/core/evaluation'],
  ['src/protocol'],
  ['src/cli', 'src/editor', 'src/extension.ts', 'webview-ui'],
];
const zones = floors.slice(0, -1).flatMap((floor, level) =>
  floor.map((target) => ({
    target: `./${target}`,
    from: floors
      .slice(level + 1)
      .flat()
      .map((folder) => `./${folder}`),
    message: 'A lower floor never imports a higher one (CONTRIBUTING.md, "The floors").',
  })),
);

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', 'node_modules/**', 'test/fixtures/**', 'distillery/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, prettier],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { typescript: true } },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...zones,
            {
              target: './webview-ui',
              from: ['./src/editor', './src/cli', './src/core/engine', './src/core/pipelines', './src/core/teachers'],
              message: 'A webview knows the protocol, not the host.',
            },
            { target: './src/cli', from: './src/editor' },
            {
              target: './src/editor',
              from: ['./src/core/engine', './src/core/pipelines'],
              except: [],
              message:
                'The editor is a face over run folders: it starts the CLI and reads what it wrote. Types only, through protocol or records.',
            },
            { target: './src', from: './test', message: 'Nothing in src knows that a simulator exists.' },
          ],
        },
      ],
      'import-x/no-cycle': ['error', { maxDepth: 8 }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/core/**/*.ts', 'src/cli/**/*.ts', 'src/protocol/**/*.ts', 'webview-ui/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'vscode', message: 'Only src/editor and src/extension.ts touch vscode.' }] },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', '**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/require-await': 'off',
      'import-x/no-restricted-paths': 'off',
    },
  },
);
