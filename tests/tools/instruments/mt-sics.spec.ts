// The MT-SICS driver against the simulated balance, in virtual time, and against wires that behave badly.
import { describe, expect, it } from 'vitest';
import { USUAL_BALANCE } from '../../../sim/bench.ts';
import type { BalanceSetup } from '../../../sim/bench.ts';
import type { BalanceError, Weighing } from '../../../tools/instruments/balance.ts';
import { LoneBench } from '../../../tools/instruments/lone-bench.ts';
import { openMtSics } from '../../../tools/instruments/mt-sics.ts';
import { sideWire } from '../../../tools/instruments/side-wire.ts';
import type { InstrumentWire } from '../../../tools/instruments/wire.ts';

interface Place {
  readonly lone: LoneBench;
  readonly wire: InstrumentWire;
  readonly out: { ul: number };
}

function place(setup: Partial<BalanceSetup> = {}, seed = 1, exact = true): Place {
  const out = { ul: 0 };
  const lone = new LoneBench({ seed, exact, gun: { outUl: () => out.ul, tipMm: () => 0 } });
  const line = lone.bench.connectBalance({ ...USUAL_BALANCE, tip: 'submerged', mouthMm: 0, ...setup });
  return { lone, out, wire: sideWire('sim:mt-sics', line, () => lone.clock.nowUs) };
}

const troubleOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return (error as BalanceError).trouble;
  }
};

describe('MT-SICS driver', () => {
  it('says maker, model, serial number, readability 0.01 mg and capacity 220 g', async () => {
    const { wire } = place();
    const balance = await openMtSics(wire);
    expect(balance.identity).toEqual({
      maker: 'Mettler-Toledo (MT-SICS)',
      model: 'SIM220',
      serial: 'S000000001',
      readabilityMg: 0.01,
      capacityMg: 220_000,
    });
    await balance.close();
  });

  it('takes a readability of 0.1 mg from the display, and 0.5 mg when it is told so', async () => {
    expect((await openMtSics(place({ readabilityMg: 0.1 }).wire)).identity.readabilityMg).toBe(0.1);
    expect((await openMtSics(place({ readabilityMg: 0.1 }).wire, { readabilityMg: 0.5 })).identity.readabilityMg).toBe(0.5);
  });

  it('tares and weighs 10 µL as 9.97 mg, 3 to 5 virtual seconds after they fell', async () => {
    const { wire, out } = place();
    const balance = await openMtSics(wire);
    await balance.tare();
    const beforeMs = balance.nowMs();
    out.ul = 10;
    await balance.wait(1000);
    const weighing = await balance.stable();
    expect(weighing).toMatchObject({ mg: 9.97, stable: true });
    expect(weighing.atMs - beforeMs).toBeGreaterThan(3000);
    expect(weighing.atMs - beforeMs).toBeLessThan(5000);
  });

  it('tells a moving weight as not stable when asked for it as it is', async () => {
    const { wire, out } = place();
    const balance = await openMtSics(wire);
    out.ul = 10;
    await balance.wait(400);
    expect((await balance.now()).stable).toBe(false);
  });

  it('streams some 50 weights in 5 s, the last ones stable at 9.97 mg, and weighs on after the stop', async () => {
    const { wire, out } = place();
    const balance = await openMtSics(wire);
    const seen: Weighing[] = [];
    const stop = await balance.stream((weighing) => seen.push(weighing));
    out.ul = 10;
    await balance.wait(5000);
    await stop();
    expect(seen.length).toBeGreaterThan(45);
    expect(seen.some((weighing) => !weighing.stable)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ mg: 9.97, stable: true });
    const count = seen.length;
    expect((await balance.stable()).mg).toBe(9.97);
    expect(seen).toHaveLength(count);
  });

  it('tares 0.5 mg less than nothing too, by zeroing', async () => {
    const { lone, wire } = place();
    const balance = await openMtSics(wire);
    if (lone.bench.pan) lone.bench.pan.extraMg = -0.5;
    await balance.wait(5000);
    expect((await balance.stable()).mg).toBe(-0.5);
    await balance.tare();
    expect((await balance.stable()).mg).toBe(0);
  });

  it('zeroes', async () => {
    const { wire, out } = place();
    const balance = await openMtSics(wire);
    out.ul = 10;
    await balance.wait(5000);
    await balance.zero();
    expect((await balance.stable()).mg).toBe(0);
  });

  it('lets calls that overlap wait for each other', async () => {
    const balance = await openMtSics(place().wire);
    const [a, b, c] = await Promise.all([balance.stable(), balance.now(), balance.stable()]);
    expect([a.mg, b.mg, c.mg]).toEqual([0, 0, 0]);
  });

  it('gives up on an open draught shield after 20 virtual seconds as unstable, and weighs when it is shut', async () => {
    const { lone, wire } = place();
    const balance = await openMtSics(wire);
    lone.bench.strike('balance.unstable', 30_000);
    await balance.wait(1000);
    const fromMs = balance.nowMs();
    expect(await troubleOf(balance.stable(20_000))).toBe('unstable');
    expect(balance.nowMs() - fromMs).toBeGreaterThanOrEqual(20_000);
    expect(balance.nowMs() - fromMs).toBeLessThan(23_000);
    await balance.wait(15_000);
    expect((await balance.stable()).mg).toBe(0);
  });

  it('asks again after the balance has given up by itself at 40 s', async () => {
    const { lone, wire } = place();
    const balance = await openMtSics(wire);
    lone.bench.strike('balance.unstable', 50_000);
    await balance.wait(1000);
    expect((await balance.stable(120_000)).mg).toBe(0);
  });

  it.each([
    ['balance.overload', 60_000, 'overload'],
    ['balance.unplugged', 0, 'unplugged'],
    ['balance.restart', 0, 'restarted'],
  ])('says %s as such within the running weighing or the next', async (fault, value, trouble) => {
    const { lone, wire } = place();
    const balance = await openMtSics(wire);
    lone.bench.strike(fault, value);
    await balance.wait(1000);
    expect(await troubleOf(balance.stable())).toBe(trouble);
  });

  it('says underload when the vessel and the pan are taken away', async () => {
    const { lone, wire } = place();
    const balance = await openMtSics(wire);
    if (lone.bench.pan) lone.bench.pan.extraMg = -5200;
    await balance.wait(5000);
    expect(await troubleOf(balance.stable())).toBe('underload');
  });

  it('stays unplugged for every later call', async () => {
    const { lone, wire } = place();
    const balance = await openMtSics(wire);
    lone.bench.strike('balance.unplugged', 0);
    await balance.wait(1000);
    for (const call of [balance.stable(), balance.tare(), balance.now(), balance.zero()]) expect(await troubleOf(call)).toBe('unplugged');
  });

  it('is rejected as cancelled, resets the balance and weighs again', async () => {
    const { lone, wire } = place();
    const balance = await openMtSics(wire);
    lone.bench.strike('balance.unstable', 10_000);
    await balance.wait(1000);
    const weighing = troubleOf(balance.stable());
    await Promise.resolve();
    await balance.cancel();
    expect(await weighing).toBe('cancelled');
    await balance.wait(12_000);
    expect((await balance.stable()).mg).toBe(0);
  });

  it('gets the right weight through 1 to 60 noise bytes in one answer, seeds 1 to 20', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { lone, wire, out } = place({}, seed);
      const balance = await openMtSics(wire);
      out.ul = 50;
      await balance.wait(5000);
      lone.bench.strike('balance.noise-bytes', seed * 3 - 2);
      expect((await balance.stable()).mg).toBe(49.85);
    }
  });

  it('reaches the same weights, noise and drift included, whenever the world is asked (seed 7, twice)', async () => {
    const run = async (): Promise<number[]> => {
      const { wire, out } = place({}, 7, false);
      const balance = await openMtSics(wire);
      const mg: number[] = [];
      for (let shot = 1; shot <= 5; shot += 1) {
        out.ul = 10 * shot;
        await balance.wait(1000);
        mg.push((await balance.stable()).mg);
      }
      return mg;
    };
    expect(await run()).toEqual(await run());
  });
});
