// The virtual gun with an emulated chip in it: runtime and image run instruction by instruction, and their pins and buses reach the same
// world, chips and truth as the virtual board's. Not responsible for the console (usb-console.ts) nor for a session. Runs at the desk.
import type { RP2040 } from 'rp2040js';
import { NAU7802_ADDRESS } from '../../hal/drivers/nau7802-registers.ts';
import { SSD1306_ADDRESS } from '../../hal/drivers/ssd1306.ts';
import { PICO, PICO_I2C_HZ, PICO_KALUMA_STORE_SECTOR } from '../../hal/boards/pico.ts';
import type { CableGun } from '../../sim/cable.ts';
import type { Nau7802Chip } from '../../sim/chips/nau7802.ts';
import type { Tmc5240Chip } from '../../sim/chips/tmc5240.ts';
import { VirtualClock } from '../../sim/clock.ts';
import { demoStore } from '../../sim/demo-store.ts';
import { Monitor } from '../../sim/monitor.ts';
import { completeWorld } from '../../sim/setup.ts';
import type { WorldRequest, WorldSetup } from '../../sim/setup.ts';
import { World } from '../../sim/world.ts';
import type { Bootrom } from './bootrom.ts';
import { EmulatedChip } from './chip.ts';
import type { ChipClock } from './chip-clock.ts';
import { I2cWire } from './i2c-wire.ts';
import type { I2cChip } from './i2c-wire.ts';
import { wirePins } from './pin-wires.ts';
import { SpiWire } from './spi-wire.ts';
import type { SpiChip } from './spi-wire.ts';
import { UartWire } from './uart-wire.ts';
import type { Uf2Block } from './uf2.ts';
import { UsbConsole } from './usb-console.ts';

const SECTOR_BYTES = 4096;
/** Kaluma's own flash area. Source: Kaluma 1.2.1, targets/rp2/boards/pico/board.h. */
const KALUMA_BASE = 0xfc000;
/** Of raw flash that the firmware keeps its store in. */
export const STORE_BASE = KALUMA_BASE + PICO_KALUMA_STORE_SECTOR * SECTOR_BYTES;
/** One turn of the cable's pump. Chosen: well below the 20 ms in which a host's line is answered. */
const STEP_NS = 1e6;
/** And of a gun that is off. Chosen: a second. */
const OFF_STEP_US = 1e6;

/** The number that the gun must be given when it is flashed: its store is of a gun with that number. */
export const gunNumber = ({ seed }: { readonly seed: number }): number => Math.max(1, seed);

export interface EmulatedGunOptions {
  readonly bootrom: Bootrom;
  readonly firmware: readonly Uf2Block[];
  readonly world: WorldRequest;
  /** Keep the trace for reports. */
  readonly trace?: boolean;
  /** Wait of a flash line that is not in the chip's cache, processor cycles; absent: 0. */
  readonly flashWaitCycles?: number;
}

export class EmulatedGun implements CableGun {
  readonly clock = new VirtualClock();
  readonly setup: WorldSetup;
  readonly world: World;
  readonly monitor: Monitor;
  readonly chip: EmulatedChip;
  readonly console = new UsbConsole();
  readonly hostSilentUntilUs = 0;
  /** What no firmware should do on its buses, each once. */
  readonly troubles: string[] = [];
  /** Called after each emulated millisecond. */
  readonly onStep: (() => void)[] = [];
  private uart: UartWire | null = null;
  /** Since it was switched off; −1 before. */
  private offUs = -1;

  constructor(options: EmulatedGunOptions) {
    this.setup = completeWorld(options.world);
    this.world = new World(this.clock, this.setup, { trace: options.trace ?? false });
    this.monitor = new Monitor(this.clock, this.world);
    this.chip = new EmulatedChip({
      bootrom: options.bootrom,
      firmware: options.firmware,
      flashWaitCycles: options.flashWaitCycles ?? 0,
      onStart: (mcu, clock) => this.wire(mcu, clock),
      flash: {
        programmed: (offset, data) => {
          this.sync();
          if (offset >= STORE_BASE) this.monitor.programmed(offset - STORE_BASE, data);
        },
        erased: (offset, size) => {
          this.sync();
          for (let at = offset; at < offset + size; at += SECTOR_BYTES)
            if (at >= STORE_BASE) this.monitor.erased((at - STORE_BASE) / SECTOR_BYTES);
        },
      },
    });
    this.chip.preload(STORE_BASE, demoStore(this.setup, gunNumber(this.setup)));
  }

  get nowUs(): number {
    return this.chip.nowNs / 1000 + Math.max(0, this.offUs);
  }

  get atRest(): boolean {
    if (this.offUs >= 0) return true;
    this.sync();
    return this.world.atRest;
  }

  /** For good: time goes by, nothing runs any more. */
  switchOff(): void {
    this.offUs = Math.max(0, this.offUs);
  }

  step(): void {
    if (this.offUs >= 0) {
      this.offUs += OFF_STEP_US;
      return;
    }
    this.chip.runUntil(this.chip.nowNs + STEP_NS);
    this.console.flush();
    this.sync();
    if (this.world.truth.trace) this.world.trace();
    for (const fn of this.onStep) fn();
  }

  hear(text: string): void {
    this.uart?.hear(text);
  }

  /** Something waits for `takeSaid`. */
  get hasSaid(): boolean {
    return this.uart !== null && this.uart.said !== '';
  }

  takeSaid(): string {
    return this.uart?.takeSaid() ?? '';
  }

  /** The world is where the chip is. */
  private sync(): void {
    this.clock.advanceTo(this.nowUs);
  }

  private wire(mcu: RP2040, clock: ChipClock): void {
    const { world } = this;
    this.console.plug(mcu);
    this.uart = new UartWire(mcu, clock);
    const axis = (chip: Tmc5240Chip, access: (datagram: Uint8Array) => void): SpiChip => ({
      preview: (reply) => chip.preview(reply),
      access: (datagram) => {
        this.sync();
        access(datagram);
      },
    });
    new SpiWire(mcu, clock, {
      chips: new Map([
        [PICO.needleCs, axis(world.needleChip, (datagram) => world.needle.access(datagram))],
        [PICO.plungerCs, axis(world.plungerChip, (datagram) => world.plunger.access(datagram))],
      ]),
      onTrouble: (text) => {
        if (!this.troubles.includes(text)) this.troubles.push(text);
      },
    });
    const screen: I2cChip = { write: (bytes) => void world.screen.write(bytes, bytes.length), read: () => 0xff };
    this.bus(mcu, clock, 0, world.ringChip, screen);
    this.bus(mcu, clock, 1, world.pusherChip);
    const closed = (contact: { read(atUs: number): number }) => (): boolean => {
      this.sync();
      return contact.read(this.nowUs) === 1;
    };
    wirePins(mcu, clock, {
      contacts: new Map([
        [PICO.trigger, closed(world.trigger)],
        [PICO.ringSwitch, closed(world.ringSwitch)],
        [PICO.serviceSwitch, closed(world.service)],
        [PICO.okButton, closed(world.ok)],
        [PICO.upButton, closed(world.up)],
        [PICO.downButton, closed(world.down)],
      ]),
      onKick: () => {
        this.sync();
        world.chain.kicked();
      },
      onStampPermille: (permille) => {
        this.sync();
        world.setStampDuty(permille);
      },
      onLamp: (rgb) => {
        this.sync();
        this.monitor.lamp(rgb);
        world.operator.sees(rgb);
      },
    });
  }

  private bus(mcu: RP2040, clock: ChipClock, index: number, cell: Nau7802Chip, screen?: I2cChip): void {
    const bus = mcu.i2c[index];
    if (bus === undefined) return;
    const one = new Uint8Array(1);
    const onBus: I2cChip = {
      write: (bytes) => {
        this.sync();
        cell.write(this.nowUs, bytes, bytes.length);
      },
      read: (register) => {
        this.sync();
        cell.readRegister(this.nowUs, register, one, 1);
        return one[0] ?? 0xff;
      },
    };
    const chipAt = (address: number): I2cChip | undefined => {
      if (address === NAU7802_ADDRESS) return onBus;
      return address === SSD1306_ADDRESS && this.world.screen.present ? screen : undefined;
    };
    new I2cWire(bus, clock, { chipAt, speedHz: PICO_I2C_HZ });
  }
}
