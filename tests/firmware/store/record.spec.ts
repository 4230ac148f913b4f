import { describe, expect, it } from 'vitest';
import { DEVICE_BUS, DEVICE_LIMIT, OK } from '../../../hal/devices.ts';
import { FLASH_SECTOR_BYTES } from '../../../hal/io.ts';
import { Crc32 } from '../../../firmware/store/crc32.ts';
import * as record from '../../../firmware/store/record.ts';
import { NorFlashChip } from '../../../sim/chips/nor-flash.ts';

const DEVICE_ID = 0x1122334455667;
const TYPE = record.RECORD_CALIBRATION;
const SIDE_A = TYPE * 2 * FLASH_SECTOR_BYTES;
const SIDE_B = SIDE_A + FLASH_SECTOR_BYTES;

const newChip = (image?: Uint8Array): NorFlashChip =>
  image ? new NorFlashChip({ sectorCount: record.RECORD_SECTORS, image }) : new NorFlashChip({ sectorCount: record.RECORD_SECTORS });
const recordsOn = (chip: NorFlashChip, deviceId = DEVICE_ID): record.Records => new record.Records(chip, 0, deviceId);
const wordsOf = (seed: number, count: number): Int32Array => new Int32Array(count).map((_word, at) => Math.imul(seed + at, 0x9e3779b1));
const load = (records: record.Records, type = TYPE): readonly number[] | number => {
  const into = new Int32Array(record.RECORD_WORDS_MAX);
  const count = records.load(type, into);
  return count < 0 ? count : [...into.subarray(0, count)];
};
const flip = (chip: NorFlashChip, at: number, bit: number): void => {
  chip.bytes.fill((chip.bytes[at] ?? 0) ^ (1 << bit), at, at + 1);
};
/** Changes a head word of a one-page copy and makes its check right again. */
const forge = (chip: NorFlashChip, side: number, word: number, value: number): void => {
  new DataView(chip.bytes.buffer).setInt32(side + word * 4, value, true);
  const crc = new Crc32();
  const halves = new Uint16Array(chip.bytes.buffer, side, 128);
  crc.halves(halves, 0, 126);
  crc.store(halves, 126);
};

describe('Records', () => {
  it('R33: answers RECORD_NONE, never a default, when nothing was saved (G5)', () => {
    expect(load(recordsOn(newChip()))).toBe(record.RECORD_NONE);
  });

  it.each([0, 1, 57, 58, 99, 121, 122, record.RECORD_WORDS_MAX])('gives %i words back after a reboot, three saves over', (count) => {
    const chip = newChip();
    for (let n = 1; n <= 3; n++) {
      expect(recordsOn(chip).save(TYPE, wordsOf(n, count), count)).toBe(OK);
      expect(load(recordsOn(chip))).toEqual([...wordsOf(n, count)]);
    }
  });

  it('refuses 129 words, and more than the buffer holds', () => {
    const records = recordsOn(newChip());
    expect(records.save(TYPE, new Int32Array(129), 129)).toBe(DEVICE_LIMIT);
    expect(records.save(TYPE, new Int32Array(3), 4)).toBe(DEVICE_LIMIT);
  });

  it('writes A and B in turn and keeps every type in sectors of its own', () => {
    const chip = newChip();
    for (let type = 0; type < record.RECORD_TYPES; type++) {
      for (let n = 0; n <= type; n++) recordsOn(chip).save(type, wordsOf(type, 5), 5);
    }
    const erasesOf = (type: number): number[] => [Math.ceil((type + 1) / 2), Math.floor((type + 1) / 2)];
    expect([...chip.eraseCounts]).toEqual(Array.from({ length: record.RECORD_TYPES }, (_, type) => erasesOf(type)).flat());
    for (let type = 0; type < record.RECORD_TYPES; type++) expect(load(recordsOn(chip), type)).toEqual([...wordsOf(type, 5)]);
  });

  it.each([0xfffffffd, 0xfffffffe, 0xffffffff, 0x7fffffff])('R33: finds the newest right across the wrap of its number at %i', (seq) => {
    const chip = newChip();
    recordsOn(chip).save(TYPE, wordsOf(1, 5), 5);
    forge(chip, SIDE_A, 2, seq | 0);
    for (let n = 2; n < 6; n++) {
      expect(recordsOn(chip).save(TYPE, wordsOf(n, 5), 5)).toBe(OK);
      expect(load(recordsOn(chip))).toEqual([...wordsOf(n, 5)]);
    }
  });

  it('R33: refuses a record of another gun, low and high half of its number', () => {
    const chip = newChip();
    recordsOn(chip).save(TYPE, wordsOf(1, 5), 5);
    expect(load(recordsOn(chip, DEVICE_ID + 1))).toBe(record.RECORD_FOREIGN);
    expect(load(recordsOn(chip, DEVICE_ID + 2 ** 40))).toBe(record.RECORD_FOREIGN);
    expect(load(recordsOn(chip))).toEqual([...wordsOf(1, 5)]);
  });

  it('R33: refuses a record of a later layout', () => {
    const chip = newChip();
    recordsOn(chip).save(TYPE, wordsOf(1, 5), 5);
    forge(chip, SIDE_A, 1, TYPE | ((record.RECORD_VERSION + 1) << 16));
    expect(load(recordsOn(chip))).toBe(record.RECORD_NEWER);
  });

  it('refuses a record of another type that was copied into this place', () => {
    const chip = newChip();
    recordsOn(chip).save(record.RECORD_LIMITS, wordsOf(1, 5), 5);
    const from = record.RECORD_LIMITS * 2 * FLASH_SECTOR_BYTES;
    chip.bytes.copyWithin(SIDE_A, from, from + FLASH_SECTOR_BYTES);
    expect(load(recordsOn(chip))).toBe(record.RECORD_NONE);
  });

  it('R33: uses the other copy and says so when any one bit of the 2048 of a page rots (G4)', () => {
    const chip = newChip();
    recordsOn(chip).save(TYPE, wordsOf(1, 20), 20);
    recordsOn(chip).save(TYPE, wordsOf(2, 20), 20);
    for (let bit = 0; bit < 2048; bit++) {
      const copy = newChip(chip.bytes);
      flip(copy, SIDE_B + (bit >> 3), bit & 7);
      const records = recordsOn(copy);
      expect(load(records)).toEqual([...wordsOf(1, 20)]);
      expect(records.damaged).toBe(1);
      const older = newChip(chip.bytes);
      flip(older, SIDE_A + (bit >> 3), bit & 7);
      expect(load(recordsOn(older))).toEqual([...wordsOf(2, 20)]);
    }
  });

  it('R33: answers RECORD_NONE when both copies are bad (G5), and takes a new one', () => {
    const chip = newChip();
    recordsOn(chip).save(TYPE, wordsOf(1, 20), 20);
    recordsOn(chip).save(TYPE, wordsOf(2, 20), 20);
    flip(chip, SIDE_A + 40, 1);
    flip(chip, SIDE_B + 40, 1);
    expect(load(recordsOn(chip))).toBe(record.RECORD_NONE);
    expect(recordsOn(chip).save(TYPE, wordsOf(3, 20), 20)).toBe(OK);
    expect(load(recordsOn(chip))).toEqual([...wordsOf(3, 20)]);
  });

  it.each(['program', 'erase'] as const)('keeps the old record and answers DEVICE_BUS when the chip refuses to %s', (what) => {
    const chip = newChip();
    recordsOn(chip).save(TYPE, wordsOf(1, 20), 20);
    recordsOn(chip).save(TYPE, wordsOf(2, 20), 20);
    chip.refuse(what, what === 'erase' ? TYPE * 2 : SIDE_A / 256);
    expect(recordsOn(chip).save(TYPE, wordsOf(3, 20), 20)).toBe(DEVICE_BUS);
    expect(load(recordsOn(chip))).toEqual([...wordsOf(2, 20)]);
  });
});
