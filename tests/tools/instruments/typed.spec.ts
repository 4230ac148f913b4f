// Readings that somebody types: what is understood, what is asked again and with what words.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBalance } from '../../../tools/instruments/open-balance.ts';
import { openGauge } from '../../../tools/instruments/open-gauge.ts';
import { WALL_CLOCK } from '../../../tools/instruments/place.ts';
import { readTyped } from '../../../tools/instruments/typed-number.ts';
import type { Ask } from '../../../tools/instruments/typed-number.ts';

const MM = { units: { mm: 1, µm: 0.001 }, least: -5, most: 15 };

/** Gives these answers in turn, then gives up; keeps what it was told. */
function person(...answers: string[]): { ask: Ask; complaints: string[] } {
  const complaints: string[] = [];
  return {
    complaints,
    ask: (_question, complaint) => {
      if (complaint !== undefined) complaints.push(complaint);
      return Promise.resolve(answers.shift() ?? null);
    },
  };
}

describe('typed number', () => {
  it.each([
    ['3.512', 3.512],
    ['3,512', 3.512],
    ['+12.345', 12.345],
    ['-0,003\r', -0.003],
    [' 4 mm ', 4],
    ['3512µm', 3.512],
    ['3512 µm', 3.512],
  ])('%j is %d mm', (text, value) => {
    expect(readTyped(text, MM)).toEqual({ ok: true, value });
  });

  it.each([
    ['', 'nothing was typed'],
    ['twelve', 'not a number'],
    ['1.234,5', 'not a number'],
    ['1,234,5', 'not a number'],
    ['3.5.1', 'not a number'],
    ['0x10', 'not a number'],
    ['1e3', 'not a number'],
    ['0.138 in', "'in' is not a unit here; known are mm, µm"],
    ['15.1', 'outside -5 to 15 mm'],
    ['351.2', 'outside -5 to 15 mm'],
  ])('%j is refused: %s', (text, says) => {
    const read = readTyped(text, MM);
    expect(read.ok ? '' : read.why).toContain(says);
  });

  it('reads back every number that a display of 0.001 mm shows, with point and with comma', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 15_000 }), fc.boolean(), (um, comma) => {
        const shown = (um / 1000).toFixed(3);
        const read = readTyped(comma ? shown.replace('.', ',') : shown, MM);
        expect(read).toEqual({ ok: true, value: um === 0 ? 0 : um / 1000 });
      }),
    );
  });
});

describe('typed instrument', () => {
  it('asks for a gauge reading until it can be one, saying why', async () => {
    const { ask, complaints } = person('3;512', '35.12', '3,512');
    const gauge = await openGauge('typed?resolutionMm=0.001', { virtual: null, ask, clock: WALL_CLOCK });
    expect((await gauge.read()).mm).toBe(3.512);
    expect(complaints).toEqual(["'3;512' is not a number; write it like 12.345 or 12,345", '35.12 mm is outside -5 to 15 mm']);
  });

  it('takes a weight in mg or with its unit, and waits for TARE', async () => {
    const { ask } = person('', '10.02', '0,01002 g', '2 kg', '9.98');
    const balance = await openBalance('typed?readabilityMg=0.01', { virtual: null, ask, clock: WALL_CLOCK });
    await balance.tare();
    expect((await balance.stable()).mg).toBe(10.02);
    expect((await balance.stable()).mg).toBe(10.02);
    expect((await balance.stable()).mg).toBe(9.98);
    expect(balance.identity).toMatchObject({ maker: 'typed by hand', readabilityMg: 0.01, capacityMg: 220_000 });
  });

  it('is cancelled when the person gives up', async () => {
    const { ask } = person();
    const balance = await openBalance('typed', { virtual: null, ask, clock: WALL_CLOCK });
    const gauge = await openGauge('typed', { virtual: null, ask, clock: WALL_CLOCK });
    await expect(balance.stable()).rejects.toMatchObject({ trouble: 'cancelled' });
    await expect(balance.tare()).rejects.toMatchObject({ trouble: 'cancelled' });
    await expect(gauge.read()).rejects.toMatchObject({ trouble: 'cancelled' });
  });
});
