// Pins and buses of the emulated chip, each worked by a program of a few register writes: what the chips behind them see, and when.
// Registers: RP2040 datasheet, 2.3.1.7 (SIO), 4.2.8 (UART), 4.3.17 (I2C), 4.4.4 (SPI), 4.5.3 (PWM), 3.7 (PIO).
import { describe, expect, it } from 'vitest';
import type { RP2040 } from 'rp2040js';
import { PICO } from '../../../hal/boards/pico.ts';
import { Tmc5240Chip } from '../../../sim/chips/tmc5240.ts';
import { I2cWire } from '../../../tools/emulate/i2c-wire.ts';
import { wirePins } from '../../../tools/emulate/pin-wires.ts';
import { SpiWire } from '../../../tools/emulate/spi-wire.ts';
import { UartWire } from '../../../tools/emulate/uart-wire.ts';
import { chipWith } from './machine.ts';
import type { Step } from './machine.ts';

const SIO_OUT_SET = 0xd0000014;
const SIO_OUT_CLEAR = 0xd0000018;
const SIO_ENABLE_SET = 0xd0000024;
const SIO_IN = 0x04;
const pinControl = (pin: number): number => 0x40014004 + 8 * pin;
const write = (address: number, value: number): Step => ({ write: address, value });
/** A pin of the processor's own, driven high. */
const output = (pin: number): Step[] => [write(pinControl(pin), 5), write(SIO_OUT_SET, 1 << pin), write(SIO_ENABLE_SET, 1 << pin)];
const low = (pin: number): Step => write(SIO_OUT_CLEAR, 1 << pin);
const high = (pin: number): Step => write(SIO_OUT_SET, 1 << pin);

const SPI = 0x4003c000;
/** 8 bits, clock 125 MHz / 62 = 2.016 MHz. */
const spiOn = [write(SPI, 7), write(SPI + 0x10, 62), write(SPI + 4, 2)];
const send = (bytes: readonly number[]): Step[] => bytes.map((byte) => write(SPI + 8, byte));

describe('SPI wire', () => {
  function run(steps: readonly Step[]): { mcu: RP2040; sent: number[][]; troubles: string[]; reply: number[] } {
    const sent: number[][] = [];
    const troubles: string[] = [];
    const needle = {
      preview: (reply: Uint8Array) => reply.set([1, 2, 3, 4, 5]),
      access: (datagram: Uint8Array) => void sent.push([...datagram]),
    };
    const plunger = { preview: (reply: Uint8Array) => void reply.fill(9), access: () => void sent.push([]) };
    const chips = new Map([
      [PICO.needleCs, needle],
      [PICO.plungerCs, plunger],
    ]);
    const { chip } = chipWith(
      [...output(PICO.needleCs), ...output(PICO.plungerCs), ...spiOn, ...steps],
      (mcu, clock) => new SpiWire(mcu, clock, { chips, onTrouble: (text) => void troubles.push(text) }),
    );
    chip.runUntil(1e6);
    return { mcu: chip.mcu, sent, troubles, reply: chip.mcu.spi[0]?.rxFIFO.items ?? [] };
  }

  it('gives the chip that is selected its 5 bytes at the rise of chip select, and the processor that chip’s reply', () => {
    const { sent, reply, troubles } = run([low(PICO.needleCs), ...send([0xa0, 0, 1, 2, 3]), { waitUs: 40 }, high(PICO.needleCs)]);
    expect(sent).toEqual([[0xa0, 0, 1, 2, 3]]);
    expect(reply).toEqual([1, 2, 3, 4, 5]);
    expect(troubles).toEqual([]);
  });

  it('takes 4 µs a byte at 2 MHz: chip select that rises after 10 µs cuts the datagram short, and that is told', () => {
    const { sent, troubles } = run([low(PICO.needleCs), ...send([0xa0, 0, 1, 2, 3]), { waitUs: 10 }, high(PICO.needleCs), { waitUs: 40 }]);
    expect(sent).toEqual([]);
    expect(troubles).toEqual([expect.stringMatching(/^a datagram of [34] bytes$/)]);
  });

  it('answers 0 when no chip is selected, and tells of two selected at once', () => {
    const none = run([...send([0x21, 0, 0, 0, 0]), { waitUs: 40 }]);
    expect([none.reply, none.sent]).toEqual([[0, 0, 0, 0, 0], []]);
    expect(run([low(PICO.needleCs), low(PICO.plungerCs)]).troubles).toEqual(['two chips are selected at once']);
  });
});

describe('Tmc5240Chip.preview', () => {
  it('says what the next transfer answers, sound, stuck at 1 and with bit 17 flipped, and changes nothing', () => {
    const chip = new Tmc5240Chip();
    const check = (): void => {
      const [seen, again, answered] = [new Uint8Array(5), new Uint8Array(5), Uint8Array.from([0x04, 0, 0, 0, 0])];
      chip.preview(seen);
      chip.preview(again);
      chip.transfer(100, answered);
      expect([seen, again]).toEqual([answered, answered]);
    };
    check();
    check();
    chip.flipNextBit(17);
    check();
    chip.setAnswer('stuck-1');
    check();
  });
});

describe('I2C wire', () => {
  const I2C = 0x40044000;
  const RESTART_READ_STOP = 0x700;
  const READ = 0x100;

  it('writes 0x02 0x34 to the chip at 0x2a in three bytes of 22.5 µs, reads two registers from 0x12, and nobody answers at 0x3c', () => {
    const wrote: number[][] = [];
    const { chip } = chipWith(
      [
        ...[write(I2C + 0x6c, 0), write(I2C + 0x04, 0x2a), write(I2C + 0x6c, 1)],
        ...[write(I2C + 0x10, 0x02), write(I2C + 0x10, 0x34 | 0x200), { waitUs: 100 }],
        ...[write(I2C + 0x10, 0x12), write(I2C + 0x10, READ | 0x400), write(I2C + 0x10, RESTART_READ_STOP & ~0x400), { waitUs: 200 }],
        ...[write(I2C + 0x6c, 0), write(I2C + 0x04, 0x3c), write(I2C + 0x6c, 1), write(I2C + 0x10, 0x200), { waitUs: 100 }],
      ],
      (mcu, clock) => {
        const bus = mcu.i2c[0];
        const cell = { write: (bytes: Uint8Array) => void wrote.push([...bytes]), read: (register: number) => register + 0x40 };
        if (bus) new I2cWire(bus, clock, { chipAt: (address) => (address === 0x2a ? cell : undefined), speedHz: 400_000 });
      },
    );
    chip.runUntil(60e3);
    expect(wrote).toEqual([]);
    chip.runUntil(280e3);
    expect(wrote).toEqual([[0x02, 0x34]]);
    const bus = chip.mcu.i2c[0];
    expect([bus?.readUint32(0x10), bus?.readUint32(0x10)].map((value) => (value ?? 0) & 0xff)).toEqual([0x52, 0x53]);
    chip.runUntil(1e6);
    expect((bus?.readUint32(0x34) ?? 0) & 0x40).toBe(0x40);
    expect(wrote).toHaveLength(1);
  });
});

describe('UART wire', () => {
  const UART = 0x40034000;
  /** 125 MHz / (16 · 8.48) = 921 kBd. */
  const on = [write(UART + 0x24, 8), write(UART + 0x28, 31), write(UART + 0x2c, 0x70), write(UART + 0x30, 0x301)];

  it('sends 40 bytes in 0.43 ms at 921 kBd: the queue of 32 is full meanwhile and empty after', () => {
    const wires: UartWire[] = [];
    const bytes = Array.from({ length: 40 }, (_each, index) => write(UART, 0x41 + (index % 26)));
    const { chip } = chipWith([...on, ...bytes], (mcu, clock) => void wires.push(new UartWire(mcu, clock)));
    chip.runUntil(20e3);
    const flags = (): number => (chip.mcu.uart[0]?.readUint32(0x18) ?? 0) & 0xa8;
    expect(flags()).toBe(0x28);
    chip.runUntil(400e3);
    expect(flags()).toBe(0x08);
    chip.runUntil(500e3);
    expect(flags()).toBe(0x80);
    expect(wires[0]?.takeSaid()).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMN');
    expect(wires[0]?.takeSaid()).toBe('');
  });

  it('brings the host’s "!" and "1" to the receiver 11 µs apart', () => {
    const wires: UartWire[] = [];
    const { chip } = chipWith(on, (mcu, clock) => void wires.push(new UartWire(mcu, clock)));
    chip.runUntil(100e3);
    wires[0]?.hear('!1');
    const uart = chip.mcu.uart[0];
    chip.runUntil(115e3);
    expect([uart?.readUint32(0), (uart?.readUint32(0x18) ?? 0) & 0x10]).toEqual([0x21, 0x10]);
    chip.runUntil(130e3);
    expect(uart?.readUint32(0)).toBe(0x31);
  });
});

describe('single pins', () => {
  function run(steps: readonly Step[], closed: ReadonlySet<number> = new Set()): { mcu: RP2040; seen: string[] } {
    const seen: string[] = [];
    const { chip } = chipWith(steps, (mcu, clock) =>
      wirePins(mcu, clock, {
        contacts: new Map([PICO.trigger, PICO.okButton].map((pin) => [pin, () => closed.has(pin)])),
        onKick: () => void seen.push('kick'),
        onStampPermille: (permille) => void seen.push(`stamp ${permille}`),
        onLamp: (rgb) => void seen.push(`lamp ${rgb.toString(16).padStart(6, '0')}`),
      }),
    );
    chip.runUntil(1e6);
    return { mcu: chip.mcu, seen };
  }

  it('reads a closed contact as 0, an open one and GP22 without jumper as 1', () => {
    const inputs = [PICO.trigger, PICO.okButton, PICO.scriptLoad].map((pin) => write(0x4001c004 + 4 * pin, 0x4a));
    const { mcu } = run(inputs, new Set([PICO.trigger]));
    const word = mcu.sio.readUint32(SIO_IN);
    expect([PICO.trigger, PICO.okButton, PICO.scriptLoad].map((pin) => (word >>> pin) & 1)).toEqual([0, 1, 1]);
  });

  it('kicks at both edges of its pin', () => {
    const { seen } = run([...output(PICO.kick), low(PICO.kick), high(PICO.kick)]);
    expect(seen.slice(-2)).toEqual(['kick', 'kick']);
  });

  it('drives the ring with 250 ‰ when channel B of slice 6 compares 1562 of 6250, and rests at 0', () => {
    const slice = 0x40050000 + 6 * 0x14;
    const { seen } = run([write(slice + 0x10, 6249), write(slice + 0x0c, 1562 << 16), write(slice, 1), write(slice + 0x0c, 0)]);
    expect(seen.filter((each) => each !== 'stamp 1000')).toEqual(['stamp 250', 'stamp 0']);
  });

  it('lets the counter of a slice that is on run at the clock over its divider, 125 MHz over 5 from 0 to 1249, and that of one that is off stand', () => {
    const slice = 6 * 0x14;
    const { mcu } = run([write(0x40050000 + slice + 0x04, 5 << 4), write(0x40050000 + slice + 0x10, 1249), write(0x40050000 + slice, 1)]);
    // 1 ms: 25 000 counts, a whole number of periods.
    const count = mcu.pwm.readUint32(slice + 0x08);
    expect([count < 10, mcu.pwm.readUint32(5 * 0x14 + 0x08)]).toEqual([true, 0]);
  });

  it('shows red 0x12, green 0x34, blue 0x56 for the word 0x34125600 at the lamp’s state machine', () => {
    expect(run([write(0x50200010, 0x34125600)]).seen).toEqual(['lamp 123456']);
  });
});
