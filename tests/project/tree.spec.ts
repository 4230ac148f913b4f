// The tree itself: what may lie in the root, what may not lie anywhere, and what the lockfile must not carry.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { files, textOf } from './tree.ts';

const ROOT_FILES = [
  '.gitignore',
  '.npmrc',
  '.prettierignore',
  '.prettierrc.json',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'eslint.config.js',
  'package-lock.json',
  'package.json',
  'tsconfig.device.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const FOLDERS = ['.ci', 'firmware', 'hal', 'protocols', 'sim', 'tests', 'tools'];
const all = files();
const code = all.filter((path) => /\.(ts|js)$/.test(path));
/** Put together so that this file does not find itself. */
const UNFINISHED = new RegExp(['TO' + 'DO', 'FIX' + 'ME', '@ts-' + 'ignore', '@ts-' + 'nocheck', 'eslint-' + 'disable'].join('|'));

describe('tree', () => {
  it('has only the files and folders in its root that the list names', () => {
    const inRoot = all.filter((path) => !path.includes('/'));
    const folders = [...new Set(all.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''))].sort();
    expect(inRoot.filter((path) => !ROOT_FILES.includes(path))).toEqual([]);
    expect(folders.filter((folder) => !FOLDERS.includes(folder))).toEqual([]);
  });

  it('has no folder or file called src, lib, utils, common, types, helpers or index', () => {
    const vague = /(^|\/)(src|lib|utils?|common|types|helpers?|index)(\/|\.ts$)/;
    expect(all.filter((path) => vague.test(path))).toEqual([]);
  });

  it('names files in kebab-case', () => {
    expect(code.filter((path) => !/^[a-z0-9./-]+$/.test(path))).toEqual([]);
  });

  it('has no mark of unfinished work and no escape from the type checker or the linter', () => {
    const allowed = ['eslint.config.js'];
    expect(code.filter((path) => !allowed.includes(path) && UNFINISHED.test(textOf(path)))).toEqual([]);
  });

  it('has no source file above 300 lines', () => {
    expect(code.filter((path) => textOf(path).split('\n').length - 1 > 300)).toEqual([]);
  });

  it('starts every source file but the specs with a sentence on what it is', () => {
    const bare = code.filter(
      (path) => !/^(#!.*\n)?\/(\/|\*)/.test(textOf(path)) && !path.endsWith('vitest.config.ts') && !path.endsWith('.spec.ts'),
    );
    expect(bare).toEqual([]);
  });

  it('carries no download address in the lockfile', () => {
    expect(textOf('package-lock.json')).not.toContain('"resolved"');
  });

  it('pins every dependency to an exact version and takes vitest and its coverage at the same one', () => {
    const Package = z.object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) });
    const { dependencies, devDependencies } = Package.parse(JSON.parse(textOf('package.json')));
    for (const version of Object.values({ ...dependencies, ...devDependencies })) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(devDependencies['@vitest/coverage-v8']).toBe(devDependencies['vitest']);
    expect(textOf('.npmrc')).toContain('ignore-scripts=true');
  });

  it('skips and singles out no test', () => {
    const marked = new RegExp('\\b(it|test|describe)\\.(on' + 'ly|sk' + 'ip)\\(');
    expect(code.filter((path) => path.startsWith('tests/') && marked.test(textOf(path)))).toEqual([]);
  });
});
