// What `mesogun emulate` says while it works, and of a gun whose ticks are too long. Its session: session.spec.ts.
import { describe, expect, it } from 'vitest';
import { REFUSED_CAUSE, REFUSED_TICK } from '../../../firmware/core/faults.ts';
import { withTicks } from '../../../tools/emulate/emulate.ts';
import { EmulationProgress } from '../../../tools/emulate/progress.ts';
import { MesogunError } from '../../../tools/errors.ts';
import { refusalTrouble } from '../../../tools/refusal.ts';
import { recordingDesk } from '../recording-desk.ts';

describe('the progress of an emulation', () => {
  it('says every 30 s which prick of how many is done, where there is no terminal', () => {
    let wallMs = 0;
    const desk = { ...recordingDesk(), isTerminal: false, wallMs: () => wallMs };
    const said: string[] = [];
    const progress = new EmulationProgress({ ...desk, say: (text: string) => void said.push(text) });
    progress.prick(12, 108);
    for (wallMs = 0; wallMs <= 60_000; wallMs += 1000) progress.show({ nowUs: wallMs * 250, chip: { instructions: wallMs * 9000 } });
    expect(said).toEqual([
      'prick 12 of 108: 7.5 s emulated in 30.0 s, 0.25× real time, 9.0 million instructions/s',
      'prick 12 of 108: 15.0 s emulated in 1 min 0 s, 0.25× real time, 9.0 million instructions/s',
    ]);
  });
});

describe('a refusal to arm', () => {
  const turns = [{ state: 'READY', ticks: 37, medianMs: 7.4, highMs: 10.6, worstMs: 12.24 }];

  it('for ticks too long comes with the longest turns of the chip, and what to look at next', () => {
    const refusal = new MesogunError(refusalTrouble('arm', { re: 1, no: REFUSED_TICK, value: 12, bound: 10, limit: 0, by: 1 }));
    const told = withTicks(refusal, turns);
    expect(told.why).toBe('its longest tick took 12 ms, allowed are 10; on this chip the longest turns were, in ms: READY 12.2');
    expect(told.next).toContain('npm run bench:ticks');
    expect(told.exit).toBe(5);
  });

  it('for another cause stays as it is', () => {
    const refusal = new MesogunError(refusalTrouble('arm', { re: 1, no: REFUSED_CAUSE }));
    expect(withTicks(refusal, turns)).toBe(refusal);
  });
});
