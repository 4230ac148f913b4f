// Balances that print when asked (Sartorius SBI, A&D, OHAUS): lines of the makers' manuals, and the driver against the simulated ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoneBench } from '../../../tools/instruments/lone-bench.ts';
import { openBalance, parseBalance } from '../../../tools/instruments/open-balance.ts';
import { WALL_CLOCK } from '../../../tools/instruments/place.ts';
import { PRINT_DIALECTS } from '../../../tools/instruments/print-dialect.ts';
import { VirtualInstruments } from '../../../tools/instruments/virtual-instruments.ts';
import type { Balance } from '../../../tools/instruments/balance.ts';

const DIALECTS = ['sbi', 'and', 'ohaus'] as const;

interface Place {
  readonly lone: LoneBench;
  readonly out: { ul: number };
  readonly balance: Promise<Balance>;
}

function place(model: string, keys = ''): Place {
  const out = { ul: 0 };
  const lone = new LoneBench({ exact: true, gun: { outUl: () => out.ul, tipMm: () => 0 } });
  const place_ = { virtual: new VirtualInstruments(lone.bench), clock: WALL_CLOCK };
  return { lone, out, balance: openBalance(`sim:${model}?tip=submerged&mouthMm=0${keys}`, place_) };
}

describe('printed line', () => {
  // Source: OHAUS RS232 manual, A&D MC manual, Sartorius Cubis and WZA manuals, examples and tables.
  it.each([
    ['ohaus', '    192.21 g', 192.21, 2, 'g', true],
    ['ohaus', '      0.01 g ?', 0.01, 2, 'g', false],
    ['ohaus', '     -0.01 g', -0.01, 2, 'g', true],
    ['ohaus', '    207.80 g TOTAL', 207.8, 2, 'g', true],
    ['and', 'ST,+00123.45  g', 123.45, 2, 'g', true],
    ['and', 'US,-00000.01  g', -0.01, 2, 'g', false],
    ['and', 'ST,+0012345 mg', 12_345, 0, 'mg', true],
    ['sbi', '+   123.56 g  ', 123.56, 2, 'g', true],
    ['sbi', '-   123.56 mg ', -123.56, 2, 'mg', true],
    ['sbi', '+   123.56    ', 123.56, 2, '', false],
    ['sbi', '+  123,456 g  ', 123.456, 3, 'g', true],
    ['sbi', '+  12.345[6] g  '.slice(0, 14), 12.3456, 4, 'g', true],
    ['sbi', 'N     +   123.56 g  ', 123.56, 2, 'g', true],
  ])('%s %j is %d with %d decimals, %j, stable: %s', (dialect, line, value, decimals, unit, stable) => {
    expect(PRINT_DIALECTS[dialect]?.decode(line)).toEqual({ kind: 'weight', value, decimals, unit, stable });
  });

  it.each([
    ['sbi', '        H     ', { kind: 'off', side: '+' }],
    ['sbi', '        L     ', { kind: 'off', side: '-' }],
    ['sbi', '   Err 101    ', { kind: 'refused', text: 'Err 101' }],
    ['and', 'OL,+9999999E+19', { kind: 'off', side: '+' }],
    ['and', 'EC,E01', { kind: 'refused', text: 'EC,E01' }],
    ['ohaus', 'ES', { kind: 'refused', text: 'ES' }],
  ])('%s %j is no weight', (dialect, line, printed) => {
    expect(PRINT_DIALECTS[dialect]?.decode(line)).toEqual(printed);
  });

  it.each(DIALECTS)('%s: noise of up to 40 bytes never throws, and a byte above 127 never leaves a mass', (dialect) => {
    const noise = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 40 });
    const line = { sbi: '+   123.56 g  ', and: 'ST,+00123.45  g', ohaus: '    192.21 g' }[dialect];
    fc.assert(
      fc.property(noise, fc.nat(line.length), fc.integer({ min: 128, max: 255 }), (text, at, byte) => {
        PRINT_DIALECTS[dialect]?.decode(text);
        const printed = PRINT_DIALECTS[dialect]?.decode(line.slice(0, at) + String.fromCharCode(byte) + line.slice(at));
        expect(printed === undefined || (printed.kind === 'weight' && printed.unit !== 'g')).toBe(true);
      }),
    );
  });
});

describe.each(DIALECTS)('balance that speaks %s', (dialect) => {
  it('shows 0.01 mg, tares, and weighs 10 µL as 9.97 mg once they stand', async () => {
    const { out, balance: opening } = place(dialect);
    const balance = await opening;
    expect(balance.identity).toMatchObject({ readabilityMg: 0.01, capacityMg: 220_000 });
    out.ul = 500;
    await balance.wait(500);
    await balance.tare();
    out.ul = 510;
    await balance.wait(500);
    expect((await balance.now()).stable).toBe(false);
    expect(await balance.stable()).toMatchObject({ mg: 9.97, stable: true });
  });

  it('streams until it is stopped, and weighs on', async () => {
    const { out, balance: opening } = place(dialect);
    const balance = await opening;
    const seen: number[] = [];
    const stop = await balance.stream((weighing) => seen.push(weighing.mg));
    out.ul = 10;
    await balance.wait(6000);
    await stop();
    expect(seen.length).toBeGreaterThan(20);
    expect(seen.at(-1)).toBe(9.97);
    expect((await balance.stable()).mg).toBe(9.97);
  });

  it('says unplugged and unstable as such, and asks on through noise', async () => {
    const { lone, balance: opening } = place(dialect);
    const balance = await opening;
    lone.bench.strike('balance.noise-bytes', 5);
    expect((await balance.stable()).mg).toBe(0);
    lone.bench.strike('balance.unstable', 30_000);
    await balance.wait(1000);
    await expect(balance.stable(10_000)).rejects.toMatchObject({ trouble: 'unstable' });
    lone.bench.strike('balance.unplugged', 0);
    await balance.wait(1000);
    await expect(balance.stable()).rejects.toMatchObject({ trouble: 'unplugged' });
  });

  it('is cancelled', async () => {
    const { lone, balance: opening } = place(dialect);
    const balance = await opening;
    lone.bench.strike('balance.unstable', 60_000);
    await balance.wait(1000);
    const weighing = balance.stable();
    const rejected = expect(weighing).rejects.toMatchObject({ trouble: 'cancelled' });
    await balance.wait(500);
    await balance.cancel();
    await rejected;
  });
});

describe('a printing balance on a wire', () => {
  it('wants its capacity said, and names the dialects', async () => {
    const nowhere = { virtual: null, clock: WALL_CLOCK };
    expect(parseBalance('serial:COM3,9600,7E1?dialect=and&capacityG=120').keys.get('dialect')).toBe('and');
    await expect(openBalance('tcp://127.0.0.1:1?dialect=sbi', nowhere)).rejects.toMatchObject({
      exit: 2,
      next: expect.stringContaining('capacityG') as string,
    });
    await expect(openBalance('tcp://127.0.0.1:1?dialect=kern', nowhere)).rejects.toMatchObject({
      exit: 2,
      next: 'dialect may be mt-sics, sbi, and, ohaus',
    });
  });

  it('that says overload is heard: A&D and Sartorius', async () => {
    for (const dialect of ['and', 'sbi']) {
      const { lone, balance: opening } = place(dialect);
      const balance = await opening;
      lone.bench.strike('balance.overload', 60_000);
      await balance.wait(2000);
      await expect(balance.stable()).rejects.toMatchObject({ trouble: 'overload' });
    }
  });
});
