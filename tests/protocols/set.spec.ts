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
      '1.2 mm ░░░░●●▼●●░░░░  5 µL; tip 1.2 mm',
      'dermis to 1.34 mm, 82 % of tips',
      'hypodermis to 5.34 mm, 18 % of tips',
      'insert to 1.20 mm in skin at 100 mm/s',
      'Depth 1.2 mm: the gun starts at 1 mm',
    ])
      expect(page).toContain(part);
  });

  it('draw where the dose is laid: multi-level at 4, 6 and 8 mm, linear-retrograde from 2.0 up to 1.2 mm, dry nowhere', () => {
    const depots = (id: string): string[] => [...(describe(id) ?? '').matchAll(/^ +([\d.]+) mm .*●●.●●/gm)].map(([, mm]) => mm ?? '');
    expect(depots('multi-level')).toEqual(['4.0', '6.0', '8.0']);
    expect(depots('linear-retrograde')).toEqual(['1.4', '1.6', '1.8', '2.0']);
    expect([depots('dry'), describe('dry')?.includes('▼')]).toEqual([[], true]);
  });

  it('draw every technique and protocol of the library, each tip once, in at most 22 lines', () => {
    for (const kind of ['technique', 'protocol'] as const)
      for (const id of idsOf(kind)) {
        const lines = (describe(id) ?? '').split('\n').filter((line) => /^ +[\d.]+ mm [▒░·▓]/.test(line));
        expect([lines.filter((line) => line.includes('▼')).length, lines.length <= 22], id).toEqual([1, true]);
      }
  });

  it('say of a product what is in a millilitre, without braces', () => {
    expect(describe('vitamin-cocktail')).toContain('biotin         0.5 mg a mL; at most 5 mg a session, 5 mg a day, 50 mg a course');
    for (const kind of KINDS) for (const id of idsOf(kind)) expect(describe(id), id).not.toContain('{');
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
