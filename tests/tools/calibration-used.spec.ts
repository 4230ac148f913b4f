// What the desk says of the calibration that a session rested on, and when the session itself asks for another.
import { describe, expect, it } from 'vitest';
import { calibrationText, calibrationUsed } from '../../tools/calibration-used.ts';
import type { CalibrationUsed } from '../../tools/calibration-used.ts';
import type { GunSection } from '../../tools/calibration/gun-record.ts';
import { Rig } from '../firmware/gun/rig.ts';
import type { RigOptions } from '../firmware/gun/rig.ts';
import { depth, dose, storeWith } from '../firmware/gun/stores.ts';

const FEW = { pricks: 12 };

function used(sections: readonly GunSection[] | null, options: RigOptions = {}): CalibrationUsed {
  const rig = new Rig({ set: FEW, ...(sections === null ? {} : { gun: { flashImage: storeWith(sections) } }), ...options }).finish();
  return calibrationUsed(rig.journal(), rig.program, sections ?? []) as CalibrationUsed;
}

describe('calibration of a session', () => {
  it('names both records by their hashes and the day on which the first runs out', () => {
    const both = used([depth({ validUntilDay: 20_790 }), dose({ validUntilDay: 20_800 })]);
    expect(both).toEqual({ doseSha256: 'd05e0001', depthSha256: 'dee90001', demo: false, validUntil: '2026-12-03', recalibrate: [] });
    expect(calibrationText(both)).toBe('records dose d05e0001, depth dee90001, valid until 2026-12-03');
  });

  it('says of the simulated gun’s own that nobody measured it', () => {
    const demo = used(null);
    expect(demo).toMatchObject({ demo: true, doseSha256: null, validUntil: null, recalibrate: [] });
    expect(calibrationText(demo)).toBe('demo: nobody measured this gun');
  });

  it('asks for a calibration of the dose when the doses take half of the force that the record makes one expect', () => {
    const { recalibrate } = used([depth(), dose({ glideMn: 9000, breakLooseMn: 9000 })]);
    expect(recalibrate).toHaveLength(1);
    expect(recalibrate[0]).toMatch(/^doses took \d\.\d N, not the \d+\.\d N of this syringe: calibrate the dose$/);
  });

  it('asks for a calibration of the depth when home was found 51 µm from where it was, and not at 50 µm', () => {
    const rig = new Rig({ set: FEW, gun: { flashImage: storeWith([depth(), dose()]) } }).finish();
    const journal = rig.journal();
    const reasons = (homeErrorUm: number): readonly string[] => {
      const entries = journal.entries.map((each) => (each.kind === 'PROBED' ? { ...each, fields: { ...each.fields, homeErrorUm } } : each));
      return calibrationUsed({ ...journal, entries }, rig.program, [depth(), dose()])?.recalibrate ?? [];
    };
    expect(reasons(-51)).toEqual(['home moved by 51 µm since the gun was homed before: calibrate the depth']);
    expect(reasons(50)).toEqual([]);
  });

  it('has nothing to say where no session began', () => {
    expect(calibrationUsed({ entries: [], firstBreak: null }, new Int32Array(100), [])).toBeNull();
  });
});
