// The promises of the virtual clock: order, cancellation, nested events, no way back.
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../sim/clock.ts';

describe('virtual clock', () => {
  it('runs three events at 10, 20 and 30 µs in the order of their moments and stands at 40 µs', () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    for (const atUs of [30, 10, 20]) clock.schedule(atUs, () => seen.push(clock.nowUs));
    clock.advanceTo(40);
    expect(seen).toEqual([10, 20, 30]);
    expect(clock.nowUs).toBe(40);
    expect(clock.nextAtUs).toBe(Infinity);
  });

  it('runs events of the same moment in the order of scheduling, also after one of them was cancelled', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.schedule(5, () => seen.push('a'));
    const cancelled = clock.schedule(5, () => seen.push('b'));
    clock.schedule(5, () => seen.push('c'));
    clock.schedule(5, () => seen.push('d'));
    clock.cancel(cancelled);
    clock.cancel(cancelled);
    clock.charge(5);
    expect(seen).toEqual(['a', 'c', 'd']);
  });

  it('runs an event that was scheduled by an event, even for the same moment, before time goes on', () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    clock.schedule(10, () => {
      clock.schedule(10, () => seen.push(clock.nowUs));
      clock.schedule(12, () => seen.push(clock.nowUs));
      clock.schedule(3, () => seen.push(clock.nowUs));
    });
    clock.advanceTo(11);
    expect(seen).toEqual([10, 10]);
    clock.charge(1);
    expect(seen).toEqual([10, 10, 12]);
  });

  it('does not go back when asked for an earlier moment', () => {
    const clock = new VirtualClock();
    clock.advanceTo(100);
    clock.advanceTo(50);
    expect(clock.nowUs).toBe(100);
  });

  it('sees the same events at the same moments in slices of 1 µs, 7 µs and 1000 µs', () => {
    const run = (sliceUs: number): string => {
      const clock = new VirtualClock();
      const seen: string[] = [];
      const step = (): void => {
        seen.push(clock.nowUs.toFixed(3));
        if (clock.nowUs < 900) clock.schedule(clock.nowUs + 13.37, step);
      };
      clock.schedule(1.5, step);
      for (let atUs = 0; atUs <= 1000; atUs += sliceUs) clock.advanceTo(atUs);
      clock.advanceTo(1000);
      return seen.join(' ');
    };
    expect(run(7)).toBe(run(1));
    expect(run(1000)).toBe(run(1));
  });
});
