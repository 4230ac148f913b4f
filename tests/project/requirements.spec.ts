// firmware/requirements.json against the titles of the tests: a promise without a test fails, so does a test of nothing.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { idsIn, judgeRequirements, titlesOf } from './requirement-titles.ts';
import { files, textOf } from './tree.ts';

const Requirement = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('met'), says: z.string().min(10) }),
  z.strictObject({ status: z.literal('open'), says: z.string().min(10), reason: z.string().min(5).optional() }),
  z.strictObject({ status: z.literal('hardware'), says: z.string().min(10), check: z.string().min(10) }),
  z.strictObject({ status: z.literal('waived'), says: z.string().min(10), reason: z.string().min(10) }),
]);
const requirements = z.record(z.string(), Requirement).parse(JSON.parse(textOf('firmware/requirements.json')));
const specs = files().filter((path) => /^tests\/.*\.(spec|contract)\.ts$/.test(path) && path !== 'tests/project/requirements.spec.ts');

describe('requirements', () => {
  it('lists R01 to R60 and the invariants I1 to I10, each once', () => {
    const expected: string[] = [];
    for (let n = 1; n <= 60; n++) expected.push(`R${String(n).padStart(2, '0')}`);
    for (let n = 1; n <= 10; n++) expected.push(`I${String(n)}`);
    expect(Object.keys(requirements).sort()).toEqual(expected.sort());
  });

  it('has a test with the id in its title for every requirement that is met or proved on hardware, and no unknown id in a title', () => {
    const titles = specs.flatMap((path) => titlesOf(path, textOf(path)));
    expect(judgeRequirements(requirements, titles)).toEqual([]);
  });

  it('complains about a met or hardware requirement without a test, and about a title with an unknown id', () => {
    const some = { R01: { status: 'met' }, R02: { status: 'hardware' }, R03: { status: 'open' }, R04: { status: 'waived' } };
    expect(judgeRequirements(some, ['R61: does what nobody asked for'])).toEqual([
      'R01 is met, but no test has it in its title',
      'R02 is hardware, but no test has it in its title',
      'R61 stands in a title but not in firmware/requirements.json: "R61: does what nobody asked for"',
    ]);
    expect(judgeRequirements(some, ['R01, R02: refuses 10.1 mm'])).toEqual([]);
  });

  it('reads titles of it, describe, it.each and template literals, and no I2C as an invariant', () => {
    const text = "describe('R48: plunger', () => { it.each([1])('I6 %s', f); it(`R22 ${x} I2C bus R3`, f); other('R01'); });";
    const titles = titlesOf('x.spec.ts', text);
    expect(titles).toEqual(['R48: plunger', 'I6 %s', 'R22 … I2C bus R3']);
    expect(titlesOf('y.spec.ts', "it.each([['R07: one', 1], ['R08: two', 2]])('%s', f);")).toEqual(['%s', 'R07: one', 'R08: two']);
    expect(titles.flatMap(idsIn)).toEqual(['R48', 'I6', 'R22']);
  });
});
