// For any file: a valid one compiles to what the gun accepts and what it says; a broken one gets a pointed problem.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Limits } from '../../firmware/core/limits.ts';
import * as P from '../../firmware/core/program.ts';
import { checkText, checkValue } from '../../protocols/check.ts';
import { allOf, idsOf } from '../../protocols/library.ts';
import { valueAt } from '../../protocols/problems.ts';
import { readProgram } from '../../protocols/read-program.ts';
import type { Kind, Step } from '../../protocols/schema.ts';
import { KINDS } from '../../protocols/schema.ts';
import { bareProtocol, copyOf, errorsOf, mesolift } from './files.ts';
import type { Json } from './files.ts';

const tenths = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min: min * 10, max: max * 10 }).map((value) => value / 10);

const steps: fc.Arbitrary<Step[]> = fc
  .record({
    speed: tenths(1, 120),
    rate: tenths(1, 120),
    dwell: fc.integer({ min: 0, max: 3000 }),
    split: fc.integer({ min: 1, max: 99 }),
    form: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ speed, rate, dwell, split, form }): Step[] => {
    const press: Step = { do: 'press' };
    const insert: Step = { do: 'insert', insertionMmPerS: speed };
    const home: Step = { do: 'withdraw', withdrawalMmPerS: speed };
    const wait: Step = { do: 'dwell', dwellMs: dwell };
    const whole: Step[] = [{ do: 'dose', rateUlPerS: rate }, wait];
    const levels: Step[] = [
      { do: 'dose', rateUlPerS: rate, dosePercent: split },
      wait,
      { do: 'withdraw', withdrawalMmPerS: speed, toDepthPercent: 50 },
      { do: 'dose', rateUlPerS: rate, dosePercent: 100 - split },
    ];
    const retrograde: Step[] = [{ do: 'withdraw', withdrawalMmPerS: Math.min(speed, 20), toDepthPercent: split, dosePercent: 100 }];
    const middle = [whole, levels, retrograde][form] ?? whole;
    return [press, insert, ...middle, home, { do: 'decompress' }, { do: 'release' }];
  });

const protocols: fc.Arbitrary<Json> = fc
  .record({
    ...{ depthMm: fc.oneof(tenths(1, 3), tenths(1, 10)), doseUl: fc.oneof(tenths(1, 20), tenths(1, 200)), spacingMm: tenths(5, 20), steps },
    ...{ pricks: fc.integer({ min: 1, max: 200 }), targetN: tenths(1, 3), periodMs: fc.constantFrom(0, 0, 10000) },
    mode: fc.constantFrom('travel' as const, 'cadence' as const, 'trigger' as const),
    stamp: fc.constantFrom('passive' as const, 'driven' as const, 'manual' as const),
    ...{ site: fc.constantFrom(...idsOf('site')), sex: fc.constantFrom('f' as const, 'm' as const) },
    ...{
      needle: fc.constantFrom(...idsOf('needle')),
      syringe: fc.constantFrom(...idsOf('syringe')),
      product: fc.constantFrom(...idsOf('product')),
    },
  })
  .map((one) =>
    bareProtocol(
      {
        ...{ site: one.site, sex: one.sex, needle: one.needle, syringe: one.syringe, product: one.product, set: { pricks: one.pricks } },
        session: { pricks: 200, volumeUl: 10000 },
      },
      {
        ...{ depthMm: one.depthMm, doseUl: one.doseUl, spacingMm: one.spacingMm, steps: one.steps },
        permit: one.mode === 'cadence' ? { mode: one.mode, periodMs: one.periodMs } : { mode: one.mode },
        stamp: { mode: one.stamp, targetN: one.targetN, minN: 0.5, maxN: 4 },
      },
    ),
  );

describe('any protocol', () => {
  it('R34: compiles, once it passes the check, to a programme that the gun accepts and that reads back as written (1000 files, seed 3)', () => {
    let passed = 0;
    const law = fc.property(protocols, (file) => {
      const checked = checkValue(file);
      if (checked.plan === null || checked.treatment === null) {
        expect(errorsOf(checked).length).toBeGreaterThan(0);
        expect(errorsOf(checked).filter((problem) => problem.pointer === '')).toEqual([]);
        return;
      }
      passed++;
      const { program } = checked.plan;
      const { technique } = checked.treatment;
      const limits = new Limits();
      expect(limits.judge(program, program.length), [...limits.refusal].join()).toBe(0);
      const { head, steps: read } = readProgram(program);
      expect(head).toMatchObject({
        depthUm: Math.round(technique.depthMm * 1000),
        doseNl: Math.round(technique.doseUl * 1000),
        pricks: checked.plan.pricks,
      });
      expect(read.map((step) => step.op)).toEqual(technique.steps.map((step) => step.do));
      const givenNl = read.reduce((sum, step) => sum + (step.op === 'dose' ? step.a : step.op === 'withdraw' ? step.c : 0), 0);
      expect(givenNl).toBe(head['doseNl']);
      expect(program).toHaveLength(P.P_STEPS + read.length * P.STEP_WORDS);
    });
    fc.assert(law, { seed: 3, numRuns: 1000 });
    expect(passed).toBeGreaterThan(100);
  });
});

/** Places in a file, deepest last: pointers to every member but free text and provenance. */
function places(value: unknown, pointer: string): string[] {
  if (value === null || typeof value !== 'object') return [pointer];
  const free = [
    'fromMm',
    'xMm',
    'yMm',
    'turnedDeg',
    'towardsDeg',
    'requires',
    'before',
    'after',
    'rheology',
    'name',
    'summary',
    'note',
    'notes',
    'provenance',
    '$schema',
    'id',
    'needles',
    'syringes',
    'calibrated',
  ];
  const inner = Object.entries(value).flatMap(([key, member]) => (free.includes(key) ? [] : places(member, `${pointer}/${key}`)));
  return pointer === '' ? inner : [pointer, ...inner];
}

const BROKEN: readonly { name: string; of: (value: unknown) => unknown }[] = [
  { name: 'a huge number', of: (value) => (typeof value === 'number' ? 1e9 : 1e9) },
  { name: 'a negative number', of: () => -1 },
  { name: 'text', of: () => 'twelve mm' },
  { name: 'null', of: () => null },
  { name: 'a list', of: () => [] },
  { name: 'an empty object', of: () => ({}) },
];

function mutated(file: Json, pointer: string, change: (parent: Json, key: string) => void): Json {
  const copy = structuredClone(file);
  const at = pointer.lastIndexOf('/');
  change(valueAt(copy, pointer.slice(0, at)) as Json, pointer.slice(at + 1));
  return copy;
}

const library: { kind: Kind; file: Json }[] = KINDS.flatMap((kind) => idsOf(kind).map((id) => ({ kind, file: copyOf(kind, id) })));

describe('mutations of valid files', () => {
  it('give each a problem at or below the place that was broken, for every place of every library file', () => {
    let count = 0;
    for (const { kind, file } of library) {
      for (const pointer of places(file, '')) {
        for (const { name, of } of BROKEN) {
          if (name === 'an empty object' && /\/(set|limits)$/.test(pointer)) continue;
          const broken = mutated(file, pointer, (parent, key) => {
            parent[key] = of(parent[key]);
          });
          const errors = errorsOf(checkText(JSON.stringify(broken)));
          count++;
          const near = errors.some((problem) => problem.pointer.startsWith(pointer) || pointer.startsWith(problem.pointer));
          if (!near) expect.unreachable(`${kind} ${String(file['id'])}: ${name} at ${pointer} gave ${JSON.stringify(errors)}`);
          for (const problem of errors) expect(problem.bound.length * problem.why.length).toBeGreaterThan(0);
        }
      }
    }
    expect(count).toBeGreaterThan(1000);
  });

  it('are found when a key is taken away, misspelt or added, at every place that is not optional', () => {
    const optional =
      /\/(set|limits|literature|components|rheology|course|maintenance|requires|before|after|depthPercent|dosePercent|toDepthPercent|inLayerPercent|doseWithinPercent|turnedDeg|depthMm|doseUl|spacingMm|angleDeg)$|\/(min|max)$|\/set\/\w+$/;
    for (const { kind, file } of library) {
      for (const pointer of places(file, '').filter((place) => !/\/(\d+|do|mode|shape|lay|kind)$/.test(place))) {
        const misspelt = mutated(file, pointer, (parent, key) => {
          parent[`${key}x`] = parent[key];
          Reflect.deleteProperty(parent, key);
        });
        const errors = errorsOf(checkValue(misspelt));
        const where = `${kind} ${String(file['id'])} ${pointer}`;
        if (pointer !== '/kind')
          expect(
            errors.map((problem) => problem.pointer),
            where,
          ).toContain(`${pointer}x`);
        if (!optional.test(pointer))
          expect(
            errors.map((problem) => problem.pointer),
            where,
          ).toContain(pointer);
      }
    }
  });

  it('never make the check throw, whatever JSON comes in (500 values, seed 4)', () => {
    const law = fc.property(fc.jsonValue(), fc.constantFrom(...KINDS), (value, kind) => {
      const members = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
      expect(checkText(JSON.stringify(value)).ok).toBe(false);
      expect(checkText(JSON.stringify({ ...members, kind })).ok).toBe(false);
      expect(checkValue(mesolift({ ...members, set: value })).problems).toBeDefined();
    });
    fc.assert(law, { seed: 4, numRuns: 500 });
  });

  it('never make the check throw, whatever text comes in (2000 texts, seed 5)', () => {
    const law = fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((text) => text.slice(0, -1)),
      ),
      (text) => {
        expect(checkText(text).ok).toBe(false);
      },
    );
    fc.assert(law, { seed: 5, numRuns: 2000 });
  });
});

describe('library', () => {
  it('passes its own check without an error, file by file', () => {
    for (const { kind, file } of library) expect(errorsOf(checkValue(file)), `${kind} ${String(file['id'])}`).toEqual([]);
  });

  it('says where every figure comes from', () => {
    for (const kind of KINDS) for (const file of allOf(kind)) expect(file.provenance?.length, file.id).toBeGreaterThan(0);
  });
});
