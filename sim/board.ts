// The virtual gun: clock, world, board and the firmware that runs on it. Powers on, ticks, loses power, comes back.
// The firmware is handed in as a factory, so that sources or a built image may run. Not responsible for the host line (cable.ts).
import type { Board } from '../hal/io.ts';
import { timerMs } from '../hal/ports/kaluma.ts';
import { Bench, benchGun } from './bench.ts';
import type { CableGun } from './cable.ts';
import { NorFlashChip, PowerCut } from './chips/nor-flash.ts';
import { VirtualClock } from './clock.ts';
import { ESPRUINO, KALUMA } from './costs.ts';
import type { Costs } from './costs.ts';
import { FaultInjector } from './fault-injector.ts';
import { Monitor } from './monitor.ts';
import { kalumaRestMs } from './runtimes/model.ts';
import { demoStore } from './demo-store.ts';
import { completeWorld } from './setup.ts';
import type { WorldRequest, WorldSetup } from './setup.ts';
import type { Truth } from './truth.ts';
import { VirtualBoard } from './virtual-board.ts';
import { World } from './world.ts';

/** Sectors of the raw store. Source: Kaluma's upper half of its LittleFS area on a Pico, sectors 196 to 259. */
export const STORE_SECTORS = 64;
/** Virtual interpreter time until the first line of the firmware runs after power-on. Chosen. */
const START_UP_US = 300_000;

/** What boot code gives back: one tick, answering how many ms after its end the next is wanted. */
export interface Firmware {
  tick(): number;
  /** Of the sources, which no runtime's timers call: what the tick took. */
  readonly tookMs?: number;
}

export interface VirtualGunOptions {
  readonly boot: (board: Board) => Firmware;
  readonly world?: WorldRequest;
  readonly runtime?: 'kaluma' | 'espruino';
  /** What costs other than on that runtime: another cost of a tick is another phase of all that happens between them. */
  readonly costs?: Partial<Costs>;
  /** Contents of the store before the first power-on; what demo-store.ts says when absent. */
  readonly flashImage?: Uint8Array;
  /** Device clock at power-on, to test its wrap. */
  readonly startMs?: number;
  readonly deviceId?: number;
  /** The runtime's watchdog resets the processor when not fed for so long; 0 = not fitted. Chosen: 2 s, ticks and erases far below. */
  readonly watchdogMs?: number;
  /** Keep the trace for reports. */
  readonly trace?: boolean;
}

export class VirtualGun implements CableGun {
  readonly clock = new VirtualClock();
  readonly setup: WorldSetup;
  readonly world: World;
  readonly flash: NorFlashChip;
  readonly monitor: Monitor;
  readonly faults: FaultInjector;
  /** Where its output is weighed and its needle measured; costs nothing until an instrument is connected. */
  readonly bench: Bench;
  /** The board of the present power-on; null without supply. */
  board: VirtualBoard | null = null;
  bootCount = 0;
  resetCount = 0;
  tickCount = 0;
  lamp = 0;
  hostSilentUntilUs = 0;
  /** The next tick starts this much late; taken once. */
  lateUs = 0;
  /** How long the supply stays away after a cut at a flash step. */
  offAfterCutMs = 2000;
  private readonly options: VirtualGunOptions;
  private readonly costs: Costs;
  private firmware: Firmware | null = null;
  private nextTickUs = 0;
  private offForUs = -1;
  private said = '';

  constructor(options: VirtualGunOptions) {
    this.options = options;
    this.setup = completeWorld(options.world ?? {});
    this.costs = { ...(options.runtime === 'espruino' ? ESPRUINO : KALUMA), ...options.costs };
    this.world = new World(this.clock, this.setup, { trace: options.trace ?? false });
    this.flash = new NorFlashChip({
      sectorCount: STORE_SECTORS,
      image: options.flashImage ?? demoStore(this.setup, options.deviceId ?? this.setup.seed),
    });
    this.monitor = new Monitor(this.clock, this.world);
    this.bench = new Bench({ clock: this.clock, ...this.setup, outerMm: this.setup.needle.outerMm, gun: benchGun(this.world) });
    this.faults = new FaultInjector(this, this.setup.faults);
  }

  get nowUs(): number {
    return this.clock.nowUs;
  }

  get truth(): Truth {
    return this.world.truth;
  }

  get atRest(): boolean {
    return this.world.atRest;
  }

  get chips(): {
    needle: World['needleChip'];
    plunger: World['plungerChip'];
    ringCell: World['ringChip'];
    pusherCell: World['pusherChip'];
    flash: NorFlashChip;
  } {
    return {
      needle: this.world.needleChip,
      plunger: this.world.plungerChip,
      ringCell: this.world.ringChip,
      pusherCell: this.world.pusherChip,
      flash: this.flash,
    };
  }

  /** Supply on: the firmware boots. Does nothing when it is on. */
  powerOn(): void {
    if (this.board) return;
    this.bootCount += 1;
    this.start();
  }

  /** Supply off for `offMs`, then on again by itself. Between ticks; within one it unwinds the firmware. */
  powerCut(offMs: number): void {
    if (!this.board || this.board.cut) return;
    this.offForUs = offMs * 1000;
    this.board.cut = new PowerCut(this.flash.stepsDone);
    this.world.losePower();
  }

  /** One tick, or the end of a power cut: whatever is due next. */
  step(): void {
    if (!this.board?.cut) this.clock.advanceTo(this.nextTickUs + this.takeLateness());
    if (this.board?.cut) this.afterCut();
    else if (!this.board) this.powerOn();
    else if (this.watchdogBit(this.board)) this.reset();
    else this.tick(this.board);
  }

  /** Runs ticks until the next would start at or after `atUs`. Slicing changes nothing: the world is not advanced to `atUs`. */
  runUntil(atUs: number): void {
    while (this.clock.nowUs < atUs && this.nextTickUs < atUs) this.step();
  }

  hear(text: string): void {
    this.board?.hear(text);
  }

  takeSaid(): string {
    const text = this.said;
    this.said = '';
    return text;
  }

  private start(): void {
    this.clock.charge(START_UP_US);
    const board = new VirtualBoard({
      clock: this.clock,
      world: this.world,
      flash: this.flash,
      costs: this.costs,
      deviceId: this.options.deviceId ?? this.setup.seed,
      startMs: this.bootCount === 1 ? (this.options.startMs ?? 0) : 0,
      onLamp: (rgb) => {
        this.lamp = rgb;
        this.monitor.lamp(rgb);
        this.world.operator.sees(rgb);
      },
      onSaid: (text) => {
        this.said += text;
      },
      flashWatchers: [this.monitor],
    });
    this.board = board;
    try {
      this.firmware = this.options.boot(board);
    } catch (error) {
      this.unwound(error);
    }
    this.nextTickUs = this.clock.nowUs;
  }

  private tick(board: VirtualBoard): void {
    this.tickCount += 1;
    try {
      board.beginTick();
      const restMs = this.restMs(board, this.firmware as Firmware);
      this.nextTickUs = this.clock.nowUs + restMs * 1000;
    } catch (error) {
      this.unwound(error);
    }
    if (this.world.truth.trace) this.world.trace();
  }

  /** One tick; answers how long the runtime that the board stands for then waits. An image's own timers have said so already. */
  private restMs(board: VirtualBoard, firmware: Firmware): number {
    const beganMs = board.loopMs();
    const forMs = firmware.tick();
    if (firmware.tookMs === undefined || this.options.runtime === 'espruino') return Math.max(0, forMs);
    return kalumaRestMs(beganMs, timerMs(forMs, firmware.tookMs), board.loopMs());
  }

  /** A power cut ends the firmware code it happens in; anything else that is thrown is a defect and goes on up. */
  private unwound(error: unknown): void {
    if (!(error instanceof PowerCut)) throw error;
    if (this.board) this.board.cut = error;
  }

  private afterCut(): void {
    this.board = null;
    this.firmware = null;
    this.lamp = 0;
    this.monitor.lamp(0);
    this.world.operator.sees(0);
    if (this.offForUs < 0) {
      this.offForUs = this.offAfterCutMs * 1000;
      this.world.losePower();
    }
    this.nextTickUs = this.clock.nowUs + this.offForUs;
    this.offForUs = -1;
  }

  private watchdogBit(board: VirtualBoard): boolean {
    const forMs = this.options.watchdogMs ?? 2000;
    return forMs > 0 && this.clock.nowUs - board.fedAtUs > forMs * 1000;
  }

  /** The processor starts again; chips and flash keep what they have. */
  private reset(): void {
    this.resetCount += 1;
    this.bootCount += 1;
    this.start();
  }

  private takeLateness(): number {
    const us = this.lateUs;
    this.lateUs = 0;
    return us;
  }
}
