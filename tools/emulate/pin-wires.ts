// The gun's single pins on the emulated chip: contacts that close to ground, the kick of the enable chain, the ring's PWM, the lamp.
// Not responsible for buses (spi-wire.ts, i2c-wire.ts, uart-wire.ts). Runs at the desk.
import type { RP2040 } from 'rp2040js';
import { PICO } from '../../hal/boards/pico.ts';
import type { ChipClock } from './chip-clock.ts';

const GPIO_IN = 0x04;
/** Registers of a PWM slice. Source: RP2040 datasheet, 4.5.3. */
const CSR = 0x00;
const CSR_ENABLED = 1;
const SLICE_BYTES = 0x14;
const SLICES_END = 0xa0;
const DIV = 0x04;
const COUNTER = 0x08;
const CC = 0x0c;
const TOP = 0x10;
/** Source: RP2040 datasheet, 3.7, PIO registers. */
const PIO_CTRL = 0x00;
const PIO_TXF0 = 0x10;
const MACHINES_ENABLED = 0xf;

export interface PinWires {
  /** True when the contact on that pin is closed. Asked at each read of the pins. */
  readonly contacts: ReadonlyMap<number, () => boolean>;
  readonly onKick: () => void;
  /** Of the period. */
  readonly onStampPermille: (permille: number) => void;
  readonly onLamp: (rgb: number) => void;
}

/** Pull-ups are outside: a pin without a closed contact reads 1, GP22 (start the program) too. */
function wireContacts(mcu: RP2040, contacts: PinWires['contacts']): void {
  mcu.gpio[PICO.scriptLoad]?.setInputValue(true);
  const read = mcu.sio.readUint32.bind(mcu.sio);
  mcu.sio.readUint32 = (offset) => {
    if (offset === GPIO_IN) for (const [pin, isClosed] of contacts) mcu.gpio[pin]?.setInputValue(!isClosed());
    return read(offset);
  };
}

/**
 * Duties are read from the registers. No slice runs, since nothing here needs its edges and each would cost the emulator an event; a
 * firmware that waits for a counter (Kaluma 1.2.1 does, for 0, before it sets a duty: src/pwm.c of its target) sees it count all the same.
 */
function wireStamp(mcu: RP2040, clock: ChipClock, onPermille: (permille: number) => void): void {
  const { pwm } = mcu;
  const enabled = new Set<number>();
  const word = pwm.readUint32.bind(pwm);
  pwm.readUint32 = (offset) => {
    const base = offset - COUNTER;
    if (!enabled.has(base)) return word(offset);
    const cycles = (clock.nanos * mcu.clkSys) / 1e9;
    // Eight bits and four of a fraction.
    return Math.floor((cycles * 16) / (word(base + DIV) || 0x1000)) % ((word(base + TOP) & 0xffff) + 1);
  };
  const slice = (PICO.stampDrive >> 1) & 7;
  const shift = (PICO.stampDrive & 1) * 16;
  const write = pwm.writeUint32.bind(pwm);
  let last = 0;
  pwm.writeUint32 = (offset, value) => {
    const isControl = offset < SLICES_END && offset % SLICE_BYTES === CSR;
    if (isControl && (value & CSR_ENABLED) !== 0) enabled.add(offset);
    else if (isControl) enabled.delete(offset);
    write(offset, isControl ? value & ~CSR_ENABLED : value);
    if (offset >= SLICES_END || Math.floor(offset / SLICE_BYTES) !== slice) return;
    const level = (pwm.readUint32(slice * SLICE_BYTES + CC) >>> shift) & 0xffff;
    const top = pwm.readUint32(slice * SLICE_BYTES + TOP) & 0xffff;
    const permille = Math.min(1000, Math.round((level * 1000) / (top + 1)));
    if (permille !== last) onPermille(permille);
    last = permille;
  };
}

/** The lamp's word is taken where it enters the state machine, which does not run: green, red, blue from the top. */
function wireLamp(mcu: RP2040, onLamp: (rgb: number) => void): void {
  const pio = mcu.pio[0];
  if (pio === undefined) return;
  const write = pio.writeUint32.bind(pio);
  pio.writeUint32 = (offset, value) => {
    if (offset === PIO_TXF0) onLamp(((value >>> 16) & 0xff) * 0x10000 + (value >>> 24) * 0x100 + ((value >>> 8) & 0xff));
    else write(offset, offset === PIO_CTRL ? value & ~MACHINES_ENABLED : value);
  };
}

export function wirePins(mcu: RP2040, clock: ChipClock, wires: PinWires): void {
  wireContacts(mcu, wires.contacts);
  mcu.gpio[PICO.kick]?.addListener(() => wires.onKick());
  wireStamp(mcu, clock, wires.onStampPermille);
  wireLamp(mcu, wires.onLamp);
}
