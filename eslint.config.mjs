import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What every Node has, and what a slave and a CommonJS module find besides. */
const globals = Object.fromEntries(
  [...Object.getOwnPropertyNames(globalThis), 'self', '__dirname', '__filename'].map((name) => [name, false]),
);

/** The clock: `src/platform.ts` has captured it. */
const CLOCK = 'setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate queueMicrotask performance Date'.split(' ');
const CLOCK_MODULES = ['timers', 'node:timers', 'timers/promises', 'node:timers/promises', 'perf_hooks', 'node:perf_hooks'];
const CAPTURED = 'Import it from src/platform.ts or src/performance.ts: the global one may be a fake.';

export default defineConfig(
  // Templates and consumers are programs of their own, and mistakes are there to be mistakes: their own tests compile them.
  globalIgnores(['**/dist', '**/.cache', 'coverage', 'docs/api', 'templates', 'test/consumers', 'test/types/mistakes']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['src/**', 'bench/**', 'examples/**', 'scripts/**'],
    rules: {
      'max-params': ['error', 4],
      'max-lines-per-function': ['error', { max: 45, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals },
  },
  { files: ['**/*.{js,cjs}'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: ['**/*.{ts,cts,mts}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // `import('…')` types stand beside the late `require` that they describe.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A number, true, false or null reads in a text as one expects.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowNullish: true }],
      // `() => work()` says what it says, whether or not the work has a result.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // An interface that names a class of the inside is how the outside has both its value and its type.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // What a cache or an environment is for.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // What comes from JavaScript may be anything, whatever its type says; `String()` is for that case.
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  {
    // A program under test may have put a fake clock in place of these.
    files: ['src/**'],
    ignores: ['src/platform.ts', 'src/performance.ts'],
    rules: {
      'no-restricted-globals': ['error', { globals: CLOCK.map((name) => ({ name, message: CAPTURED })), checkGlobalObject: true }],
      'no-restricted-properties': [
        'error',
        ...['nextTick', 'hrtime'].map((property) => ({ object: 'process', property, message: CAPTURED })),
      ],
      'no-restricted-imports': ['error', { paths: CLOCK_MODULES.map((name) => ({ name, message: CAPTURED })) }],
    },
  },
  {
    files: ['test/**', 'examples/**', 'bench/**'],
    rules: {
      // Of chai: `expect(x).to.be.true`.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
