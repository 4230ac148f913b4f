// What the desk refuses, and how it says so: all errors at once, each with pointer, value, bound, reason.
import { describe, expect, it } from 'vitest';
import { checkId, checkText, checkValue, nearestId } from '../../protocols/check.ts';
import { formatProblems } from '../../protocols/problems.ts';
import { bareProtocol, copyOf, errorsOf, mesolift, nappage, warningsOf } from './files.ts';

describe('the four refusals', () => {
  it('refuses depth 10.1 mm at /set/depthMm and names 10 mm and the device', () => {
    const checked = checkValue(bareProtocol({ set: { depthMm: 10.1 }, needle: '30g-13mm' }));
    expect(checked.ok).toBe(false);
    expect(checked.plan).toBeNull();
    expect(errorsOf(checked)[0]).toMatchObject({ pointer: '/set/depthMm', value: 10.1, bound: '≤ 10 mm', nearest: 10 });
    expect(errorsOf(checked)[0]?.why).toContain('device');
  });

  it('refuses spacing 4 mm at /set/spacingMm and names 5 mm', () => {
    const checked = checkValue(bareProtocol({ set: { spacingMm: 4 } }));
    expect(errorsOf(checked)[0]).toMatchObject({ pointer: '/set/spacingMm', value: 4, bound: '≥ 5 mm', nearest: 5 });
  });

  it('refuses 201 pricks at /set/pricks and names 200', () => {
    const checked = checkValue(bareProtocol({ set: { pricks: 201 } }));
    expect(errorsOf(checked)).toHaveLength(1);
    expect(errorsOf(checked)[0]).toMatchObject({ pointer: '/set/pricks', value: 201, bound: '≤ 200 pricks', nearest: 200 });
  });

  it('refuses a depth of 6 mm on a 4 mm needle and names a depth that the needle reaches', () => {
    const checked = checkValue(bareProtocol({ set: { depthMm: 6 } }));
    const [problem] = errorsOf(checked);
    expect(problem).toMatchObject({ pointer: '/set/depthMm', value: 6 });
    expect(problem?.why).toContain('needle 32g-4mm is 4.00 mm long');
    expect(errorsOf(checkValue(bareProtocol({ set: { depthMm: Number(problem?.nearest) } })))).toEqual([]);
  });

  it('takes depth 10 mm on a 13 mm needle, spacing 5 mm, 200 pricks', () => {
    const deep = bareProtocol({ needle: '30g-13mm', site: 'buttock', set: { depthMm: 10, spacingMm: 5, pricks: 200 } });
    expect(errorsOf(checkValue(deep))).toEqual([]);
  });
});

describe('problems of a file', () => {
  it('gives eight errors of one file at once, each at its own pointer', () => {
    const file = mesolift({ depthMM: 3, fillUl: 1e9, syringe: { ...copyOf('syringe', '1ml'), boreMm: 'wide' } });
    Object.assign(file, { area: { shape: 'elipse', widthMm: 150, heightMm: 95 }, pattern: 'round', residualUl: -1, name: '' });
    Reflect.deleteProperty(file, 'sex');
    const pointers = checkValue(file).problems.map((problem) => problem.pointer);
    expect(pointers.sort()).toEqual(['/area/shape', '/depthMM', '/fillUl', '/name', '/pattern', '/residualUl', '/sex', '/syringe/boreMm']);
  });

  it('guesses depthMm for depthMM, ellipse for elipse and nappage for napage', () => {
    const nearest = (file: unknown): unknown => checkValue(file).problems[0]?.nearest;
    expect(nearest(mesolift({ depthMM: 3 }))).toBe('depthMm');
    expect(nearest(mesolift({ area: { shape: 'elipse', widthMm: 100, heightMm: 90 } }))).toBe('ellipse');
    expect(nearest(mesolift({ technique: 'napage' }))).toBe('nappage');
    expect(nearestId('mesolift-fase')).toBe('mesolift-face');
  });

  it('judges meaning and structure together: unknown key and 6 mm on a 4 mm needle in one go', () => {
    const pointers = errorsOf(checkValue(bareProtocol({ ...{ colour: 'red' }, set: { depthMm: 6 } }))).map((problem) => problem.pointer);
    expect(pointers).toEqual(['/colour', '/set/depthMm']);
  });

  it('escapes pointers as RFC 6901 asks: a/b~c becomes /a~1b~0c', () => {
    expect(checkValue(mesolift({ 'a/b~c': 1 })).problems[0]?.pointer).toBe('/a~1b~0c');
  });

  it('names line 2, column 2 of broken JSON', () => {
    const [problem] = checkText('{"a":1,\n x').problems;
    expect(problem?.why).toBe('it cannot be read from line 2, column 2 on');
  });

  it('refuses a key that is given twice instead of taking the last', () => {
    const text = JSON.stringify(mesolift()).replace('"fillUl":1000', '"fillUl":1000,"fillUl":900');
    expect(errorsOf(checkText(text))).toMatchObject([{ pointer: '/fillUl', bound: 'given once' }]);
  });

  it('refuses what is no object, an unknown kind and another version', () => {
    expect(checkText('[]').problems[0]).toMatchObject({ pointer: '', bound: 'a JSON object' });
    expect(checkText('{"kind":"protocoll"}').problems[0]).toMatchObject({ pointer: '/kind', nearest: 'protocol' });
    expect(checkValue(mesolift({ mesogun: 2 })).problems[0]).toMatchObject({ pointer: '/mesogun', value: 2, nearest: 1 });
  });

  it('points at the library technique when the value comes from there, at the setting when it was set', () => {
    expect(errorsOf(checkValue(mesolift({ set: { depthMm: 5 }, needle: '30g-13mm' })))[0]?.pointer).toBe('/set/depthMm');
    const own = nappage({ depthMm: 5 });
    expect(errorsOf(checkValue(mesolift({ set: {}, technique: own, needle: '30g-13mm' })))[0]?.pointer).toBe('/technique/depthMm');
  });

  it('writes one line a problem for people, errors before warnings', () => {
    const lines = formatProblems(checkValue(bareProtocol({ sex: 'f', set: { pricks: 9, doseUl: 0.2 } })).problems).split('\n');
    expect(lines[0]).toBe(
      'error /set/doseUl: 0.2, must be 0, or 1 to 200 µL; below 1 µL a dose cannot be told from its scatter; 0 is a dry prick. Nearest: 0.',
    );
    expect(lines.slice(1).every((line) => line.startsWith('warning '))).toBe(true);
    expect(lines).toHaveLength(3);
  });
});

describe('meaning of a technique', () => {
  const stepsOf = (...steps: unknown[]): string[] =>
    errorsOf(checkValue(nappage({ steps }))).map((problem) => `${problem.pointer} ${problem.bound}`);
  const press = { do: 'press' };
  const insert = { do: 'insert', insertionMmPerS: 80 };
  const dose = { do: 'dose', rateUlPerS: 20 };
  const home = { do: 'withdraw', withdrawalMmPerS: 80 };

  it('R48: refuses to decompress while the needle is in', () => {
    expect(stepsOf(press, insert, dose, { do: 'decompress' }, home)).toEqual(['/steps/3 after the withdrawal to home']);
  });

  it('refuses a dose before the insertion and after the needle is home', () => {
    expect(stepsOf(press, dose, insert, home)).toEqual(['/steps/1 after an insert']);
    expect(stepsOf(press, insert, home, dose)).toEqual(['/steps/3 after an insert']);
  });

  it('refuses a stroke that does not begin with the ring', () => {
    expect(stepsOf(insert, dose, home)).toEqual(['/steps/0 a press step']);
  });

  it('refuses a needle left in, a second insertion, shares of 90 % and a dose on the last way home', () => {
    expect(stepsOf(press, insert, dose)).toEqual(['/steps a last withdrawal to home']);
    expect(stepsOf(press, insert, dose, home, insert, home)).toEqual(['/steps/4 one insertion a prick']);
    expect(stepsOf(press, insert, { ...dose, dosePercent: 90 }, home)).toEqual(['/steps dose shares that sum to 100 %']);
    expect(stepsOf(press, insert, { ...home, dosePercent: 100 })).toEqual(['/steps/2 a dose only on the way to a shallower depth']);
  });

  it('refuses a force window that does not hold its target of 2 N', () => {
    const stamp = { mode: 'passive', minN: 2.5, maxN: 3, targetN: 2 };
    expect(errorsOf(checkValue(nappage({ stamp })))).toMatchObject([{ pointer: '/stamp/targetN', nearest: 2.5 }]);
  });

  it('R55: refuses 25 µL where the technique allows 20 µL', () => {
    expect(errorsOf(checkValue(mesolift({ set: { doseUl: 25 }, fillUl: 1000 })))[0]).toMatchObject({ pointer: '/set/doseUl', nearest: 20 });
  });
});

describe('warnings', () => {
  it('warns of 9 pricks and takes 10', () => {
    expect(warningsOf(checkValue(mesolift({ set: { depthMm: 1.2, pricks: 9 } }))).map((one) => one.pointer)).toEqual(['/set/pricks']);
    expect(checkValue(mesolift({ set: { depthMm: 1.2, pricks: 10 } })).problems).toEqual([]);
  });

  it('warns that 1.2 mm on a woman’s cheek is mostly hypodermis', () => {
    const checked = checkValue(mesolift({ sex: 'f' }));
    expect(checked.ok).toBe(true);
    expect(warningsOf(checked)).toMatchObject([{ pointer: '/set/depthMm', bound: 'mostly dermis, as nappage intends' }]);
  });

  it('warns of a session beyond 60 min: 200 pricks, one each 30 s', () => {
    const [problem] = warningsOf(checkValue(mesolift({ set: { depthMm: 1.2, doseUl: 3, pricks: 200, periodMs: 30000 } })));
    expect(problem).toMatchObject({ pointer: '/area', bound: '≤ 60 min' });
  });

  it('says when the default protocol needs no warning at all', () => {
    expect(checkId('mesolift-face')?.problems).toEqual([]);
    expect(checkId('no-such-thing')).toBeNull();
  });
});
