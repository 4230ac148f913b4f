// R22 and R23 on the wire: every bit of every datagram disturbed once, in both directions, and a chip that resets in between.
import { describe, expect, it } from 'vitest';
import * as D from '../../../hal/devices.ts';
import { NeedleAxis } from '../../../hal/drivers/needle-axis.ts';
import { TAP_READ_ERRORS } from '../../../hal/drivers/tap.ts';
import type { Um } from '../../../hal/units.ts';
import { AxisBench } from '../bench.ts';

const TARGET = 5000 as Um;

interface Scene {
  bench: AxisBench;
  needle: NeedleAxis;
  homeSteps: number;
}

const homedNeedle = (): Scene => {
  const bench = new AxisBench(-400, 'motor');
  const needle = new NeedleAxis(bench);
  needle.init();
  needle.home(bench.nowMs);
  bench.pollUntil(needle, () => (needle.flags & D.AXIS_HOMING) === 0, 6000);
  needle.limit(8050 as Um);
  bench.sent = [];
  return { bench, needle, homeSteps: bench.fromEdge };
};

const arrive = ({ bench, needle }: Scene): boolean =>
  bench.pollUntil(needle, () => (needle.flags & D.AXIS_ARRIVED) !== 0, 300, D.LOOK_NOTHING, 5) >= 0;

/** What a move sends: to an axis that has the speed of its last move, and to one that was stopped. */
const MOVES = [
  { from: 'rest', datagrams: 5 },
  { from: 'a stop', datagrams: 6 },
] as const;
/** Of a poll that looks at the encoder. */
const POLL_DATAGRAMS = 3;

const readyFrom = (from: string): Scene => {
  const scene = homedNeedle();
  if (from === 'a stop') scene.needle.stop();
  scene.bench.sent = [];
  return scene;
};

describe('a disturbed bus', () => {
  it.each(MOVES)('R23: a move from $from survives each single bit flipped in each of its $datagrams replies: right place', (move) => {
    for (let index = 0; index < move.datagrams; index++) {
      for (let bit = 0; bit < 40; bit++) {
        const scene = readyFrom(move.from);
        scene.bench.before = (sent) => {
          if (sent === index) scene.bench.chip.flipNextBit(bit);
        };
        expect(scene.needle.moveTo(TARGET, 120_000, scene.bench.nowMs)).toBe(D.OK);
        expect(arrive(scene)).toBe(true);
        expect(scene.bench.fromEdge - scene.homeSteps).toBe(4000);
      }
    }
  });

  it.each(MOVES)('R23: each bit flipped in what a move from $from sends leaves the needle at its target, or is found out', (move) => {
    for (let index = 0; index < move.datagrams; index++) {
      for (let bit = 0; bit < 40; bit++) {
        const scene = readyFrom(move.from);
        scene.bench.before = (sent, buffer) => {
          if (sent === index) buffer[bit >> 3] = (buffer[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        };
        const code = scene.needle.moveTo(TARGET, 120_000, scene.bench.nowMs);
        const there = code === D.OK && arrive(scene) && scene.bench.fromEdge - scene.homeSteps === 4000;
        let found = code !== D.OK;
        for (let look = 0; look < 30; look++) found = scene.needle.poll(scene.bench.nowMs, D.LOOK_HEALTH) !== D.OK || found;
        scene.needle.poll(scene.bench.nowMs, D.LOOK_ENCODER);
        found = found || (scene.needle.flags & D.AXIS_DEVIATION) !== 0 || scene.needle.tap[TAP_READ_ERRORS] !== 0;
        expect(there || found, `datagram ${String(index)} bit ${String(bit)}`).toBe(true);
        expect(scene.bench.fromEdge - scene.homeSteps).toBeLessThanOrEqual(6444);
      }
    }
  });

  it('R23: a poll at depth survives each single bit flipped in what it sends without moving the needle 0.1 mm', () => {
    for (let index = 0; index < POLL_DATAGRAMS; index++) {
      for (let bit = 0; bit < 40; bit++) {
        const scene = homedNeedle();
        scene.needle.moveTo(TARGET, 120_000, scene.bench.nowMs);
        arrive(scene);
        scene.needle.poll(scene.bench.nowMs, D.LOOK_ENCODER);
        scene.bench.sent = [];
        scene.bench.before = (sent, buffer) => {
          if (sent === index) buffer[bit >> 3] = (buffer[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        };
        scene.needle.poll(scene.bench.nowMs, D.LOOK_ENCODER);
        scene.bench.advanceTo(scene.bench.nowUs + 100_000);
        expect(Math.abs(scene.bench.fromEdge - scene.homeSteps - 4000), `datagram ${String(index)} bit ${String(bit)}`).toBeLessThan(80);
      }
    }
  });

  it('R23: no single flipped bit of a reply makes a poll say arrived, reset or deviating when it is not', () => {
    for (let index = 0; index < POLL_DATAGRAMS; index++) {
      for (let bit = 0; bit < 40; bit++) {
        const scene = homedNeedle();
        scene.needle.moveTo(TARGET, 120_000, scene.bench.nowMs);
        scene.bench.advanceTo(scene.bench.nowUs + 20_000);
        scene.needle.poll(scene.bench.nowMs, D.LOOK_ENCODER);
        scene.bench.sent = [];
        scene.bench.before = (sent) => {
          if (sent === index) scene.bench.chip.flipNextBit(bit);
        };
        expect(scene.needle.poll(scene.bench.nowMs, D.LOOK_ENCODER)).toBe(D.OK);
        const wrong = D.AXIS_ARRIVED | D.AXIS_RESET | D.AXIS_DEVIATION | D.AXIS_SILENT | D.AXIS_DRIVER_ERROR;
        expect(scene.needle.flags & wrong, `datagram ${String(index)} bit ${String(bit)}`).toBe(0);
      }
    }
  });

  it.each(['stuck-0', 'stuck-1', 'missing'] as const)(
    'R23: a line that is %s shows as silent, refuses every call, keeps the last position',
    (answer) => {
      const scene = homedNeedle();
      scene.needle.moveTo(TARGET, 120_000, scene.bench.nowMs);
      arrive(scene);
      scene.bench.chip.setAnswer(answer);
      expect(scene.needle.poll(scene.bench.nowMs, D.LOOK_NOTHING)).toBe(D.DEVICE_BUS);
      expect(scene.needle.flags & (D.AXIS_SILENT | D.AXIS_ARRIVED)).toBe(D.AXIS_SILENT);
      expect(scene.needle.positionUm()).toBe(5000);
      expect(scene.needle.moveTo(0 as Um, 120_000, scene.bench.nowMs)).toBe(D.DEVICE_BUS);
      expect([scene.needle.stop(), scene.needle.off(), scene.needle.home(scene.bench.nowMs)]).toEqual([
        D.DEVICE_BUS,
        D.DEVICE_BUS,
        D.DEVICE_BUS,
      ]);
      expect(scene.needle.init()).toBe(D.DEVICE_MISSING);
    },
  );

  it('calls no chip silent while it passes position 0, polled every 1 ms', () => {
    const scene = homedNeedle();
    for (const target of [5000, 0, -100, 0, 20]) {
      scene.needle.moveTo(target as Um, 20_000, scene.bench.nowMs);
      for (let i = 0; i < 300; i++) {
        scene.bench.advanceTo(scene.bench.nowUs + 1000);
        expect(scene.needle.poll(scene.bench.nowMs, D.LOOK_NOTHING)).toBe(D.OK);
      }
    }
    expect(scene.needle.tap[TAP_READ_ERRORS]).toBe(0);
  });

  it('R22: a reset before any datagram of a prick’s calls is reported within 2 polls and never answered by a move', () => {
    for (let index = 0; index < 40; index++) {
      const scene = homedNeedle();
      scene.bench.before = (sent) => {
        if (sent === index) scene.bench.chip.brownOut(scene.bench.nowUs);
      };
      scene.needle.moveTo(TARGET, 120_000, scene.bench.nowMs);
      for (let i = 0; i < 12; i++) {
        scene.bench.advanceTo(scene.bench.nowUs + 5000);
        scene.needle.poll(scene.bench.nowMs, D.LOOK_ENCODER);
      }
      scene.needle.moveTo(0 as Um, 120_000, scene.bench.nowMs);
      scene.needle.poll(scene.bench.nowMs, D.LOOK_NOTHING);
      scene.needle.poll(scene.bench.nowMs, D.LOOK_NOTHING);
      if (scene.bench.sent.length <= index) continue;
      expect(scene.needle.flags & D.AXIS_RESET, `datagram ${String(index)}`).not.toBe(0);
      expect(scene.needle.moveTo(0 as Um, 120_000, scene.bench.nowMs)).toBe(D.DEVICE_RESET);
    }
  });
});
