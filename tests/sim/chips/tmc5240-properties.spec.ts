import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as R from '../../../hal/drivers/tmc5240-registers.ts';
import { aOf, stepsPerS, stepsPerS2, TICK_US, Tmc5240Bench, vOf } from './tmc5240-bench.ts';
import { ReferenceRamp } from './tmc5240-reference.ts';

const SEED = 5240;
interface Act {
  register: number;
  value: number;
  waitUs: number;
}
const act = (register: number, value: fc.Arbitrary<number>): fc.Arbitrary<Act> =>
  fc.record({ register: fc.constant(register), value, waitUs: fc.integer({ min: 0, max: 40_000 }) });
const rate = fc.integer({ min: aOf(50_000), max: aOf(8_000_000) });
const FASTEST = stepsPerS(vOf(100_000));
const speed = fc.integer({ min: vOf(2_000), max: vOf(100_000) });
const target = fc.integer({ min: -6_000, max: 6_000 });
/** Anything that firmware could send in any order. VSTART stays below every VMAX but 0. */
const anything = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: act(R.REG_XTARGET, target) },
    { weight: 2, arbitrary: act(R.REG_VMAX, fc.oneof(speed, fc.constant(0))) },
    act(R.REG_VSTART, fc.integer({ min: 0, max: vOf(1_900) })),
    act(R.REG_VSTOP, fc.integer({ min: 1, max: vOf(2_000) })),
    act(R.REG_AMAX, rate),
    act(R.REG_A1, rate),
    act(R.REG_A2, rate),
    act(R.REG_DMAX, rate),
    act(R.REG_D1, rate),
    act(R.REG_D2, rate),
    act(R.REG_V1, fc.oneof(speed, fc.constant(0))),
    act(R.REG_V2, fc.oneof(speed, fc.constant(0))),
    act(R.REG_TZEROWAIT, fc.integer({ min: 0, max: 200 })),
    act(R.REG_RAMPMODE, fc.integer({ min: 0, max: 3 })),
    act(R.REG_XACTUAL, target),
    act(R.REG_VIRTUAL_STOP_R, target),
    act(R.REG_VIRTUAL_STOP_L, target),
    act(R.REG_SW_MODE, fc.constantFrom(0, 1, 2, 3, 0x800, 0x1000, 0x2000, 0x3000, 0x3803)),
    act(R.REG_GCONF, fc.constantFrom(0, R.GCONF_SHAFT)),
  ),
  { minLength: 1, maxLength: 25 },
);

const ready = (): Tmc5240Bench => {
  const bench = new Tmc5240Bench().needle();
  bench.write(R.REG_A1, aOf(2_000_000));
  bench.write(R.REG_A2, aOf(3_000_000));
  bench.write(R.REG_D2, aOf(3_000_000));
  return bench;
};

/** Walks to `untilUs` by segment ends and some moments between, telling each to `see`. */
const walk = (bench: Tmc5240Bench, untilUs: number, see: (atUs: number) => void): void => {
  let atUs = bench.atUs;
  while (atUs < untilUs) {
    see(atUs);
    const end = Math.min(bench.chip.segmentEndsAtUs(atUs), untilUs);
    see(0.5 * (atUs + end));
    see(end - 1e-3);
    atUs = end;
  }
};

describe(`tmc5240 properties, seed ${SEED}`, () => {
  it('never lets |v| grow beyond VMAX, keeps positions continuous to 1 µstep and lays out a finite plan, 1000 sequences', () => {
    fc.assert(
      fc.property(anything, (acts) => {
        const bench = ready();
        let tooFast = 0;
        let jump = 0;
        for (const { register, value, waitUs } of acts) {
          const before = bench.chip.positionAt(bench.atUs);
          bench.write(register, value);
          let last = bench.chip.positionAt(bench.atUs);
          let lastUs = bench.atUs;
          jump = Math.max(jump, Math.abs(last - before));
          const vmax = stepsPerS(Math.max(bench.read(R.REG_VMAX), bench.read(R.REG_VSTART)));
          let allowed = Math.max(vmax, Math.abs(bench.chip.velocityAt(bench.atUs)));
          walk(bench, bench.atUs + waitUs, (atUs) => {
            const v = Math.abs(bench.chip.velocityAt(atUs));
            const x = bench.chip.positionAt(atUs);
            tooFast = Math.max(tooFast, v - allowed);
            jump = Math.max(jump, Math.abs(x - last) - (FASTEST * Math.max(0, atUs - lastUs)) / 1e6);
            allowed = Math.max(vmax, v);
            last = x;
            lastUs = atUs;
          });
          bench.wait(waitUs);
        }
        expect(tooFast).toBeLessThan(1e-3);
        expect(jump).toBeLessThanOrEqual(1);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('gives the same motion and the same registers however often it is asked in between, 300 sequences', () => {
    fc.assert(
      fc.property(anything, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), (acts, looks) => {
        const quiet = ready();
        const asked = ready();
        for (const { register, value, waitUs } of acts) {
          quiet.write(register, value);
          asked.write(register, value);
          const from = asked.atUs;
          for (const look of [...looks].sort((a, b) => a - b)) {
            asked.atUs = from + look * waitUs;
            asked.chip.positionAt(asked.atUs);
            asked.chip.crossesAtUs(100, asked.atUs, asked.atUs + 1e6);
            asked.read(R.REG_RAMP_STAT);
          }
          asked.atUs = from + waitUs;
          quiet.wait(waitUs);
          expect(asked.chip.positionAt(asked.atUs)).toBe(quiet.chip.positionAt(quiet.atUs));
          expect(asked.chip.velocityAt(asked.atUs)).toBe(quiet.chip.velocityAt(quiet.atUs));
          for (const register of [R.REG_XACTUAL, R.REG_VACTUAL, R.REG_RAMP_STAT]) expect(asked.read(register)).toBe(quiet.read(register));
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('arrives at the target exactly after any history, once the parameters are legal again, 500 sequences', () => {
    fc.assert(
      fc.property(anything, target, (acts, goal) => {
        const bench = ready();
        for (const { register, value, waitUs } of acts) {
          bench.write(register, value);
          bench.wait(waitUs);
        }
        bench.write(R.REG_SW_MODE, 0);
        bench.write(R.REG_RAMPMODE, R.RAMPMODE_POSITION);
        bench.write(R.REG_VMAX, vOf(50_000));
        bench.moveTo(goal);
        bench.settle();
        expect(bench.read(R.REG_XACTUAL)).toBe(goal);
        expect(bench.ramp(R.RAMP_POSITION_REACHED | R.RAMP_VZERO)).toBe(true);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('never passes a virtual stop set ahead of the needle, whatever is written to target, speeds and mode, 500 sequences', () => {
    const motion = anything.map((acts) =>
      acts.filter(({ register }) => ![R.REG_SW_MODE, R.REG_VIRTUAL_STOP_R, R.REG_XACTUAL].includes(register)),
    );
    fc.assert(
      fc.property(motion, (acts) => {
        const bench = ready();
        bench.write(R.REG_VIRTUAL_STOP_R, 1000);
        bench.write(R.REG_SW_MODE, R.SW_EN_VIRTUAL_STOP_R);
        for (const { register, value, waitUs } of acts) {
          bench.write(register, value);
          walk(bench, bench.atUs + waitUs, (atUs) => {
            bench.atUs = Math.max(bench.atUs, atUs);
            expect(bench.read(R.REG_XACTUAL)).toBeLessThanOrEqual(1000);
          });
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('agrees with a tick-by-tick integrator within 0.2 µsteps over 200 random moves, half of them re-aimed on the way', () => {
    const move = fc.record({
      first: target,
      second: target,
      reaim: fc.boolean(),
      reaimTick: fc.integer({ min: 1, max: 1500 }),
      vmax: speed,
      v1: fc.oneof(speed, fc.constant(0)),
      v2: fc.oneof(speed, fc.constant(0)),
      vstart: fc.integer({ min: 0, max: vOf(500) }),
      vstop: fc.integer({ min: vOf(500), max: vOf(2_000) }),
      a: fc.tuple(rate, rate, rate),
      d: fc.tuple(rate, rate, rate),
    });
    fc.assert(
      fc.property(move, (m) => {
        let worst = 0;
        const bench = new Tmc5240Bench();
        const registers = [R.REG_VSTART, R.REG_VSTOP, R.REG_V1, R.REG_V2, R.REG_A1, R.REG_A2, R.REG_AMAX, R.REG_D1, R.REG_D2, R.REG_DMAX];
        const values = [m.vstart, m.vstop, m.v1, m.v2, ...m.a, ...m.d];
        for (let i = 0; i < registers.length; i++) bench.write(registers[i] as number, values[i] as number);
        bench.write(R.REG_VMAX, m.vmax);
        const reference = new ReferenceRamp({
          vstart: stepsPerS(m.vstart),
          vstop: stepsPerS(m.vstop),
          v1: stepsPerS(m.v1),
          v2: stepsPerS(Math.max(m.v1, m.v2)),
          vmax: stepsPerS(m.vmax),
          a: [stepsPerS2(m.a[0]), stepsPerS2(m.a[1]), stepsPerS2(m.a[2])],
          d: [stepsPerS2(m.d[0]), stepsPerS2(m.d[1]), stepsPerS2(m.d[2])],
        });
        bench.moveTo(m.first);
        reference.target = m.first;
        for (let tick = 0; tick < 4000; tick++) {
          if (m.reaim && tick === m.reaimTick) {
            bench.moveTo(m.second);
            reference.target = m.second;
          }
          bench.wait(TICK_US);
          reference.step(TICK_US / 1e6);
          worst = Math.max(worst, Math.abs(bench.chip.positionAt(bench.atUs) - reference.x));
        }
        expect(worst).toBeLessThan(0.2);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
