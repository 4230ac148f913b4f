// The Mitutoyo gauge: frames of the maker's manual, and the driver against the simulated gauge on a moving tip, in virtual time.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoneBench } from '../../../tools/instruments/lone-bench.ts';
import { decodeMitutoyo, openMitutoyo } from '../../../tools/instruments/mitutoyo.ts';
import { openGauge } from '../../../tools/instruments/open-gauge.ts';
import { WALL_CLOCK } from '../../../tools/instruments/place.ts';
import { sideWire } from '../../../tools/instruments/side-wire.ts';
import { VirtualInstruments } from '../../../tools/instruments/virtual-instruments.ts';
import type { Gauge } from '../../../tools/instruments/gauge.ts';

interface Place {
  readonly lone: LoneBench;
  readonly tip: { mm: number };
  readonly gauge: Promise<Gauge>;
}

function place(spec = 'sim:mitutoyo', exact = true, seed = 1): Place {
  const tip = { mm: 0 };
  const lone = new LoneBench({ exact, seed, gun: { outUl: () => 0, tipMm: () => tip.mm } });
  return { lone, tip, gauge: openGauge(spec, { virtual: new VirtualInstruments(lone.bench), clock: WALL_CLOCK }) };
}

describe('Mitutoyo frame', () => {
  // Source: Mitutoyo QM-Height manual 99MAF600B, examples of its data output.
  it.each([
    ['01A+0000.123', 0.123, 3],
    ['01A+0000.125', 0.125, 3],
    ['01A-0012.345', -12.345, 3],
    ['01A+00.12345', 0.12345, 5],
    ['01A+000.1234', 0.1234, 4],
  ])('%s is %d with %d decimals', (line, value, decimals) => {
    expect(decodeMitutoyo(line)).toEqual({ value, decimals });
  });

  it.each([
    '',
    '01A',
    '01A+000.123',
    '01A+00000.123',
    '01A 0000.123',
    '02A+0000.123',
    '01A+0000123.',
    '01A+00001234',
    '01A+00.0.123',
    '911',
  ])('%j is none', (line) => {
    expect(decodeMitutoyo(line)).toBeUndefined();
  });

  it('loses any frame in which one byte was lost or changed to a byte that is no digit', () => {
    const spoil = fc.record({ um: fc.integer({ min: -9999, max: 15_000 }), at: fc.nat(11), to: fc.constantFrom('', 'x', '\x80', ' ') });
    fc.assert(
      fc.property(spoil, ({ um, at, to }) => {
        const line = `01A${um < 0 ? '-' : '+'}${(Math.abs(um) / 1000).toFixed(3).padStart(8, '0')}`;
        expect(decodeMitutoyo(line.slice(0, at) + to + line.slice(at + 1))).toBeUndefined();
      }),
    );
  });
});

describe('Mitutoyo gauge', () => {
  it('reads a tip that stands at 4.25 mm as 4.250 mm within 4 virtual seconds', async () => {
    const { tip, gauge: opening } = place();
    const gauge = await opening;
    tip.mm = 4.25;
    const fromMs = gauge.nowMs();
    const reading = await gauge.read();
    expect(reading.mm).toBe(4.25);
    expect(reading.atMs - fromMs).toBeLessThan(4000);
    expect(gauge.identity).toMatchObject({ maker: 'Mitutoyo', resolutionMm: 0.001 });
  });

  it('does not take a reading from before it was asked: the tip moves from 1 mm to 2 mm, and 2 mm is read', async () => {
    const { tip, gauge: opening } = place();
    const gauge = await opening;
    tip.mm = 1;
    await gauge.wait(10_000);
    tip.mm = 2;
    expect((await gauge.read()).mm).toBe(2);
  });

  it('repeats to 0.002 mm and differs by less than 0.004 mm going in and coming out, seeds 1 to 20', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { tip, gauge: opening } = place('sim:mitutoyo', false, seed);
      const gauge = await opening;
      const read = async (from: number): Promise<number> => {
        tip.mm = from;
        await gauge.wait(3000);
        tip.mm = 5;
        return (await gauge.read()).mm;
      };
      const deeper = [await read(4), await read(4), await read(4)];
      const back = await read(6);
      expect(Math.max(...deeper) - Math.min(...deeper)).toBeLessThan(0.005);
      expect(Math.abs(back - (deeper[0] ?? 0))).toBeLessThan(0.006);
      expect(Math.abs(back - 5)).toBeLessThan(0.012);
    }
  });

  it('asks on through noise in one reading', async () => {
    const { lone, tip, gauge: opening } = place();
    const gauge = await opening;
    tip.mm = 3;
    lone.bench.strike('gauge.noise-bytes', 3);
    expect((await gauge.read()).mm).toBe(3);
  });

  it('says unplugged, now and later', async () => {
    const { lone, gauge: opening } = place();
    const gauge = await opening;
    const reading = gauge.read();
    lone.bench.strike('gauge.unplugged', 0);
    await expect(reading).rejects.toMatchObject({ trouble: 'unplugged', exit: 4 });
    await expect(gauge.read()).rejects.toMatchObject({ trouble: 'unplugged' });
  });

  it.each([
    ['unit', '01A+00.12345\r'],
    ['garbled', 'nonsense\r'],
    ['silent', ''],
  ])('says %s with what, why and what next when %j comes', async (trouble, line) => {
    const lone = new LoneBench();
    const side = lone.bench.connectBalance();
    const gauge = openMitutoyo(
      sideWire('scripted', side, () => lone.clock.nowUs),
      { model: '', serial: '', fineMm: false },
    );
    const reading = gauge.read();
    side.say(line);
    await expect(reading).rejects.toMatchObject({ trouble, exit: 4, next: expect.stringMatching(/.{10}/) as string });
  });

  it('is typed with point and with comma by the simulated technician: 2.5 mm is read four times', async () => {
    const { tip, gauge: opening } = place('sim:typed');
    const gauge = await opening;
    tip.mm = 2.5;
    for (let n = 0; n < 4; n += 1) expect((await gauge.read()).mm).toBe(2.5);
  });

  it('is mistyped once when a fault asks for it: 3.512 mm as 5.312 mm', async () => {
    const { lone, tip, gauge: opening } = place('sim:typed');
    const gauge = await opening;
    tip.mm = 3.512;
    lone.bench.strike('gauge.mistyped', 0);
    expect((await gauge.read()).mm).toBe(5.312);
    expect((await gauge.read()).mm).toBe(3.512);
  });
});
