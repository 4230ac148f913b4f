// The counting of an image's work: exact on small scripts, and the image does what it did.
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { RuntimeName } from '../../../tools/build/image.ts';
import { OPERATIONS } from '../../../tools/tick-cost/operations.ts';
import { COUNTERS, countedImage } from '../../../tools/tick-cost/regions.ts';

interface Counts {
  readonly answer: unknown;
  readonly work: Readonly<Record<string, number>>;
}

/** Runs a script whose last statement is its answer; counts by kind, zeros left out. */
function count(script: string, runtime: RuntimeName = 'kaluma'): Counts {
  const counted = countedImage(script, runtime);
  const runs = new Uint32Array(counted.regions);
  runs[0] = 1;
  const answer: unknown = runInNewContext(counted.text, { [COUNTERS]: runs });
  const work: Record<string, number> = {};
  OPERATIONS.forEach((kind, k) => {
    let sum = 0;
    for (let region = 0; region < counted.regions; region++)
      sum += (runs[region] ?? 0) * (counted.work[region * OPERATIONS.length + k] ?? 0);
    if (sum > 0) work[kind] = sum;
  });
  return { answer, work };
}

describe('work counted in an image', () => {
  it('counts a loop of 3 turns: 3 loops, 4 tests, 3 updates, 3 element reads', () => {
    const { answer, work } = count('var a = [5, 6, 7], s = 0; for (var i = 0; i < 3; i++) s += a[i]; s;');
    expect(answer).toBe(18);
    expect(work).toEqual({ create: 1, assign: 3 + 3 + 3, operator: 4 + 3, loop: 3, 'read typed element': 3 });
  });

  it('counts the names of the outermost function that are passed over on the way to one: those declared after it, for a global all', () => {
    const { work } = count('(() => { var a = 1, b = 2, f = (b) => a + b, c = 3; return f(1) + Math.E; })();');
    // a passes over b, f and c; f over c; Math over all four; b is a parameter.
    expect(work).toMatchObject({ 'outer name': 3, 'name passed over': 3 + 1 + 4 });
  });

  it('counts on Espruino those that a script without an outer function declares before it: names are found first to last', () => {
    const { answer, work } = count('var a = 1, b = 2, f = (b) => a + b, c = f(1) + Math.E | 0; c;', 'espruino');
    expect(answer).toBe(4);
    // a passes over none; f over a and b; Math over all four; c, declared last, over three.
    expect(work).toMatchObject({ 'outer name': 4, 'name passed over': 0 + 2 + 4 + 3 });
  });

  it("tells elements of the packed image's arrays and objects from those of others, divisions from other operators", () => {
    const { work } = count('var $ = [6, 3], u = new Uint8Array(2), i = 0; u[i] = $[0] / $[1]; $[1] = u[i] % 2;');
    expect(work).toMatchObject({ 'read element': 2, 'write element': 1, 'read typed element': 1, 'write typed element': 1, division: 2 });
    expect(work['operator']).toBeUndefined();
  });

  it('counts only the branch that ran', () => {
    const script = (x: number): string => `var o = { n: 1 }; var r = ${String(x)} > 0 ? o.n : 2; r;`;
    expect(count(script(1)).work).toMatchObject({ branch: 1, 'read property': 1 });
    expect(count(script(0)).work['read property']).toBeUndefined();
  });

  it('counts the right side of && only when the left is true', () => {
    expect(count('var o = { f: 0, n: 1 }; var r = o.f && o.n; r;').work['read property']).toBe(1);
    expect(count('var o = { f: 1, n: 1 }; var r = o.f && o.n; r;').work['read property']).toBe(2);
  });

  it('counts a method as a property, a call and its arguments', () => {
    const { answer, work } = count('var o = { m(a, b) { return a + b; } }; o.m(2, 3);');
    expect(answer).toBe(5);
    expect(work).toEqual({ create: 2, assign: 1, 'read property': 1, call: 1, argument: 2, operator: 1 });
  });

  it('counts the third case of a switch as three comparisons', () => {
    expect(count('var r = 0; switch (2) { case 0: r = 1; break; case 1: r = 2; break; case 2: r = 3; } r;')).toEqual({
      answer: 3,
      work: { assign: 2, branch: 3 },
    });
  });

  it('leaves else-if chains, arrow bodies, object literals in parentheses and this of methods as they were', () => {
    const script = `
      class C { constructor(n) { this.n = n; } get() { return this.n; } }
      const make = (n) => ({ c: new C(n) });
      function pick(x) { if (x > 2) return 'a'; else if (x > 1) return 'b'; else return 'c'; }
      [make(4).c.get(), pick(3), pick(2), pick(1), (true && make(5).c).get()].join();`;
    expect(count(script).answer).toBe(runInNewContext(script));
  });
});
