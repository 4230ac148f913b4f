// The board as the firmware gets it: every call costs virtual time, then reaches the world. Pins and buses only; the same firmware
// code drives it as drives the real one. Not responsible for when ticks come (board.ts). Simulator only.
import type { Board, Clock, DigitalIn, DigitalOut, Flash, I2cBus, LampOut, Level, PwmOut, Serial, SpiDevice, ToneOut } from '../hal/io.ts';
import { BUS_NACK } from '../hal/io.ts';
import { SSD1306_ADDRESS } from '../hal/drivers/ssd1306.ts';
import { NAU7802_ADDRESS } from '../hal/drivers/nau7802-registers.ts';
import type { AtMs } from '../hal/units.ts';
import type { Nau7802Chip } from './chips/nau7802.ts';
import type { Ssd1306Chip } from './chips/ssd1306.ts';
import { PowerCut } from './chips/nor-flash.ts';
import type { NorFlashChip } from './chips/nor-flash.ts';
import type { VirtualClock } from './clock.ts';
import type { Contact } from './contact.ts';
import type { Costs } from './costs.ts';
import type { World } from './world.ts';

/** What a journal or record write looks like to those who watch the flash. */
export interface FlashWatcher {
  programmed(addressBytes: number, page: Uint8Array): void;
  erased(sectorIndex: number): void;
}

export interface VirtualBoardOptions {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly flash: NorFlashChip;
  readonly costs: Costs;
  readonly deviceId: number;
  /** What nowMs() answers at this power-on. */
  readonly startMs: number;
  readonly onLamp: (rgb: number) => void;
  readonly onSaid: (text: string) => void;
  readonly flashWatchers: readonly FlashWatcher[];
}

export class VirtualBoard implements Board {
  readonly name: string;
  readonly tickMs: number;
  readonly nowMs: Clock;
  readonly needleSpi: SpiDevice;
  readonly plungerSpi: SpiDevice;
  readonly ringI2c: I2cBus;
  readonly plungerI2c: I2cBus;
  readonly kick: DigitalOut;
  readonly trigger: DigitalIn;
  readonly ringSwitch: DigitalIn;
  readonly serviceSwitch: DigitalIn;
  readonly okButton: DigitalIn;
  readonly upButton: DigitalIn;
  readonly downButton: DigitalIn;
  readonly stampDrive: PwmOut;
  readonly lamp: LampOut;
  readonly buzzer: ToneOut;
  readonly flash: Flash;
  readonly serial: Serial;
  readonly deviceId: number;
  /** Set when the supply has gone: every further call throws it again, whatever the firmware catches. */
  cut: PowerCut | null = null;
  fedAtUs: number;
  private readonly o: VirtualBoardOptions;
  private readonly time: VirtualClock;
  private readonly bootUs: number;
  private kickLevel: Level = 0;
  private incoming = '';
  private incomingFromUs = 0;
  private arrived = '';
  private sentUntilUs = 0;
  /** What a tick costs is still to be spent: once it has asked for the time, so that it sees what it took, as on a chip. */
  private due = false;

  constructor(options: VirtualBoardOptions) {
    const { costs, world } = options;
    this.o = options;
    this.time = options.clock;
    this.name = `virtual-${costs.name}`;
    this.tickMs = costs.tickMs;
    this.deviceId = options.deviceId;
    this.bootUs = options.clock.nowUs;
    this.fedAtUs = this.bootUs;
    this.nowMs = () => this.askedMs();
    this.needleSpi = this.makeSpi(world.needle);
    this.plungerSpi = this.makeSpi(world.plunger);
    this.ringI2c = this.makeI2c(world.ringChip, world.screen);
    this.plungerI2c = this.makeI2c(world.pusherChip);
    this.kick = (level) => {
      this.writeKick(level);
    };
    this.trigger = this.makeIn(world.trigger);
    this.ringSwitch = this.makeIn(world.ringSwitch);
    this.serviceSwitch = this.makeIn(world.service);
    this.okButton = this.makeIn(world.ok);
    this.upButton = this.makeIn(world.up);
    this.downButton = this.makeIn(world.down);
    this.stampDrive = (permille) => {
      this.spend(costs.pwmUs);
      world.setStampDuty(permille);
    };
    this.lamp = (rgb) => {
      this.spend(costs.lampUs);
      options.onLamp(rgb);
    };
    this.buzzer = () => {
      this.spend(costs.pwmUs);
    };
    this.flash = this.makeFlash(options.flash);
    this.serial = { hear: () => this.takeArrived(), say: (text) => this.writeSerial(text) };
  }

  readonly base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

  /** Nothing is collected here. */
  readonly tidy = (): void => undefined;

  feedWatchdog(): void {
    this.spend(this.o.costs.gpioUs);
    this.fedAtUs = this.o.clock.nowUs;
  }

  /** Text has come down the line; its bytes are there as fast as the wire brings them. */
  hear(text: string): void {
    const nowUs = this.o.clock.nowUs;
    if (this.incoming === '') this.incomingFromUs = nowUs;
    this.incoming += text;
  }

  /** What has come since the last tick is there for this one: runtimes hand text over between ticks, in callbacks. */
  beginTick(): void {
    this.due = true;
    this.arrived += this.readSerial();
  }

  /** Interpreter or bus time passes; the world goes on meanwhile. */
  spend(us: number): void {
    this.throwIfCut();
    this.time.charge(us);
    this.throwIfCut();
  }

  private throwIfCut(): void {
    if (this.cut !== null) throw this.cut;
  }

  private askedMs(): AtMs {
    this.spend(this.o.costs.clockUs);
    const atMs = this.loopMs();
    if (this.due) {
      this.due = false;
      this.spend(this.o.costs.tickUs);
    }
    return atMs;
  }

  /** The time as the runtime's main loop has it, which costs no program anything. */
  readonly loopMs = (): AtMs => ((Math.floor((this.o.clock.nowUs - this.bootUs) / 1000) + this.o.startMs) >>> 0) as AtMs;

  private makeSpi(side: { access(buffer: Uint8Array): void }): SpiDevice {
    const { spiUs, spiSendUs } = this.o.costs;
    const exchange = (buffer: Uint8Array, forUs: number): Uint8Array => {
      this.spend(forUs);
      const reply = buffer.slice();
      side.access(reply);
      return reply;
    };
    return {
      exchange: (buffer) => exchange(buffer, spiUs),
      tell: (buffer) => {
        exchange(buffer, spiSendUs);
      },
    };
  }

  private makeIn(contact: Contact): DigitalIn {
    return () => {
      this.spend(this.o.costs.gpioUs);
      return contact.read(this.o.clock.nowUs);
    };
  }

  private makeI2c(chip: Nau7802Chip, screen?: Ssd1306Chip): I2cBus {
    const { clock, costs } = this.o;
    return {
      writeBytes: (address, buffer) => {
        this.spend(costs.i2cWriteUs + Math.max(0, buffer.length - 2) * costs.i2cByteUs);
        if (screen && address === SSD1306_ADDRESS) return screen.write(buffer, buffer.length);
        return address === NAU7802_ADDRESS ? chip.write(clock.nowUs, buffer, buffer.length) : BUS_NACK;
      },
      readRegister: (address, register, lengthBytes) => {
        this.spend(costs.i2cReadUs);
        const bytes = new Uint8Array(lengthBytes);
        return address === NAU7802_ADDRESS && chip.readRegister(clock.nowUs, register, bytes, lengthBytes) === 0 ? bytes : null;
      },
    };
  }

  private makeFlash(chip: NorFlashChip): Flash {
    const { costs, flashWatchers } = this.o;
    return {
      sectorCount: chip.sectorCount,
      read: (addressBytes, into) => {
        this.spend(costs.flashReadUs);
        chip.read(addressBytes, into);
      },
      program: (addressBytes, page) => {
        this.spend(costs.flashProgramUs);
        this.untilCut(() => {
          chip.program(addressBytes, page);
        });
        for (const watcher of flashWatchers) watcher.programmed(addressBytes, page);
      },
      erase: (sectorIndex) => {
        this.spend(costs.flashEraseUs);
        this.untilCut(() => {
          chip.erase(sectorIndex);
        });
        for (const watcher of flashWatchers) watcher.erased(sectorIndex);
      },
    };
  }

  /** A cut in the middle of a flash step stands, even if the firmware's own guard catches what it threw: nothing answers any more. */
  private untilCut(flashStep: () => void): void {
    try {
      flashStep();
    } catch (error) {
      if (error instanceof PowerCut) this.cut = error;
      throw error;
    }
  }

  private writeKick(level: Level): void {
    this.spend(this.o.costs.gpioUs);
    if (level === this.kickLevel) return;
    this.kickLevel = level;
    this.o.world.chain.kicked();
  }

  private takeArrived(): string {
    const text = this.arrived;
    this.arrived = '';
    return text;
  }

  private readSerial(): string {
    const { costs, clock } = this.o;
    this.spend(costs.serialCallUs);
    if (this.incoming === '') return '';
    const count = Math.floor((clock.nowUs - this.incomingFromUs) / costs.serialByteUs);
    if (count <= 0) return '';
    const text = this.incoming.slice(0, count);
    this.incoming = this.incoming.slice(count);
    this.incomingFromUs = this.incoming === '' ? 0 : this.incomingFromUs + count * costs.serialByteUs;
    return text;
  }

  private writeSerial(text: string): number {
    const { costs, clock } = this.o;
    this.spend(costs.serialCallUs);
    const fromUs = Math.max(this.sentUntilUs, clock.nowUs);
    if ((fromUs - clock.nowUs) / costs.serialByteUs + text.length > costs.serialQueueBytes) return 0;
    this.sentUntilUs = fromUs + text.length * costs.serialByteUs;
    this.o.onSaid(text);
    return 1;
  }
}
