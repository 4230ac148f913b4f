import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import * as P from '../../../firmware/core/program.ts';
import { Readings } from '../../../firmware/core/readings.ts';
import { Spacing } from '../../../firmware/core/spacing.ts';
import type { AtMs } from '../../../hal/units.ts';
import { nappage } from './programs.ts';

let readings = new Readings();
let spacing = new Spacing();
beforeEach(() => {
  readings = new Readings();
  spacing = new Spacing();
  spacing.begin(readings);
});

const at = (ms: number): void => {
  readings.nowMs = ms as AtMs;
};
const press = (): void => {
  readings.pressCount++;
  readings.triggerHeld = 1;
};
const wheel = (um: number, ms: number): void => {
  readings.wheelUm = um;
  readings.wheelAtMs = ms as AtMs;
};

describe('spacing', () => {
  it('R27: gives the first permit for a fresh edge, never for a trigger that is merely held', () => {
    readings.triggerHeld = 1;
    spacing.step(readings, nappage(), 0);
    expect(spacing.pending).toBe(0);
    press();
    spacing.step(readings, nappage(), 0);
    expect([spacing.pending, spacing.permitCount]).toEqual([1, 1]);
  });

  it('cadence: permits once a period of 1 000 ms while held, not at 999 ms', () => {
    const program = nappage();
    press();
    spacing.step(readings, program, 0);
    spacing.take(readings);
    at(999);
    spacing.step(readings, program, 0);
    expect(spacing.pending).toBe(0);
    at(1000);
    spacing.step(readings, program, 0);
    expect(spacing.pending).toBe(1);
  });

  it('cadence: a prick that was made 400 ms late moves the next permit by 400 ms: a period lies between pricks, not between permits', () => {
    const program = nappage();
    press();
    spacing.step(readings, program, 0);
    at(400);
    spacing.take(readings);
    at(1399);
    spacing.step(readings, program, 0);
    expect(spacing.pending).toBe(0);
    at(1400);
    spacing.step(readings, program, 0);
    expect(spacing.pending).toBe(1);
  });

  it('travel: permits at 10 000 µm of path, not at 9 999', () => {
    const program = nappage({ [P.P_PERMIT]: P.PERMIT_TRAVEL });
    press();
    spacing.step(readings, program, 0);
    spacing.take(readings);
    wheel(9999, 600);
    spacing.step(readings, program, 0);
    expect(spacing.pending).toBe(0);
    wheel(10000, 620);
    spacing.step(readings, program, 0);
    expect(spacing.pending).toBe(1);
    spacing.take(readings);
    expect(spacing.permitTravelUm).toBe(10000);
  });

  it('trigger: one permit an edge, at least 150 ms apart; an edge during the stroke is dropped', () => {
    const program = nappage({ [P.P_PERMIT]: P.PERMIT_TRIGGER });
    press();
    spacing.step(readings, program, 0);
    spacing.take(readings);
    at(100);
    press();
    spacing.step(readings, program, 1);
    at(300);
    spacing.step(readings, program, 0);
    expect(spacing.pending).toBe(0);
    at(320);
    press();
    spacing.step(readings, program, 0);
    spacing.take(readings);
    at(400);
    press();
    spacing.step(readings, program, 0);
    expect([spacing.pending, spacing.permitCount]).toEqual([0, 2]);
  });

  it('says the hand is too fast at 10.01 mm/s when 10 mm/s are allowed', () => {
    wheel(1000, 100);
    spacing.step(readings, nappage(), 0);
    expect(spacing.handSlow(nappage())).toBe(1);
    wheel(2001, 200);
    spacing.step(readings, nappage(), 0);
    expect(spacing.handSlow(nappage())).toBe(0);
  });

  it('R27 I5: over random press trains permits never exceed edges in trigger mode, and never pile up (seed 21)', () => {
    const program = nappage({ [P.P_PERMIT]: P.PERMIT_TRIGGER });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.boolean(), fc.boolean(), fc.boolean())), (train) => {
        const r = new Readings();
        const s = new Spacing();
        s.begin(r);
        let taken = 0;
        for (const [forMs, held, busy, take] of train) {
          r.nowMs = (r.nowMs + forMs) as AtMs;
          if (held && !r.triggerHeld) r.pressCount++;
          r.triggerHeld = held ? 1 : 0;
          s.step(r, program, busy ? 1 : 0);
          if (take && s.pending) {
            s.take(r);
            taken++;
          }
        }
        return s.permitCount <= r.pressCount && taken <= s.permitCount;
      }),
      { seed: 21 },
    );
  });
});
