// `--set key=value`, the pages of `show`, and text that is almost JSON.
import { describe as group, expect, it } from 'vitest';
import { checkId } from '../../protocols/check.ts';
import { describe, describeProtocol } from '../../protocols/describe.ts';
import { parseJsonText } from '../../protocols/json-text.ts';
import { idsOf, listLibrary } from '../../protocols/library.ts';
import { editDistance, nearestWord } from '../../protocols/nearest-word.ts';
import { KINDS } from '../../protocols/schema.ts';
import type { Protocol } from '../../protocols/schema.ts';
import { parameters, parseSettings } from '../../protocols/set.ts';
import { errorsOf, mesolift } from './files.ts';

group('settings', () => {
  it('take a number with or without its unit: 3, 3mm, 3 mm, 5 uL', () => {
    const of = (pair: string): unknown => parseSettings([pair]).settings;
    expect([of('depthMm=3'), of('depthMm=3mm'), of('depthMm = 3 mm')]).toEqual([{ depthMm: 3 }, { depthMm: 3 }, { depthMm: 3 }]);
    expect([of('doseUl=5 uL'), of('doseUl=5µL'), of('periodMs=shortest')]).toEqual([{ doseUl: 5 }, { doseUl: 5 }, { periodMs: 0 }]);
  });

  it('refuse another unit, a word, an unknown key with its nearest, and a key given twice', () => {
    const problem = (...pairs: string[]): unknown => parseSettings(pairs).problems[0];
    expect(problem('depthMm=3 cm')).toMatchObject({ pointer: '/set/depthMm', bound: 'in mm' });
    expect(problem('depthMm=deep')).toMatchObject({ value: 'deep', bound: 'a number in mm' });
    expect(problem('depth=3')).toMatchObject({ nearest: 'depthMm' });
    expect(problem('depthMm=3', 'depthMm=4')).toMatchObject({ bound: 'given once' });
    expect(problem('depthMm')).toMatchObject({ pointer: '/set/depthMm' });
  });

  it('are judged with the file: depthMm=11 is refused at /set/depthMm', () => {
    const checked = checkId('mesolift-face', parseSettings(['depthMm=11']).settings);
    expect(checked === null ? [] : errorsOf(checked)[0]).toMatchObject({ pointer: '/set/depthMm', value: 11, bound: '≤ 10 mm' });
  });

  it('leave the other settings of the protocol in force: doseUl=4 keeps depth 1.2 mm', () => {
    expect(checkId('mesolift-face', { doseUl: 4 })?.treatment?.technique).toMatchObject({ doseUl: 4, depthMm: 1.2 });
  });

  it('reach every step: rateUlPerS, dwellMs and both speeds', () => {
    const set = { rateUlPerS: 33, dwellMs: 77, insertionMmPerS: 55, withdrawalMmPerS: 66 };
    expect(checkId('mesolift-face', set)?.treatment?.technique.steps.slice(1, 5)).toEqual([
      { do: 'insert', insertionMmPerS: 55 },
      { do: 'dose', rateUlPerS: 33 },
      { do: 'dwell', dwellMs: 77 },
      { do: 'withdraw', withdrawalMmPerS: 66 },
    ]);
  });

  it('each have a unit, a smallest and a largest value and a reason', () => {
    for (const one of parameters())
      expect([one.unit.length > 0, one.min < one.max, one.why.length > 10], one.key).toEqual([true, true, true]);
    expect(parameters().map((one) => one.key)).toContain('pricks');
  });
});

group('pages', () => {
  it('exist for every library id', () => {
    for (const kind of KINDS) for (const id of idsOf(kind)) expect(describe(id), id).toContain(id);
    expect(describe('no-such-thing')).toBeNull();
  });

  it('show plan, stroke against the layers and notes of mesolift-face', () => {
    const page = describe('mesolift-face') ?? '';
    for (const part of [
      '108, 10 mm apart',
      '▼ dermis',
      'hypodermis',
      'insert to 1.20 mm in skin at 100 mm/s',
      'Depth 1.2 mm: the gun starts at 1 mm',
    ])
      expect(page).toContain(part);
  });

  it('show the errors of a protocol that cannot run', () => {
    expect(describeProtocol(mesolift({ needle: 'none' }) as unknown as Protocol)).toContain('error /needle');
  });

  it('list the library with protocols first', () => {
    expect(
      listLibrary()
        .slice(0, 3)
        .map((entry) => entry.id),
    ).toEqual(['alopecia-scalp', 'bio-facelift', 'cellulite-buttock']);
  });
});

group('almost JSON', () => {
  it('is walked with its strings and escapes: a twin inside a list is found at /a/1/b', () => {
    const { problems } = parseJsonText('{"a":[{"b":1},{"b":"x\\"}]{","b":[]}],"c":{}}');
    expect(problems.map((problem) => problem.pointer)).toEqual(['/a/1/b']);
  });

  it('measures typing errors: 2 edits from napge to nappage, nothing near xyz', () => {
    expect(editDistance('napge', 'nappage')).toBe(2);
    expect(nearestWord('xyz', ['nappage', 'papule'])).toBeUndefined();
  });
});
