// An emulated RP2040 that runs a runtime's firmware: power-on, time, flash, resets by the watchdog. Instructions and peripherals are
// rp2040js's; what it lacks is helped from here: flash functions, the pause of an idle main loop. Not responsible for what hangs on its
// pins (emulated-gun.ts) nor for the console (usb-console.ts). The flash cache is modelled when asked for; without, flash takes no wait states. Runs at the desk.
import { ConsoleLogger, LogLevel, RP2040 } from 'rp2040js';
import { ERASE_FOR_US, PROGRAM_FOR_US } from '../../sim/chips/nor-flash.ts';
import { EXIT_DEVICE, MesogunError } from '../errors.ts';
import type { Bootrom, FlashCall } from './bootrom.ts';
import { FLASH_CALLS } from './bootrom.ts';
import { ChipClock } from './chip-clock.ts';
import { FlashCache } from './flash-cache.ts';
import { ThumbCore } from './thumb-core.ts';
import { FLASH_BASE, FLASH_BYTES } from './uf2.ts';
import type { Uf2Block } from './uf2.ts';

const SECTOR_BYTES = 4096;
const PAGE_BYTES = 256;
const WATCHDOG = 0x40058;
/** Of the emulator's watchdog, which it keeps among others of any kind. */
interface Watchdog {
  onWatchdogTrigger: () => void;
  readonly alarm: { enable: boolean };
}
const isWatchdog = (found: object | undefined): found is Watchdog =>
  found !== undefined && 'onWatchdogTrigger' in found && 'alarm' in found;

/** In one go of the fast core. Chosen: a small integer. */
const MOST_CYCLES = 1e6;
const ROM_END = 0x4000;
/** The program counter is behind the instruction by then. */
const BREAKPOINT_BYTES = 2;

/** A breakpoint that is not ours: the firmware's last resort. */
const stoppedItself = (pc: number): MesogunError =>
  new MesogunError({
    exit: EXIT_DEVICE,
    what: 'the firmware has stopped itself',
    why: `breakpoint at 0x${pc.toString(16)}; Kaluma does so when its engine gives up, for one when it is out of memory`,
    next: 'a real board would hang there until its watchdog or somebody switches it off and on',
  });

/** Told of each change of the flash, after it. */
export interface FlashListener {
  programmed(offsetBytes: number, data: Uint8Array): void;
  erased(offsetBytes: number, sizeBytes: number): void;
}

export interface ChipOptions {
  readonly bootrom: Bootrom;
  readonly firmware: readonly Uf2Block[];
  /** Called at each start, with the fresh chip, before its first instruction. */
  readonly onStart: (mcu: RP2040, clock: ChipClock) => void;
  readonly flash: FlashListener;
  /** Processor cycles that a line of program memory takes from the flash chip when the chip's cache has not got it; 0 or absent: none. */
  readonly flashWaitCycles?: number;
}

export class EmulatedChip {
  mcu: RP2040;
  clock = new ChipClock();
  /** Times it started; the watchdog's resets are all but the first. */
  starts = 0;
  /** Called each time the instruction at this address comes next on this frame: a main loop's turn (main-loop.ts). */
  turnAt = -1;
  turnSp = 0;
  onTurn: () => void = () => undefined;
  /** What ran before the last start. */
  private beforeNs = 0;
  private instructionsBefore = 0;
  private thumb: ThumbCore;
  private readonly cache: FlashCache | null;
  private resetAsked = false;
  private readonly flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  private readonly options: ChipOptions;

  constructor(options: ChipOptions) {
    this.options = options;
    for (const { offsetBytes, data } of options.firmware) this.flash.set(data, offsetBytes);
    this.cache = (options.flashWaitCycles ?? 0) > 0 ? new FlashCache(options.flashWaitCycles ?? 0) : null;
    this.mcu = this.start();
    this.thumb = new ThumbCore(this.mcu, this.cache);
  }

  /** Run since power-on. */
  get instructions(): number {
    return this.instructionsBefore + this.thumb.instructions;
  }

  /** Of reads of program memory since the last start, the share that waited for the flash chip; 0 without a cache. */
  get missShare(): number {
    const { hits, misses } = this.cache ?? { hits: 1, misses: 0 };
    return misses / Math.max(1, hits + misses);
  }

  /** Since power-on, through resets. */
  get nowNs(): number {
    return this.beforeNs + this.clock.nanos;
  }

  /** Puts bytes into the flash from outside, as if they had always been there. */
  preload(offsetBytes: number, data: Uint8Array): void {
    this.flash.set(data, offsetBytes);
    this.mcu.flash.set(data, offsetBytes);
  }

  readFlash(offsetBytes: number, sizeBytes: number): Uint8Array {
    return this.mcu.flash.slice(offsetBytes, offsetBytes + sizeBytes);
  }

  /** Runs until that moment since power-on; an instruction or a flash step may end a little later. */
  runUntil(atNs: number): void {
    while (this.nowNs < atNs) {
      this.run(atNs - this.beforeNs);
      if (this.resetAsked) this.restart();
    }
  }

  /** Lets time pass in which the processor does nothing that is seen, up to the next alarm of a peripheral. */
  pause(forNs: number): void {
    this.clock.nanos += Math.max(0, Math.min(forNs, this.clock.nextNs - this.clock.nanos));
  }

  /** Runs for so long and shows each instruction before it: its address and the stack pointer. Interrupts are left out. Slow. */
  watch(forNs: number, each: (pc: number, sp: number) => void): void {
    const { mcu, clock } = this;
    const { core } = mcu;
    const untilNs = clock.nanos + forNs;
    while (clock.nanos < untilNs && !this.resetAsked) {
      if (core.waiting) clock.nanos = Math.min(untilNs, clock.nextNs);
      else {
        if (core.IPSR === 0) each(core.PC, core.SP);
        const cycles = core.executeInstruction();
        clock.nanos += (cycles * 1e9) / mcu.clkSys;
      }
      if (clock.nanos >= clock.nextNs) clock.fireDue();
    }
  }

  private run(untilNs: number): void {
    const { mcu, clock, thumb } = this;
    const { core } = mcu;
    while (clock.nanos < untilNs && !this.resetAsked) {
      if (core.waiting) clock.nanos = Math.min(untilNs, clock.nextNs);
      else {
        if (core.PC === this.turnAt && core.SP === this.turnSp) this.onTurn();
        const cycleNs = 1e9 / mcu.clkSys;
        let cycles = thumb.run(Math.min(MOST_CYCLES, Math.ceil((Math.min(untilNs, clock.nextNs) - clock.nanos) / cycleNs)), this.turnAt);
        if (cycles === 0) {
          // Not in one line with the sum: a flash step within adds its own time.
          cycles = core.executeInstruction();
          thumb.instructions += 1;
        }
        clock.nanos += cycles * cycleNs;
      }
      if (clock.nanos >= clock.nextNs) clock.fireDue();
    }
  }

  private restart(): void {
    this.resetAsked = false;
    this.flash.set(this.mcu.flash.subarray(0, FLASH_BYTES));
    this.beforeNs += this.clock.nanos;
    this.clock = new ChipClock();
    this.instructionsBefore += this.thumb.instructions;
    this.mcu = this.start();
    this.thumb = new ThumbCore(this.mcu, this.cache);
  }

  private start(): RP2040 {
    this.starts += 1;
    const mcu = new RP2040(this.clock);
    mcu.logger = new ConsoleLogger(LogLevel.Error, false);
    mcu.loadBootrom(this.options.bootrom.words);
    mcu.flash.set(this.flash);
    mcu.onBreak = (code) => {
      const call = FLASH_CALLS[code];
      if (mcu.core.PC >= ROM_END || call === undefined) throw stoppedItself(mcu.core.PC - BREAKPOINT_BYTES);
      this.flashCall(mcu, call);
      mcu.core.PC = mcu.core.LR & ~1;
    };
    const watchdog: object | undefined = mcu.peripherals[WATCHDOG];
    if (!isWatchdog(watchdog)) throw new Error('the emulator has another watchdog than the one this was written for');
    watchdog.onWatchdogTrigger = () => {
      // The emulator's own would strike again at once, for ever.
      watchdog.alarm.enable = false;
      this.resetAsked = true;
    };
    this.options.onStart(mcu, this.clock);
    mcu.core.PC = FLASH_BASE;
    return mcu;
  }

  /** Arguments in r0 to r2. Source: RP2040 datasheet, 2.8.3.1.3. The processor waits as long as a flash chip takes. */
  private flashCall(mcu: RP2040, call: FlashCall): void {
    const [offset = 0, second = 0, count = 0] = mcu.core.registers;
    this.cache?.flush();
    if (call === 'RE') {
      mcu.flash.fill(0xff, offset, offset + second);
      this.clock.nanos += (ERASE_FOR_US * 1000 * second) / SECTOR_BYTES;
      this.options.flash.erased(offset, second);
    } else if (call === 'RP') {
      const data = new Uint8Array(count);
      for (let i = 0; i < count; i += 1) {
        data[i] = mcu.readUint8(second + i);
        mcu.flash[offset + i] = (mcu.flash[offset + i] ?? 0) & (data[i] ?? 0);
      }
      this.clock.nanos += (PROGRAM_FOR_US * 1000 * count) / PAGE_BYTES;
      this.options.flash.programmed(offset, data);
    }
  }
}
