// A kept record is checked again when it is read: what it says of the gun is of its kind, or refused by name.
import { describe, expect, it } from 'vitest';
import type { CalibrationRecord } from '../../../tools/calibration/calibration-record.ts';
import { keptDepth } from '../../../tools/calibration/kept-section.ts';
import { EXIT_FILE } from '../../../tools/errors.ts';

const depth = { kind: 'depth', offsetUm: 12, gainPpm: -300, period: { amplitudeUm: 3, phaseRad: 1 }, ringUm: 3000 };
const record = (section: CalibrationRecord['section']): CalibrationRecord => ({ section }) as CalibrationRecord;

describe('keptDepth', () => {
  it('gives the section of a depth record', () => {
    expect(keptDepth(record(depth))).toEqual(depth);
  });

  it.each([
    ['an offset that is text', { ...depth, offsetUm: '12' }, '/section/offsetUm'],
    ['the section of a dose', { ...depth, kind: 'dose' }, '/section/kind'],
    ['nothing that the gun was given', null, '/section/'],
  ])('R33: refuses %s with exit 3 and its place', (_, section, place) => {
    expect(() => keptDepth(record(section))).toThrow(
      expect.objectContaining({ exit: EXIT_FILE, why: expect.stringContaining(place) as string }),
    );
  });
});
