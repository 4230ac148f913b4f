// The emulated chip with programs of a few instructions: time, flash, watchdog, and a main loop found without symbols.
import { describe, expect, it } from 'vitest';
import { ChipClock } from '../../../tools/emulate/chip-clock.ts';
import { MainLoop } from '../../../tools/emulate/main-loop.ts';
import { chipWith, romFunction } from './machine.ts';

const WATCHDOG_CTRL = 0x40058000;
const WATCHDOG_LOAD = 0x40058004;
const WATCHDOG_TICK = 0x4005802c;

describe('ChipClock', () => {
  it('fires alarms at 10, 20 and 20 ns in that order, each at its own moment, and not one that was cancelled at 15', () => {
    const clock = new ChipClock();
    const fired: string[] = [];
    const alarm = (name: string, forNs: number): { cancel(): void } => {
      const made = clock.createAlarm(() => void fired.push(`${name}@${clock.nanos}`));
      made.schedule(forNs);
      return made;
    };
    alarm('b', 20);
    alarm('c', 20);
    alarm('a', 10);
    alarm('x', 15).cancel();
    expect(clock.nextNs).toBe(10);
    clock.nanos = 30;
    clock.fireDue();
    expect(fired).toEqual(['a@10', 'b@20', 'c@20']);
    expect([clock.nanos, clock.nextNs]).toEqual([30, Infinity]);
  });
});

describe('EmulatedChip', () => {
  it('ends with exit 5 when the firmware stops itself by a breakpoint outside the ROM, and says where', () => {
    const { chip } = chipWith([
      { write: 0x20000000, value: 0xbe00be00 },
      { call: 0x20000000, args: [0] },
    ]);
    expect(() => chip.runUntil(1e6)).toThrow(
      expect.objectContaining({ exit: 5, why: expect.stringContaining('breakpoint at 0x20000000') as string }),
    );
  });

  it('runs a wait of 500 µs in 500 µs at 125 MHz, then stands still', () => {
    const { chip } = chipWith([{ waitUs: 500 }, { write: 0x20000000, value: 42 }]);
    chip.runUntil(490e3);
    expect(chip.mcu.readUint32(0x20000000)).toBe(0);
    chip.runUntil(510e3);
    expect(chip.mcu.readUint32(0x20000000)).toBe(42);
  });

  it('erases a sector of 4 KB in 45 ms and programs a page of 256 B in 0.4 ms, clearing bits only', () => {
    const args = [0x101000, 0x10000000, 256];
    const { chip, erased, programmed } = chipWith([
      { call: romFunction('RE'), args: [0x101000, 4096] },
      { call: romFunction('RP'), args },
      { write: 0x20000000, value: 1 },
    ]);
    chip.preload(0x101000, new Uint8Array(4096));
    chip.runUntil(45e6);
    expect([erased, chip.readFlash(0x101000, 2)]).toEqual([[{ offset: 0x101000, size: 4096 }], new Uint8Array([0xff, 0xff])]);
    chip.runUntil(45.5e6);
    expect(chip.mcu.readUint32(0x20000000)).toBe(1);
    expect(programmed.map((each) => [each.offset, each.data.length])).toEqual([[0x101000, 256]]);
    expect(chip.readFlash(0x101000, 256)).toEqual(chip.readFlash(0, 256));
  });

  it('starts again 2 ms after a watchdog of 2 ms was last fed, keeps its flash, and its time goes on', () => {
    let starts = 0;
    const { chip } = chipWith(
      [
        { call: romFunction('RE'), args: [0x101000, 4096] },
        { write: WATCHDOG_TICK, value: 0x200 | 12 },
        { write: WATCHDOG_LOAD, value: 4000 },
        { write: WATCHDOG_CTRL, value: 0x40000000 },
      ],
      () => void (starts += 1),
    );
    chip.preload(0x101000, new Uint8Array(16));
    chip.runUntil(46.9e6);
    expect(starts).toBe(1);
    chip.runUntil(47.1e6);
    expect([starts, chip.starts, chip.readFlash(0x101000, 1)[0]]).toEqual([2, 2, 0xff]);
    expect(chip.nowNs).toBeGreaterThanOrEqual(47.1e6);
  });
});

describe('MainLoop', () => {
  it('finds a loop of 10 µs, times its turns, and pauses between idle ones: 100 ms cost a fifth of the instructions', () => {
    const { chip } = chipWith([{ waitUs: 10 }, { write: 0x20000000, value: 1 }, { jump: 0 }]);
    const loop = new MainLoop(chip);
    expect(loop.idleNs).toBeGreaterThan(10_000);
    expect(loop.idleNs).toBeLessThan(10_500);
    const before = chip.instructions;
    chip.runUntil(chip.nowNs + 100e6);
    expect(chip.instructions - before).toBeLessThan((100e6 / 8 / 1.5) * 0.2);
  });

  /** Busy turns within 20 ms, in units of 0.1 ms, of a loop of 10 µs to which something happens at its 50th turn. */
  function busyTurns(happens: (chip: ReturnType<typeof chipWith>['chip']) => void): number[] {
    const { chip } = chipWith([{ waitUs: 10 }, { write: 0x20000000, value: 1 }, { jump: 0 }]);
    const loop = new MainLoop(chip);
    const busy: number[] = [];
    loop.onBusy = (forNs) => void busy.push(Math.round(forNs / 1e5));
    const turn = chip.onTurn;
    let turns = 0;
    chip.onTurn = () => {
      turn();
      turns += 1;
      if (turns === 50) happens(chip);
    };
    chip.runUntil(chip.nowNs + 20e6);
    return busy;
  }

  it('tells of a turn of 2 ms among turns of 10 µs', () => {
    expect(busyTurns((chip) => void (chip.clock.nanos += 2e6))).toEqual([20]);
  });

  it('takes its instruction on a deeper frame for no turn: 2 ms spent there are one turn of 2 ms', () => {
    const deeper = busyTurns(({ clock, mcu: { core } }) => {
      core.SP -= 16;
      clock.createAlarm(() => void (core.SP += 16)).schedule(2e6);
    });
    expect(deeper).toEqual([20]);
  });
});
