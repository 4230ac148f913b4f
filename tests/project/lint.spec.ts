// The language of the gun, shown on planted violations: each banned construct is caught in device folders and let through at the desk.
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { ROOT } from './tree.ts';

/** The types of four files instead of those of the whole tree: seconds instead of half a minute. The rules are the tree's. */
const project = `${ROOT}tests/project/lint.tsconfig.json`;
// In CI the parser would take each file to be parsed once, and the texts of the tests for the files they stand for.
const parserOptions = { projectService: false, project, disallowAutomaticSingleRunInference: true };
const eslint = new ESLint({ cwd: ROOT, overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions } } });
/** Messages of the linter for a text that stands in for an existing file (types need a file of the project). */
async function complaints(text: string, standsFor: string): Promise<string> {
  const [result] = await eslint.lintText(text, { filePath: ROOT + standsFor });
  return (result?.messages ?? []).map((message) => message.message).join('\n');
}

const BANNED: readonly (readonly [string, string])[] = [
  ['export const f = (o: { a: number }): number => { const { a } = o; return a; };', 'No destructuring'],
  ['export const f = (a: number[]): number[] => [...a];', 'No spread'],
  ['export const f = (...a: number[]): number => a.length;', 'No rest parameters'],
  ['export const f = (a = 1): number => a;', 'No default parameters'],
  ["const K = 'k'; export const o = { [K]: 1 };", 'No computed names'],
  ['export function f(): void { outer: for (;;) { break outer; } }', 'No labels'],
  ['export function* f(): Generator<number> { yield 1; }', 'No generators'],
  ['export async function f(): Promise<void> { await Promise.resolve(); }', 'Nothing waits on the gun'],
  ['export const f = (o?: { a: number }): number | undefined => o?.a;', 'No optional chaining'],
  ['export const f = (a: number | undefined): number => a ?? 0;', 'No ?? or logical assignment'],
  ['export const f = (a: number): number => a ** 2;', 'No ** on the gun'],
  ['export const f = (a: string): boolean => /x/.test(a);', 'No regular expressions'],
  ["export const f = (): void => { throw new Error('no'); };", 'Nothing throws on the gun'],
  ['export const f = (g: () => void): void => { try { g(); } catch { g(); } };', 'may catch'],
  ['export class DoseError extends Error {}', 'No Error subclass'],
  ['export class A { #b = 1; get(): number { return this.#b; } }', 'No #private'],
  ['export class A { static b = 1; }', 'No static members'],
  ['export const f = (a: number): number => Math.trunc(a);', 'Math on the gun is'],
  ['export const f = (): number => Math.random();', 'Math on the gun is'],
  ['export const f = (o: object): object => Object.freeze(o);', 'Object helpers are missing'],
  ['export const f = (a: number): boolean => Number.isInteger(a);', 'Number helpers are missing'],
  ['export const f = (): number[] => Array.from([1]);', 'Array.from and Array.of are missing'],
  ['export const f = (): number => Date.now();', 'Time comes in as an argument'],
  ["export const f = (): void => { console.log('x'); };", 'The gun has no console'],
  ['export const m = new Map<number, number>();', 'array indexed by small integers'],
  ['export const f = (): number => g(); function g(): number { return 1; }', 'before it was defined'],
];

describe('language of the gun', () => {
  it.each(BANNED)('refuses in firmware/: %s', async (text, message) => {
    expect(await complaints(text, 'firmware/core/states.ts')).toContain(message);
  });

  it('refuses a destructuring in hal/ and lets it through in tests/', async () => {
    const text = 'export const f = (o: { a: number }): number => { const { a } = o; return a; };';
    expect(await complaints(text, 'hal/units.ts')).toContain('No destructuring');
    expect(await complaints(text, 'tests/project/tree.ts')).toBe('');
  });

  it('accepts what the gun does speak: let, const, arrows, classes, templates, for-of, typed arrays, Math.floor', async () => {
    const text = `const BUFFER = new Uint8Array(4);
export class Sum {
  total = 0;
  add(values: readonly number[]): string {
    for (const value of values) this.total += Math.floor(value);
    for (let i = 0; i < BUFFER.length; i++) BUFFER[i] = this.total & 0xff;
    return \`sum \${this.total}\`;
  }
}
`;
    expect(await complaints(text, 'firmware/core/states.ts')).toBe('');
  });

  it('finds a promise that nobody waits for at the desk', async () => {
    const text = 'const later = async (): Promise<void> => { await Promise.resolve(); };\nexport const f = (): void => { later(); };\n';
    expect(await complaints(text, 'tools/errors.ts')).toContain('Promises must be awaited');
  });
});
