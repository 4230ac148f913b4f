// An I2C bus of the emulated chip on the chips that hang there: start, address, bytes and stop take their time on the wire.
// Not responsible for what bytes mean (sim/chips). Runs at the desk. Source: I2C-bus specification UM10204, 3.1.
import type { RPI2C } from 'rp2040js';
import { I2CMode } from 'rp2040js';
import type { ChipClock } from './chip-clock.ts';

/** Eight bits and the acknowledge. */
const BITS_A_BYTE = 9;
const WRITE_MOST = 1024;

export interface I2cChip {
  /** What was written between start and stop. */
  write(bytes: Uint8Array): void;
  /** The byte of this register. */
  read(register: number): number;
}

export interface I2cWires {
  /** Chip by its 7-bit address; undefined: nobody acknowledges. */
  readonly chipAt: (address: number) => I2cChip | undefined;
  readonly speedHz: number;
}

export class I2cWire {
  private readonly bytes = new Uint8Array(WRITE_MOST);
  private count = 0;
  private reads = 0;
  private chip: I2cChip | undefined;
  private next: () => void = () => undefined;

  constructor(bus: RPI2C, clock: ChipClock, { chipAt, speedHz }: I2cWires) {
    const alarm = clock.createAlarm(() => this.next());
    const after = (bits: number, fn: () => void): void => {
      this.next = fn;
      alarm.schedule((bits * 1e9) / speedHz);
    };
    bus.onStart = () => after(1, () => bus.completeStart());
    bus.onConnect = (address, mode) => {
      this.chip = chipAt(address);
      this.reads = 0;
      if (mode === I2CMode.Write) this.count = 0;
      after(BITS_A_BYTE, () => bus.completeConnect(this.chip !== undefined));
    };
    bus.onWriteByte = (value) => {
      if (this.count < WRITE_MOST) this.bytes[this.count++] = value;
      after(BITS_A_BYTE, () => bus.completeWrite(true));
    };
    bus.onReadByte = () => {
      const value = this.chip?.read((this.bytes[0] ?? 0) + this.reads) ?? 0xff;
      this.reads += 1;
      after(BITS_A_BYTE, () => bus.completeRead(value));
    };
    bus.onStop = () => {
      // The register byte before a read is the read's own.
      if (this.reads === 0 && this.count > 0) this.chip?.write(this.bytes.slice(0, this.count));
      after(1, () => bus.completeStop());
    };
  }
}
