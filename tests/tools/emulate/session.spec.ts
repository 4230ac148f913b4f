// The session of `mesogun emulate` with the virtual gun in the chip's place, and what is said of it: ticks by state, heap, and how it
// differs from the simulator's. The chip itself: npm run test:emulate, which needs a firmware file.
import { describe, expect, it } from 'vitest';
import { createGun } from '../../../firmware/main.ts';
import { VirtualGun } from '../../../sim/board.ts';
import { beside, besideText, simulate } from '../../../tools/emulate/beside.ts';
import { BusyTurns, turnsText } from '../../../tools/emulate/busy-turns.ts';
import type { Emulated } from '../../../tools/emulate/emulate.ts';
import { runEmulated } from '../../../tools/emulate/emulated-session.ts';
import type { EmulatedSession } from '../../../tools/emulate/emulated-session.ts';
import { figuresText } from '../../../tools/emulate/figures-text.ts';
import { decodeJournal } from '../../../tools/journal.ts';
import { readyToRun } from '../../../tools/source.ts';
import { worldFor } from '../../../tools/world.ts';

const PRICKS = ['pricks=10'];

/** A virtual gun with a short tick that takes `extraMs` more, told to the loop as the chip's main loop tells them; it can be switched off. */
class Slowed extends VirtualGun {
  readonly loop = { onBusy: (_forNs: number): void => undefined };
  private isOff = false;

  constructor(seed: number, extraMs: number, set: readonly string[] = PRICKS) {
    super({
      boot: (board) => {
        const gun = createGun({
          ...board,
          feedWatchdog: () => {
            this.clock.charge(extraMs * 1000);
            board.feedWatchdog();
          },
        });
        return {
          tick: () => {
            const fromUs = this.nowUs;
            const forMs = gun.tick();
            this.loop.onBusy((this.nowUs - fromUs) * 1000);
            return forMs;
          },
        };
      },
      world: worldFor(readyToRun('mesolift-face', set), seed, []),
      costs: { tickUs: 1500 },
    });
    this.powerOn();
  }

  switchOff(): void {
    this.isOff = true;
  }

  override get atRest(): boolean {
    return this.isOff || super.atRest;
  }
}

function session(gun: Slowed, looked: () => void = () => undefined): Promise<EmulatedSession> {
  const ready = readyToRun('mesolift-face', PRICKS);
  return runEmulated(gun, gun.loop, {
    world: worldFor(ready, gun.setup.seed, []),
    words: ready.plan.program,
    timeoutMs: 600_000,
    onStoppable: () => undefined,
    onEvent: () => undefined,
    lastLook: () => Promise.resolve(looked()),
  });
}

describe('runEmulated', () => {
  it('runs a session of 10 pricks, files each tick under its state, and looks at the console before it switches off, seed 7', async () => {
    const gun = new Slowed(7, 2);
    const looks: boolean[] = [];
    const { outcome, refusal, turns } = await session(gun, () => void looks.push(gun.atRest));
    expect([outcome?.ending, refusal, looks.length, gun.atRest]).toEqual(['complete', null, 1, true]);
    const rows = turns.table();
    expect(rows.map((row) => row.state)).toEqual(expect.arrayContaining(['IDLE', 'HOMING', 'PROBING', 'PRIMING', 'ARMED', 'TREATING']));
    for (const row of rows) expect([row.medianMs >= 2, row.worstMs >= row.highMs, row.highMs >= row.medianMs]).toEqual([true, true, true]);
    expect(gun.truth.pricks).toHaveLength(10);
  });

  it('gives back the refusal of a gun whose ticks take 12 ms, of 10 at most, with the limit and what it is, seed 7', async () => {
    const { outcome, refusal, turns } = await session(new Slowed(7, 12));
    expect(outcome).toBeNull();
    expect(refusal?.message).toBe("the gun refuses 'arm': the controller is too slow for safe use");
    expect(refusal?.why).toMatch(/^its longest tick took 1[3-9] ms, allowed are 10$/);
    expect(turns.table().some((row) => row.state === 'READY')).toBe(true);
  });

  it('throws what stopped the gun, not that the line is gone', async () => {
    const gun = new Slowed(7, 0);
    const step = gun.step.bind(gun);
    gun.step = () => {
      if (gun.nowUs > 2e6) throw new Error('breakpoint at 0x10026728');
      step();
    };
    await expect(session(gun)).rejects.toThrow('breakpoint at 0x10026728');
  });
});

describe('beside', () => {
  it('finds the simulator\u2019s own session byte for byte the same, seed 7', async () => {
    const ready = readyToRun('mesolift-face', PRICKS);
    const image = { runtime: 'kaluma', boot: createGun } as const;
    const world = worldFor(ready, 7, []);
    const one = await simulate(image, world, ready.plan.program, 600_000);
    const other = await simulate(image, world, ready.plan.program, 600_000);
    const same = beside(one.journal, other.journal);
    expect([same.sameOrder, same.fields, besideText(same)]).toEqual([true, [], 'journal: byte for byte the simulator\u2019s']);
    expect(one.stayedUl).toBeGreaterThan(40);
  });

  it('tells of ticks of 2 ms more: the same entries, at other moments, with nothing asked for changed, seed 7', async () => {
    const [quick, slow] = await Promise.all([session(new Slowed(7, 0)), session(new Slowed(7, 2))]);
    const found = beside(decodeJournal(slow.outcome?.entries ?? []), decodeJournal(quick.outcome?.entries ?? []));
    expect(found.sameOrder).toBe(true);
    const names = found.fields.map((each) => each.field);
    expect(names).toContain('RESULT.atMs, from the first entry');
    expect(names.filter((name) => name.startsWith('INTENT.dose') || name.startsWith('INTENT.depth'))).toEqual([]);
    expect(besideText(found)).toMatch(/^journal beside the simulator\u2019s [0-9a-f]{16}\u2026: the same entries, which differ in\n {2}/);
  });

  it('says when the entries are others: one is missing', async () => {
    const { outcome } = await session(new Slowed(7, 0));
    const entries = outcome?.entries ?? [];
    const found = beside(decodeJournal(entries.slice(0, -1)), decodeJournal(entries));
    expect([found.sameOrder, found.fields]).toEqual([false, []]);
    expect(besideText(found)).toMatch(/: other entries$/);
  });
});

describe('BusyTurns', () => {
  it('sums 100 turns of 1 to 100 ms up as median 51, 99 % 100, worst 100 ms, and leaves turns below 1 ms out', () => {
    const turns = new BusyTurns();
    for (let ms = 100; ms > 0; ms -= 1) turns.add('TREATING', ms * 1e6);
    turns.add('TREATING', 0.99e6);
    turns.add('IDLE', 0.5e6);
    expect(turns.table()).toEqual([{ state: 'TREATING', ticks: 100, medianMs: 51, highMs: 100, worstMs: 100 }]);
    expect(turnsText(turns.table())).toMatch(/^state +ticks +median ms +99 % ms +worst ms\nTREATING +100 +51\.00 +100\.00 +100\.00/);
  });
});

describe('figuresText', () => {
  const figures: Emulated = {
    event: 'emulated',
    runtime: 'kaluma',
    version: '1.2.1',
    bootrom: 'B1',
    imageId: 'abc',
    imageBytes: 50_000,
    flashWaitCycles: 0,
    flashMissShare: 0,
    heapBefore: { totalBytes: 184_320, occupiedBytes: 10_240, peakBytes: 10_240 },
    heapAfter: { totalBytes: 184_320, occupiedBytes: 102_400, peakBytes: 122_880 },
    bootMs: 1600,
    idleTurnUs: 4.24,
    ticks: [{ state: 'IDLE', ticks: 3, medianMs: 5, highMs: 6, worstMs: 6 }],
    resets: 0,
    busTroubles: ['a datagram of 3 bytes'],
    violations: [{ invariant: 'I6', atUs: 1, says: 'the plunger went back' }],
    emulatedMs: 25_000,
    wallMs: 100_000,
    ending: 'complete',
    beside: null,
  };

  it('says heap in KB, time, bus troubles, broken invariants, and that flash had no wait states', () => {
    const text = figuresText(figures);
    for (const part of [
      'heap: 10.0 KB before the image, 100.0 KB after the session, peak 120.0 KB of 180.0 KB',
      'first word 1.6 s after the start; 25.0 s emulated in 1 min 40 s; resets by the watchdog: 0',
      'bus: a datagram of 3 bytes',
      'I6 broken: the plunger went back',
      'flash without wait states, so a real one takes longer: --flash-wait 56',
    ])
      expect(text).toContain(part);
  });

  it('says the share of reads that waited where the cache is modelled, and that a heap is unknown', () => {
    const text = figuresText({ ...figures, flashWaitCycles: 56, flashMissShare: 0.0263, heapAfter: null });
    expect(text).toContain('2.6 % of the reads of program memory waited 56 cycles');
    expect(text).toContain('unknown after the session');
  });
});
