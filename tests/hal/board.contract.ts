// What every board promises (hal/io.ts), told as must and must not; run on the virtual board and on both ports over the models of their
// runtimes. A gun with the reference wiring hangs on it. Not responsible for what a driver does with it.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Board, DigitalIn, I2cBus, SpiDevice } from '../../hal/io.ts';
import { BUS_NACK, FLASH_PAGE_BYTES, FLASH_SECTOR_BYTES } from '../../hal/io.ts';
import { NAU7802_ADDRESS, NAU_CTRL1, NAU_CTRL2, NAU_REVISION, REVISION_NIBBLE } from '../../hal/drivers/nau7802-registers.ts';
import { SSD1306_ADDRESS, STRIP_COLUMNS } from '../../hal/drivers/ssd1306.ts';
import { REG_IOIN, REG_V1, WRITE } from '../../hal/drivers/tmc5240-registers.ts';
import type { Contact } from '../../sim/contact.ts';
import type { VirtualGun } from '../../sim/board.ts';

export interface BoardBench {
  /** Of the present power-on. */
  readonly board: Board;
  /** What hangs on it. */
  readonly gun: VirtualGun;
  /** Lets the runtime's loop tick so long, each 10 ms. */
  pass(forMs: number): void;
  /** The loop feeds the watchdog in every tick; so it begins. */
  feeds: boolean;
}

/** `startMs`: what the clock shows at power-on. */
export type MakeBench = (options: { startMs?: number }) => BoardBench;

const UNUSED_ADDRESS = 0x50;
const RESET_LATEST_MS = 4000;

/** Two datagrams: a reply carries what the one before asked for. Five bytes that own their buffer, as every driver's do. */
function readChip(spi: SpiDevice, register: number): number[] {
  spi.exchange(Uint8Array.of(register, 0, 0, 0, 0));
  return Array.from(spi.exchange(Uint8Array.of(register, 0, 0, 0, 0))).slice(1);
}
const writeChip = (spi: SpiDevice, register: number, value: number): void => {
  spi.exchange(Uint8Array.of(WRITE + register, 0, 0, value >> 8, value & 255));
};

function readCell(bus: I2cBus, register: number): number {
  return bus.readRegister(NAU7802_ADDRESS, register, 1)?.[0] ?? -1;
}

export function promisesOfBoard(name: string, make: MakeBench): void {
  describe(`${name} as a Board`, () => {
    let bench: BoardBench;
    let board: Board;
    beforeEach(() => {
      bench = make({});
      board = bench.board;
    });

    describe('its clock', () => {
      it('must count whole milliseconds, 990 to 1030 of them in a second of 10 ms ticks', () => {
        const from = board.nowMs();
        bench.pass(1000);
        const forMs = board.nowMs() - from;
        expect([Number.isInteger(from), forMs >= 990 && forMs <= 1030]).toEqual([true, true]);
      });

      it('must wrap to 0 behind 2^32 - 1 and never be negative', () => {
        const late = make({ startMs: 2 ** 32 - 700 });
        const before = late.board.nowMs();
        late.pass(1000);
        const after = late.board.nowMs();
        expect([before > 2 ** 31, after >= 0 && after < 1000]).toEqual([true, true]);
      });
    });

    describe('its SPI devices', () => {
      it('must answer the bytes of the chip, most significant first: version 0x40 in IOIN of both', () => {
        for (const spi of [board.needleSpi, board.plungerSpi]) expect(readChip(spi, REG_IOIN)[0]).toBe(0x40);
      });

      it('must select one chip only: what is written to the needle is not in the plunger, and the other way round', () => {
        writeChip(board.needleSpi, REG_V1, 0x1234);
        writeChip(board.plungerSpi, REG_V1, 0x0567);
        expect(readChip(board.needleSpi, REG_V1)).toEqual([0, 0, 0x12, 0x34]);
        expect(readChip(board.plungerSpi, REG_V1)).toEqual([0, 0, 0x05, 0x67]);
      });

      it('must answer as many bytes as it sent', () => {
        expect(board.needleSpi.exchange(new Uint8Array(5))).toHaveLength(5);
      });

      it('must take a question without its reply, which the next datagram brings: IOIN by send, then transfer', () => {
        for (const spi of [board.needleSpi, board.plungerSpi]) {
          const sent = Uint8Array.of(REG_IOIN, 0, 0, 0, 0);
          spi.tell(sent);
          expect([Array.from(sent), spi.exchange(new Uint8Array(5))[1]]).toEqual([[REG_IOIN, 0, 0, 0, 0], 0x40]);
        }
      });

      it('must leave what is sent as it was, and answer in an array that may be kept and sent', () => {
        const sent = Uint8Array.of(REG_IOIN, 1, 2, 3, 4);
        const first = board.needleSpi.exchange(sent);
        const kept = Array.from(first);
        const second = board.needleSpi.exchange(sent);
        expect([Array.from(sent), Array.from(first), second === first]).toEqual([[REG_IOIN, 1, 2, 3, 4], kept, false]);
        second[0] = REG_IOIN;
        expect(board.needleSpi.exchange(second)[1]).toBe(0x40);
      });
    });

    describe('its I2C buses', () => {
      it('must find a load cell converter on each, by its revision', () => {
        for (const bus of [board.ringI2c, board.plungerI2c]) expect(readCell(bus, NAU_REVISION) & 15).toBe(REVISION_NIBBLE);
      });

      it('must answer BUS_NACK, and not throw, where nobody acknowledges; and work on after it', () => {
        for (const bus of [board.ringI2c, board.plungerI2c]) {
          expect(bus.writeBytes(UNUSED_ADDRESS, new Uint8Array(2))).toBe(BUS_NACK);
          expect(bus.readRegister(UNUSED_ADDRESS, 0, 3)).toBeNull();
          expect(readCell(bus, NAU_REVISION) & 15).toBe(REVISION_NIBBLE);
        }
      });

      it('must write as many bytes as the buffer has: one register, or two in a row', () => {
        const bus = board.ringI2c;
        expect(bus.writeBytes(NAU7802_ADDRESS, Uint8Array.of(NAU_CTRL1, 0x27))).toBe(0);
        expect([readCell(bus, NAU_CTRL1), readCell(bus, NAU_CTRL2)]).toEqual([0x27, 0]);
        expect(bus.writeBytes(NAU7802_ADDRESS, Uint8Array.of(NAU_CTRL1, 0x07, 0x70))).toBe(0);
        expect([readCell(bus, NAU_CTRL1), readCell(bus, NAU_CTRL2)]).toEqual([0x07, 0x70]);
      });

      it('must be two: what is written to the converter of the ring is not in that of the plunger', () => {
        board.ringI2c.writeBytes(NAU7802_ADDRESS, Uint8Array.of(NAU_CTRL1, 0x27));
        expect(readCell(board.plungerI2c, NAU_CTRL1)).toBe(0);
      });

      it('must write a whole buffer of more than 8 bytes: a quarter line of the screen', () => {
        const strip = new Uint8Array(1 + STRIP_COLUMNS).fill(0xa5);
        strip[0] = 0x40;
        expect(board.ringI2c.writeBytes(SSD1306_ADDRESS, strip)).toBe(0);
      });
    });

    describe('its contacts', () => {
      const contacts = (): [string, DigitalIn, Contact][] => {
        const { world } = bench.gun;
        return [
          ['trigger', board.trigger, world.trigger],
          ['ring switch', board.ringSwitch, world.ringSwitch],
          ['service switch', board.serviceSwitch, world.service],
          ['OK', board.okButton, world.ok],
          ['up', board.upButton, world.up],
          ['down', board.downButton, world.down],
        ];
      };

      it.each([0, 1, 2, 3, 4, 5])('must read 1 when pressed and 0 when not, each its own: contact %i', (index) => {
        const all = contacts();
        for (const [, , contact] of all) contact.set(bench.gun.nowUs, 0);
        bench.pass(30);
        expect(all.map(([, input]) => input())).toEqual([0, 0, 0, 0, 0, 0]);
        all[index]?.[2].set(bench.gun.nowUs, 1);
        bench.pass(30);
        expect(all.filter(([, input]) => input() === 1).map(([title]) => title)).toEqual([all[index]?.[0]]);
      });
    });

    describe('its outputs', () => {
      it('must keep the drivers on by edges of the kick pin, and not by its level', () => {
        for (let i = 0; i < 30; i++) {
          board.kick(i % 2 === 0 ? 1 : 0);
          bench.pass(20);
          expect(bench.gun.world.enabled).toBe(true);
        }
        for (let i = 0; i < 15; i++) {
          board.kick(1);
          bench.pass(20);
        }
        expect(bench.gun.world.enabled).toBe(false);
      });

      it('must light the lamp in the colour given: 0xRRGGBB', () => {
        for (const rgb of [0xff0000, 0x00ff00, 0x0000ff, 0x123456, 0]) {
          board.lamp(rgb);
          expect(bench.gun.lamp).toBe(rgb);
        }
      });

      it('must take 0 to 1000 permille at the stamp and 0 to 4000 Hz at the buzzer', () => {
        for (const permille of [0, 1, 500, 1000, 0]) board.stampDrive(permille);
        for (const hz of [440, 4000, 0]) board.buzzer(hz);
      });
    });

    describe('its flash', () => {
      const page = (byte: number): Uint8Array => new Uint8Array(FLASH_PAGE_BYTES).fill(byte);
      const read = (at: number, bytes: number): number[] => {
        const into = new Uint8Array(bytes);
        board.flash.read(at, into);
        return Array.from(into);
      };
      let last = 0;
      beforeEach(() => {
        last = board.flash.sectorCount - 1;
        board.flash.erase(last);
      });

      it('must have at least 40 sectors of 4096 B, the last as good as the first', () => {
        expect(last).toBeGreaterThanOrEqual(39);
        for (const sector of [0, last]) {
          board.flash.erase(sector);
          expect(read(sector * FLASH_SECTOR_BYTES, FLASH_SECTOR_BYTES).every((byte) => byte === 0xff)).toBe(true);
        }
      });

      it('must clear bits and set none by programming; bytes of 0xFF leave what is there', () => {
        const at = last * FLASH_SECTOR_BYTES + 512;
        board.flash.program(at, page(0xf0));
        const second = page(0xff);
        second[3] = 0x3c;
        board.flash.program(at, second);
        expect(read(at, 5)).toEqual([0xf0, 0xf0, 0xf0, 0x30, 0xf0]);
      });

      it('must program one page and erase one sector, and leave those beside them', () => {
        board.flash.erase(last - 1);
        const at = last * FLASH_SECTOR_BYTES;
        for (const address of [at - FLASH_PAGE_BYTES, at + 256]) board.flash.program(address, page(0));
        expect([read(at, 256), read(at + 512, 256)].flat().every((byte) => byte === 0xff)).toBe(true);
        expect(read(at + 255, 2)).toEqual([0xff, 0]);
        board.flash.erase(last);
        expect(read(at - 2, 2)).toEqual([0, 0]);
        expect(read(at + 256, 2)).toEqual([0xff, 0xff]);
      });

      it('must keep its bytes over a restart of the processor', () => {
        board.flash.program(last * FLASH_SECTOR_BYTES, page(0x5a));
        bench.feeds = false;
        bench.pass(RESET_LATEST_MS);
        expect(bench.gun.resetCount).toBeGreaterThan(0);
        board = bench.board;
        expect(read(last * FLASH_SECTOR_BYTES + 254, 3)).toEqual([0x5a, 0x5a, 0xff]);
      });
    });

    describe('its host line', () => {
      it('must hand over once what has come, all 256 characters of it', () => {
        const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
        expect(board.serial.hear()).toBe('');
        bench.gun.hear(all);
        let heard = '';
        for (let i = 0; i < 20; i++) {
          bench.pass(10);
          heard += board.serial.hear();
        }
        expect(heard).toBe(all);
        expect(board.serial.hear()).toBe('');
      });

      it('must send printable text as it is, and answer 1', () => {
        bench.gun.takeSaid();
        expect([board.serial.say('1 {"re":"hello"} 0123abcd\n'), board.serial.say('~\n')]).toEqual([1, 1]);
        expect(bench.gun.takeSaid()).toBe('1 {"re":"hello"} 0123abcd\n~\n');
      });
    });

    it('makes base64 of bytes, without line ends: 1, 54 and 64 of them', () => {
      for (const count of [1, 54, 64]) {
        const bytes = Uint8Array.from({ length: count }, (_, at) => 255 - at);
        expect(board.base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }
    });

    describe('its watchdog', () => {
      it('must leave a loop alone that feeds it for 10 s, and start the processor again within 4 s when it is not fed', () => {
        bench.pass(10_000);
        expect(bench.gun.resetCount).toBe(0);
        bench.feeds = false;
        bench.pass(RESET_LATEST_MS);
        expect(bench.gun.resetCount).toBeGreaterThan(0);
      });
    });

    it('must have a number of 32 bits that is the same after a restart', () => {
      const id = board.deviceId;
      expect([id > 0, id === id >>> 0]).toEqual([true, true]);
      bench.feeds = false;
      bench.pass(RESET_LATEST_MS);
      expect([bench.board === board, bench.board.deviceId]).toEqual([false, id]);
    });
  });
}
