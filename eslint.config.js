import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Rules that hold in every file, whatever its language. */
const everywhere = {
  // `== null` asks for null and undefined at once
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-implicit-coercion': ['error', { boolean: true, number: true, string: true, allow: ['*'] }],
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': ['error', { destructuring: 'all' }],
  'no-eval': 'error',
  'no-new-func': 'error',
  'no-implied-eval': 'error',
  'no-restricted-syntax': [
    'error',
    { selector: 'ExportDefaultDeclaration', message: 'Exports have names; see the house style.' },
    { selector: 'TSEnumDeclaration', message: 'A union of strings instead.' },
    { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'A file is a module already.' },
  ],
};

const typescript = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  // an index that a loop has just bounded: the checked form would hide the formula
  '@typescript-eslint/no-non-null-assertion': 'off',
  // a recursive type cannot be written as a Record, an array of unions reads better as ReadonlyArray
  '@typescript-eslint/consistent-indexed-object-style': 'off',
  '@typescript-eslint/consistent-type-definitions': 'off',
  '@typescript-eslint/array-type': 'off',
  // kernels need the index for the next array as well
  '@typescript-eslint/prefer-for-of': 'off',
};

export default ts.config(
  {
    ignores: [
      'node_modules/',
      'out/',
      'dist/',
      'coverage/',
      'test/output/',
      '**/*.gen.ts',
      'workers/kernels/assembly/',
      'assets/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  // functions that do nothing are defaults and fakes
  { rules: { ...everywhere, '@typescript-eslint/no-empty-function': 'off' } },
  { files: ['**/*.ts', '**/*.svelte'], rules: { ...typescript, 'no-undef': 'off' } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // `let { a } = $props()` is Svelte's way; a set or map in $state.raw is replaced, never changed
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all', excludedRunes: ['$props', '$derived', '$state'] }],
      // the compiler itself tells of an ignore that is not needed; this rule does not see all it warns about
      'svelte/no-unused-svelte-ignore': 'off',
      // beside a named snippet the children read better as one too
      'svelte/no-useless-children-snippet': 'off',
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  { files: ['renderer/**', 'test/window/**'], languageOptions: { globals: globals.browser } },
  { files: ['**/*.js', '**/*.mjs'], languageOptions: { globals: globals.node } },
  {
    // numbers come from seeded generators and times from the caller: the same inputs give the same bits
    files: ['workers/{linalg,algorithms,specs,model,figure,passes}/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take a seeded generator.' },
        { object: 'Date', property: 'now', message: 'No clock here.' },
        { object: 'performance', property: 'now', message: 'No clock here.' },
      ],
    },
  },
  {
    // configuration files and vitest's set-up are read by their default export; so are the pool's tasks
    files: ['*.config.{js,ts}', '**/*.config.ts', '**/global-setup.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
