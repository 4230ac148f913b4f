// SPI0 of the emulated chip on the two ramp chips: each byte takes its time on the wire, the reply comes from the chip that is selected.
// Not responsible for what a datagram does (sim/chips). Runs at the desk.
import type { RP2040 } from 'rp2040js';
import { GPIOPinState } from 'rp2040js';
import type { ChipClock } from './chip-clock.ts';

const DATAGRAM_BYTES = 5;

/** A chip behind a chip select. */
export interface SpiChip {
  /** What the next datagram will be answered, into `reply`; changes nothing. */
  preview(reply: Uint8Array): void;
  /** The datagram that was sent, at the rise of chip select. */
  access(datagram: Uint8Array): void;
}

export interface SpiWires {
  /** Chip by the pin of its chip select. */
  readonly chips: ReadonlyMap<number, SpiChip>;
  readonly onTrouble: (text: string) => void;
}

export class SpiWire {
  private readonly selected = new Set<number>();
  private readonly sent = new Uint8Array(DATAGRAM_BYTES);
  private readonly reply = new Uint8Array(DATAGRAM_BYTES);
  private count = 0;
  private readonly wires: SpiWires;

  constructor(mcu: RP2040, clock: ChipClock, wires: SpiWires) {
    this.wires = wires;
    for (const [pin, chip] of wires.chips) {
      mcu.gpio[pin]?.addListener((state) => {
        if (state === GPIOPinState.Low) this.select(pin);
        else if (this.selected.delete(pin)) this.end(chip);
      });
    }
    const spi = mcu.spi[0];
    if (spi === undefined) return;
    let answer = 0;
    const done = clock.createAlarm(() => spi.completeTransmit(answer));
    spi.onTransmit = (value) => {
      answer = this.byte(value);
      done.schedule((spi.dataBits * 1e9) / spi.clockFrequency);
    };
  }

  private select(pin: number): void {
    if (this.selected.size > 0) this.wires.onTrouble('two chips are selected at once');
    this.selected.add(pin);
    this.count = 0;
  }

  /** Nobody drives the line: the pad's pull-down. */
  private byte(value: number): number {
    const [pin] = this.selected;
    const chip = pin === undefined ? undefined : this.wires.chips.get(pin);
    if (chip === undefined) return 0;
    if (this.count === 0) chip.preview(this.reply);
    const at = this.count;
    this.count += 1;
    if (at >= DATAGRAM_BYTES) return 0;
    this.sent[at] = value;
    return this.reply[at] ?? 0;
  }

  private end(chip: SpiChip): void {
    if (this.count === DATAGRAM_BYTES) chip.access(this.sent.slice());
    else if (this.count > 0) this.wires.onTrouble(`a datagram of ${this.count} bytes`);
    this.count = 0;
  }
}
