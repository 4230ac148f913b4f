// Power loss at flash steps of a session on the whole gun. All steps: npx tsx tests/firmware/gun/power-cut-campaign.ts
import { describe, expect, it } from 'vitest';
import { cutAt, cutWhen, stepsOfSession, uncut } from './power-cut.ts';

describe('power cut on the whole gun', () => {
  it('the uncut session of three pricks completes and counts what it delivers', () => {
    expect(uncut().gun.session.treatment.doneCount).toBe(3);
  });

  it('R10 R41 I3: at every 41st flash step: idle after the reboot, chain whole, no dose in tissue uncounted, needle home', () => {
    const steps = stepsOfSession();
    const wrong: string[] = [];
    for (let step = 1; step < steps; step += 41) {
      const why = cutAt(step);
      if (why) wrong.push(why);
    }
    expect(wrong).toEqual([]);
  });

  it.each(['approach', 'in', 'dose', 'dwell', 'withdraw'])(
    'R05 R10: at phase %s of prick 3 the spring has the needle home and the prick is counted in full',
    (phase) => {
      expect(cutWhen(`prick=3,phase=${phase}`)).toBe('');
    },
  );
});
