// What a reviewer need not say twice. Types are checked strictly everywhere; firmware/ and hal/ run on small engines and are
// held to the language those engines share. The import table between folders is tests/project/imports.spec.ts.
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const ban = (selector, message) => ({ selector, message });

/** Syntax that JerryScript or Espruino lack, get wrong, or pay for in heap. Each message says what to write instead. */
export const deviceSyntax = [
  ban('ObjectPattern, ArrayPattern', 'No destructuring on the gun: read each field by name or index.'),
  ban('SpreadElement', 'No spread on the gun: copy with an indexed for into a buffer allocated once.'),
  ban('RestElement', 'No rest parameters on the gun: give each argument a name.'),
  ban('AssignmentPattern', 'No default parameters on the gun: pass the value, or make a second function.'),
  ban('ObjectExpression > Property[computed=true]', 'No computed names on the gun: write a table indexed by integers.'),
  ban('MethodDefinition[computed=true], PropertyDefinition[computed=true]', 'No computed names on the gun: name the member.'),
  ban('LabeledStatement', 'No labels on the gun: move the inner loop into a function that returns.'),
  ban(':function[generator=true], YieldExpression', 'No generators on the gun: keep an index and advance it each tick.'),
  ban(':function[async=true], AwaitExpression', 'Nothing waits on the gun: keep a state and look again at the next tick.'),
  ban('ChainExpression', 'No optional chaining on the gun: hand a real device in, or test for undefined.'),
  ban(
    "LogicalExpression[operator='??'], AssignmentExpression[operator=/^(\\?\\?|\\|\\||&&)=$/]",
    'No ?? or logical assignment on the gun: write the if.',
  ),
  ban("BinaryExpression[operator='**'], AssignmentExpression[operator='**=']", 'No ** on the gun: multiply.'),
  ban('Literal[regex]', 'No regular expressions on the gun: indexOf and charCodeAt.'),
  ban('Literal[bigint]', 'No BigInt on the gun: split the number into two words.'),
  ban('ThrowStatement', 'Nothing throws on the gun: answer 0 or a small positive code.'),
  ban('TryStatement', 'Only firmware/main.ts, the JSON gate of the link and the ports may catch: answer a code instead.'),
  ban('ClassDeclaration[superClass.name=/Error$/]', 'No Error subclass on the gun (ES5 lowering breaks instanceof): use a code.'),
  ban('PrivateIdentifier', 'No #private on the gun (lowered to WeakMap): use the private keyword.'),
  ban(
    'StaticBlock, PropertyDefinition[static=true], MethodDefinition[static=true]',
    'No static members on the gun: a module constant or function.',
  ),
  ban('TaggedTemplateExpression', 'No tagged templates on the gun.'),
  ban('ForInStatement', 'No for-in on the gun: an indexed for over an array.'),
  ban("Identifier[name='arguments']", 'No arguments object on the gun: name the parameters.'),
  ban(
    "MemberExpression[object.name='Math']:not([property.name=/^(abs|ceil|floor|max|min|round|sqrt|PI)$/])",
    'Math on the gun is abs, ceil, floor, max, min, round and sqrt only; the rest is missing or slow. Use integers.',
  ),
  ban(
    "MemberExpression[object.name='Object'][property.name!=/^(keys|create)$/]",
    'Object helpers are missing on the gun: write the fields.',
  ),
  ban(
    "MemberExpression[object.name='Number'][property.name!='MAX_VALUE']",
    'Number helpers are missing on the gun: compare (n | 0) === n.',
  ),
  ban(
    "MemberExpression[object.name='Array'][property.name=/^(from|of)$/]",
    'Array.from and Array.of are missing on the gun: an indexed for.',
  ),
];

const deviceGlobals = [
  ['Date', 'Time comes in as an argument (AtMs).'],
  ['console', 'The gun has no console: emit an event on the link.'],
  ['process', 'The gun has no process: pass what you need in.'],
  ['Map', 'Use an array indexed by small integers.'],
  ['Set', 'Use an array indexed by small integers.'],
  ['WeakMap', 'Use an array indexed by small integers.'],
  ['Symbol', 'Use an integer constant.'],
  ['Promise', 'Nothing waits on the gun: keep a state and look again at the next tick.'],
  ['Proxy', 'Write the object.'],
  ['Reflect', 'Write the call.'],
  ['setTimeout', 'Only hal/ports may schedule: return the time until the next tick.'],
  ['setInterval', 'Only hal/ports may schedule: return the time until the next tick.'],
  ['globalThis', 'Only hal/ports may know a runtime: take it from the Board.'],
].map(([name, message]) => ({ name, message }));

const maySaveTheTick = ['firmware/main.ts', 'firmware/link/commands.ts', 'firmware/images/**', 'hal/ports/**'];

export default defineConfig(
  { ignores: ['node_modules/', 'dist/', 'reports/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Empty methods are fakes that satisfy an interface; counters compare typed-array reads.
    files: ['tests/**/*.ts'],
    rules: { '@typescript-eslint/no-empty-function': 'off', '@typescript-eslint/no-confusing-void-expression': 'off' },
  },
  {
    files: ['firmware/**/*.ts', 'hal/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...deviceSyntax],
      'no-restricted-globals': ['error', ...deviceGlobals],
      'no-use-before-define': 'off',
      '@typescript-eslint/no-use-before-define': ['error', { functions: true, classes: true, variables: true }],
    },
  },
  {
    files: maySaveTheTick,
    rules: { 'no-restricted-syntax': ['error', ...deviceSyntax.filter((rule) => rule.selector !== 'TryStatement')] },
  },
  { files: ['hal/ports/**/*.ts'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['**/*.js'], rules: { 'no-undef': 'off' } },
);
