import { beforeAll, describe, expect, it } from 'vitest';
import { pricksCsv } from '../../../tools/report/csv.ts';
import type { ReportInput } from '../../../tools/report/html.ts';
import { sessionJson } from '../../../tools/report/json.ts';
import { medianStroke, missedSkin, strokesOf } from '../../../tools/report/strokes.ts';
import { forged, sessionOf, without } from './session.ts';

let input: ReportInput;
beforeAll(async () => {
  input = await sessionOf(12, ['contact.lost@prick=4']);
});

describe('Strokes of a session', () => {
  it('join INTENT, RESULT and truth of each of 12 pricks', () => {
    const strokes = strokesOf(input.journal, input.truth);
    expect(strokes.map((stroke) => stroke.prick)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(strokes.map((stroke) => stroke.truth?.n)).toEqual(strokes.map((stroke) => stroke.prick));
    expect(strokes[0]).toMatchObject({ ending: 'done', result: 'done', plannedNl: 5000, commandedNl: 5000, depthUm: 1200 });
    expect(strokes[3]).toMatchObject({ ending: 'failed', result: 'contact or ring force was lost' });
  });

  it('leave a prick without truth whose needle never left home, and go on with the next', () => {
    let journal = input.journal;
    for (const field of ['rampTipUm', 'encoderTipUm']) journal = forged(journal, { kind: 'RESULT', prick: 4, field, value: 0 }, true);
    const strokes = strokesOf(journal, input.truth);
    expect(strokes[3]?.truth).toBeNull();
    expect(strokes[4]?.truth?.n).toBe(4);
  });

  it('count an INTENT without RESULT as uncertain, with its compensation as intended', () => {
    const [stroke] = strokesOf(without(input.journal, 'RESULT', 1), input.truth);
    expect(stroke).toMatchObject({ ending: 'uncertain', estimatedNl: null, commandedNl: 5000 });
    expect(stroke?.compensationNl).toBeGreaterThan(0);
  });

  it('have a median among the done ones, and none without pricks', () => {
    const median = medianStroke(strokesOf(input.journal, input.truth));
    expect(median?.ending).toBe('done');
    expect(medianStroke([])).toBeNull();
  });

  it('tell a needle that stayed on the skin from one that went in', () => {
    const prick = input.truth?.pricks[0];
    if (prick === undefined) throw new Error('no truth');
    expect(missedSkin({ ...prick, inAtUs: 0, homeAtUs: 1 })).toBe(true);
    expect(missedSkin({ ...prick, inAtUs: 1, homeAtUs: 2 })).toBe(false);
  });
});

describe('Export of the pricks', () => {
  it('CSV: one line a prick, units in the names, what a real gun cannot know left empty', () => {
    const lines = pricksCsv(strokesOf(input.journal, input.truth)).trimEnd().split('\n');
    const names = (lines[0] ?? '').split(',');
    const cells = (line: number): string[] => (lines[line] ?? '').split(',');
    expect(lines).toHaveLength(13);
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([names.length]));
    expect(cells(1)[names.indexOf('estimatedNl')]).toBe('5000');
    expect(Number(cells(1)[names.indexOf('trueTipUm')])).toBeCloseTo(input.truth?.pricks[0]?.tipMaxUm ?? NaN, -1);
    const real = pricksCsv(strokesOf(input.journal, null)).split('\n')[1] ?? '';
    expect(real.split(',').slice(names.indexOf('trueXUm'))).toEqual(['', '', '', '', '', '', '']);
  });

  it('CSV: quotes a comma and a quotation mark', () => {
    const [stroke] = strokesOf(input.journal, null);
    if (stroke === undefined) throw new Error('no prick');
    expect(pricksCsv([{ ...stroke, result: 'lost, "for good"' }])).toContain(',"lost, ""for good""",');
  });

  it('CSV: only the head line without pricks', () => {
    expect(pricksCsv([]).split('\n')).toHaveLength(2);
  });

  it('JSON: the summary and the same records', () => {
    const { summary, pricks } = JSON.parse(sessionJson(input)) as {
      summary: { done: number };
      pricks: { prick: number; trueTipUm: number }[];
    };
    expect(summary.done).toBe(11);
    expect(pricks).toHaveLength(12);
    expect(pricks[3]).toMatchObject({ prick: 4, ending: 'failed' });
  });
});
