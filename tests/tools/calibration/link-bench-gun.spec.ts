// The gun on the technician's bench, over its link: what it does in SERVICE, what it refuses, and who gets in.
import { afterEach, describe, expect, it } from 'vitest';
import { FAULT, IDLE, SERVICE } from '../../../firmware/core/states.ts';
import { createGun } from '../../../firmware/main.ts';
import { RECORD_SETTINGS } from '../../../firmware/store/record.ts';
import { kitId } from '../../../protocols/canonical.ts';
import { find } from '../../../protocols/library.ts';
import type { VirtualGun } from '../../../sim/board.ts';
import { KALUMA } from '../../../sim/costs.ts';
import { DEMO_KEY } from '../../../sim/demo-store.ts';
import type { WorldRequest } from '../../../sim/setup.ts';
import type { DoseSection } from '../../../tools/calibration/gun-record.ts';
import { LinkBenchGun } from '../../../tools/calibration/link-bench-gun.ts';
import { sendWords, readStatus } from '../../../tools/link-calls.ts';
import { Link } from '../../../tools/link.ts';
import { benchWorld } from '../../../tools/open-bench.ts';
import type { Needle, Syringe } from '../../../protocols/schema.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';

const syringe = find('syringe', '1ml') as Syringe;
const needle = find('needle', '30g-4mm') as Needle;
const DOSE: DoseSection = {
  kind: 'dose',
  madeDay: 20_000,
  validUntilDay: 20_100,
  sha256: 'abcdef01',
  demo: false,
  kit: kitId('1ml', '30g-4mm'),
  nlPerMm: 17_945,
  period: { amplitudeUm: 0, phaseRad: 0 },
  startUpNl: 0,
  complianceUlPerKpa: 0.045,
  breakLooseMn: 3000,
  glideMn: 1500,
  rodMnPerMm: 60_000,
  backlashUm: 50,
};

let open: Link | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

interface Bench {
  readonly gun: LinkBenchGun;
  readonly link: Link;
  readonly virtual: VirtualGun;
}

/** `tickUs` is another phase of all that happens between ticks. */
async function bench(world: WorldRequest = {}, key: Uint8Array = DEMO_KEY, tickUs = KALUMA.tickUs): Promise<Bench> {
  const line = new VirtualLine({ world: {}, trace: false, image: { runtime: 'kaluma', boot: createGun, costs: { tickUs } } });
  const link = new Link(line.connect());
  open = link;
  const hello = await link.connect({ ...benchWorld({ seed: 3, syringe, needle }), ...world });
  return { gun: new LinkBenchGun({ link, hello, key, simulated: true }), link, virtual: line.device as VirtualGun };
}

async function homed(tickUs?: number): Promise<Bench> {
  const all = await bench({}, DEMO_KEY, tickUs);
  await all.gun.enter();
  await all.gun.home();
  await all.gun.probe();
  return all;
}

const tipUm = (virtual: VirtualGun): number => virtual.world.needle.tipMm(virtual.nowUs) * 1000;
function outUl(virtual: VirtualGun): number {
  virtual.world.plunger.sync();
  return virtual.world.plunger.fluid.airUl;
}
const stateOf = async (link: Link): Promise<number> => (await readStatus(link))['state'] ?? -1;

describe('works on the bench, seed 3', () => {
  it('homes, finds the ring plane within 20 µm of the truth, and brings the tip where it is sent within 30 µm', async () => {
    const { gun, virtual } = await homed();
    for (const asked of [0, 3000, 12_000]) {
      const place = await gun.needleTo(asked, 5000);
      expect(Math.abs(place.encoderUm - asked)).toBeLessThanOrEqual(2);
      expect(Math.abs(tipUm(virtual) - asked)).toBeLessThan(30);
    }
    await gun.needleHome();
    expect(virtual.world.needle.atHome).toBe(true);
    expect(virtual.monitor.violations).toEqual([]);
  });

  it('homes from 9.6 mm beyond the ring: the needle comes back before the gun forgets how deep it may be', async () => {
    const { gun, virtual } = await homed();
    await gun.needleTo(9600, 5000);
    await gun.home();
    expect(virtual.world.needle.atHome).toBe(true);
    await gun.probe();
    await gun.needleTo(9600, 5000);
    expect(Math.abs(tipUm(virtual) - 9600)).toBeLessThan(30);
    expect(virtual.monitor.violations).toEqual([]);
  });

  it('shoots 5 × 10 µL by the dose path of a prick: 2 786 µm of travel, 50 µL ± 1 % in the truth, a second each', async () => {
    const { gun, virtual } = await homed();
    await gun.trial(DOSE);
    await gun.prime(50_000);
    const before = outUl(virtual);
    const shot = await gun.shoot({ doseNl: 10_000, rateNlPerS: 10_000, count: 5, gapMs: 800 });
    expect(shot.toUm - shot.fromUm).toBeCloseTo(2786.3, 0);
    expect(Math.abs(outUl(virtual) - before - 50)).toBeLessThan(0.5);
    expect(shot.tookMs).toBeGreaterThan(990);
    expect(shot.tookMs).toBeLessThan(1040);
    expect(shot.peakForceMn).toBeGreaterThan(shot.steadyForceMn);
    expect(virtual.monitor.violations).toEqual([]);
  });

  it('stops a push at 1 N, having said force and place on the way', async () => {
    const { gun } = await homed();
    await gun.trial(DOSE);
    const seen: number[] = [];
    for await (const point of gun.push({ forceMn: 1000, speedUmPerS: 3000, travelUm: 59_000 })) seen.push(point.forceMn);
    expect(seen.length).toBeGreaterThan(10);
    expect(Math.max(...seen)).toBeGreaterThan(900);
    expect((await gun.read()).plungerUm).toBeLessThan(59_000);
  });

  it.each([1500, 4000, 6500])('a section on trial is in use until SERVICE is left, and is not written; a tick of %i µs', async (tickUs) => {
    const { gun, virtual } = await homed(tickUs);
    // One probing is 2.0 µm off (sd of 384: 8 seeds, 8 phases; the cell's noise, whatever the phase), so two differ by 6 µm in one of 20.
    const PROBINGS = 8;
    const reached = async (): Promise<number> => {
      let sumUm = 0;
      for (let probing = 0; probing < PROBINGS; probing += 1) {
        await gun.probe();
        await gun.needleTo(3000, 5000);
        sumUm += tipUm(virtual);
        await gun.needleHome();
      }
      return sumUm / PROBINGS;
    };
    const plainUm = await reached();
    await gun.trial({ kind: 'depth', offsetUm: 100, gainPpm: 0, period: { amplitudeUm: 0, phaseRad: 0 }, ringUm: 3000 });
    expect(Math.abs(plainUm - (await reached()) - 100)).toBeLessThan(6);
    await gun.leave();
    expect(await gun.sections()).toEqual([]);
    await gun.enter();
    await gun.home();
    expect(Math.abs(plainUm - (await reached()))).toBeLessThan(6);
  });

  it('R33, R31: stores sections side by side with the drivers off, reads them back after a power cut, and logs each write', async () => {
    const { gun, virtual } = await homed();
    const other = { ...DOSE, kit: 7, nlPerMm: 20_000, period: { amplitudeUm: 5, phaseRad: 2 } };
    await gun.store(DOSE);
    await gun.store(other);
    await gun.store({ ...DOSE, nlPerMm: 18_000 });
    const stored = await gun.sections();
    expect(stored.map((section) => (section.kind === 'dose' ? section.nlPerMm : 0))).toEqual([18_000, 20_000]);
    expect(stored[1]).toMatchObject({ kit: 7, madeDay: 20_000, validUntilDay: 20_100, sha256: 'abcdef01', demo: false });
    expect(virtual.monitor.violations).toEqual([]);
    await open?.close();
    virtual.powerCut(1000);
    virtual.runUntil(virtual.nowUs + 3e6);
    expect(virtual.bootCount).toBe(2);
  });
});

describe('what the bench refuses', () => {
  it('R38: works in SERVICE only, needle and plunger only when homed, the needle only when probed, to 12 mm', async () => {
    const { gun, link } = await bench();
    expect(await link.request('bench', { kind: 1, ints: [0] })).toMatchObject({ no: 9 });
    await gun.enter();
    expect(await link.request('bench', { kind: 3, ints: [0, 5000] })).toMatchObject({ no: 1 });
    await gun.home();
    await expect(gun.needleTo(1000, 5000)).rejects.toMatchObject({ exit: 5, message: 'the gun does not do this now' });
    await gun.probe();
    await expect(gun.needleTo(12_001, 5000)).rejects.toMatchObject({ exit: 5, why: expect.stringContaining('12001') as string });
    await expect(gun.needleTo(1000, 20_001)).rejects.toMatchObject({ exit: 5 });
    await expect(gun.shoot({ doseNl: 10_000, rateNlPerS: 10_000, count: 1 })).rejects.toMatchObject({ exit: 5 });
    await gun.trial(DOSE);
    await expect(gun.shoot({ doseNl: 10_000, rateNlPerS: 10_000, count: 1 })).rejects.toMatchObject({ exit: 5 });
    await gun.needleTo(2000, 5000);
    await expect(gun.prime(10_000)).rejects.toMatchObject({ exit: 5, message: 'the gun does not do this now' });
  });

  it('R13: a ring pushed in while the needle is out on the bench is a fault, and the needle is home within 0.4 s', async () => {
    const { gun, virtual, link } = await homed();
    await gun.needleTo(8000, 5000);
    virtual.world.press(3, 50_000);
    await expect(gun.wait(2000)).rejects.toMatchObject({ exit: 5, message: expect.stringContaining('fault 25') as string });
    expect(await stateOf(link)).toBe(FAULT);
    expect(virtual.world.needle.atHome).toBe(true);
  });

  it('R38: the service switch opened with the needle out ends SERVICE at once, and the spring has the needle home', async () => {
    const { gun, virtual, link } = await homed();
    await gun.needleTo(8000, 5000);
    virtual.world.service.set(virtual.nowUs, 0);
    await expect(gun.wait(1000)).rejects.toMatchObject({ exit: 5, message: 'the gun has left SERVICE' });
    expect(await stateOf(link)).toBe(IDLE);
    expect(virtual.world.needle.atHome).toBe(true);
  });

  it('a stop during shots ends them within 0.1 µL of where they were, and SERVICE with it', async () => {
    const { gun, virtual, link } = await homed();
    await gun.trial(DOSE);
    await gun.prime(50_000);
    const shots = gun.shoot({ doseNl: 20_000, rateNlPerS: 2000, count: 10 });
    shots.catch(() => undefined);
    await link.stop();
    const at = outUl(virtual);
    await expect(shots).rejects.toMatchObject({ message: 'the gun has left SERVICE' });
    expect(outUl(virtual) - at).toBeLessThan(0.5);
    expect(await stateOf(link)).toBe(IDLE);
  });

  it('a technician who asks nothing for 120 s is put out, everything off', async () => {
    const { gun, virtual, link } = await homed();
    await gun.needleTo(5000, 5000);
    const untilUs = virtual.nowUs + 121e6;
    expect(await stateOf(link)).toBe(SERVICE);
    while (virtual.nowUs < untilUs) await new Promise((resolve) => setImmediate(resolve));
    expect(await stateOf(link)).toBe(IDLE);
    expect(virtual.world.needle.atHome).toBe(true);
  });
});

describe('who gets in', () => {
  it('R38: not with the service switch open, not with another key; both say so with exit 5', async () => {
    const shut = await bench({ technician: false });
    await expect(shut.gun.enter()).rejects.toMatchObject({ exit: 5, message: 'the gun does not let a technician in' });
    await open?.close();
    const stranger = await bench({}, new Uint8Array(32).fill(7));
    await expect(stranger.gun.enter()).rejects.toMatchObject({ exit: 5, message: 'the gun does not let a technician in' });
  });

  it('R38: a gun that has a key takes another from a technician in SERVICE only, and that one holds at once', async () => {
    const { gun, link } = await bench();
    const fresh = new Int32Array(8).fill(0x01020304);
    await gun.enter();
    await gun.leave();
    await sendWords(link, fresh);
    expect(await link.request('keep', { type: RECORD_SETTINGS })).toMatchObject({ no: 9 });
    await gun.enter();
    await sendWords(link, fresh);
    expect(await link.request('keep', { type: RECORD_SETTINGS })).toMatchObject({ ok: 1 });
    await gun.leave();
    await expect(gun.enter()).rejects.toMatchObject({ exit: 5 });
    const hello = await link.connect();
    await new LinkBenchGun({ link, hello, key: new Uint8Array(fresh.buffer), simulated: true }).enter();
    expect(await stateOf(link)).toBe(SERVICE);
  });
});
