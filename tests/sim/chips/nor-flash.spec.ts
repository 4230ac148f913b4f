import { describe, expect, it } from 'vitest';
import { FLASH_PAGE_BYTES, FLASH_SECTOR_BYTES } from '../../../hal/io.ts';
import { NorFlashChip, PowerCut, STEPS_PER_ERASE, STEPS_PER_PROGRAM, TEARS } from '../../../sim/chips/nor-flash.ts';

const pageOf = (value: number): Uint8Array => new Uint8Array(FLASH_PAGE_BYTES).fill(value);
const readPage = (chip: NorFlashChip, address = 0): Uint8Array => {
  const into = new Uint8Array(FLASH_PAGE_BYTES);
  chip.read(address, into);
  return into;
};
const cutOf = (work: () => void): PowerCut | null => {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof PowerCut) return error;
    throw error;
  }
};
const onesOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);

describe('NOR flash', () => {
  it('comes erased: every byte reads 0xFF', () => {
    expect(onesOf(new NorFlashChip({ sectorCount: 2 }).bytes)).toBe(2 * FLASH_SECTOR_BYTES * 8);
  });

  it('starts from an image when given one', () => {
    const first = new NorFlashChip({ sectorCount: 1 });
    first.program(256, pageOf(0x5a));
    expect(new NorFlashChip({ sectorCount: 1, image: first.bytes }).bytes).toEqual(first.bytes);
  });

  it('only clears bits when it programs: 0xF0 after 0x3C leaves 0x30', () => {
    const chip = new NorFlashChip({ sectorCount: 1 });
    chip.program(0, pageOf(0x3c));
    chip.program(0, pageOf(0xf0));
    expect(readPage(chip)).toEqual(pageOf(0x30));
  });

  it('leaves what stands under bytes of 0xFF', () => {
    const chip = new NorFlashChip({ sectorCount: 1 });
    chip.program(0, pageOf(0x11));
    chip.program(0, pageOf(0xff));
    expect(readPage(chip)).toEqual(pageOf(0x11));
  });

  it('sets bits again only by erasing the whole sector of 4096 B, and counts each erase', () => {
    const chip = new NorFlashChip({ sectorCount: 3 });
    for (let address = 0; address < 3 * FLASH_SECTOR_BYTES; address += FLASH_PAGE_BYTES) chip.program(address, pageOf(0));
    chip.erase(1);
    expect(onesOf(chip.bytes.subarray(0, FLASH_SECTOR_BYTES))).toBe(0);
    expect(onesOf(chip.bytes.subarray(FLASH_SECTOR_BYTES, 2 * FLASH_SECTOR_BYTES))).toBe(FLASH_SECTOR_BYTES * 8);
    expect(onesOf(chip.bytes.subarray(2 * FLASH_SECTOR_BYTES))).toBe(0);
    expect([...chip.eraseCounts]).toEqual([0, 1, 0]);
  });

  it.each([
    ['a program at address 128', (chip: NorFlashChip) => chip.program(128, pageOf(0))],
    ['a program of 255 bytes', (chip: NorFlashChip) => chip.program(0, new Uint8Array(255))],
    ['a program past the end', (chip: NorFlashChip) => chip.program(FLASH_SECTOR_BYTES, pageOf(0))],
    ['a read past the end', (chip: NorFlashChip) => chip.read(FLASH_SECTOR_BYTES - 1, new Uint8Array(2))],
    ['an erase of sector 1 of 1', (chip: NorFlashChip) => chip.erase(1)],
    ['a cut planned in the past', (chip: NorFlashChip) => (chip.erase(0), chip.cutAfter(1, 'none', 1))],
  ])('refuses loudly: %s', (_what, work) => {
    expect(() => work(new NorFlashChip({ sectorCount: 1 }))).toThrow(RangeError);
  });

  it('counts 64 steps a program and 2 an erase', () => {
    const chip = new NorFlashChip({ sectorCount: 1 });
    chip.program(0, pageOf(0));
    expect(chip.stepsDone).toBe(STEPS_PER_PROGRAM);
    chip.erase(0);
    expect(chip.stepsDone).toBe(STEPS_PER_PROGRAM + STEPS_PER_ERASE);
  });

  it.each([
    ['none', 40],
    ['half', 42],
    ['full', 44],
  ] as const)('cut at step 10 with tear «%s» leaves %i programmed bytes', (tear, programmed) => {
    const chip = new NorFlashChip({ sectorCount: 1 });
    chip.cutAfter(10, tear, 1);
    expect(cutOf(() => chip.program(0, pageOf(0)))?.step).toBe(10);
    expect(readPage(chip).findIndex((byte) => byte !== 0)).toBe(programmed);
    expect(onesOf(readPage(chip))).toBe((FLASH_PAGE_BYTES - programmed) * 8);
  });

  it('cut with random bits, seeds 1 to 50: touches the four bytes of its step only, and some bits read differently twice', () => {
    let flickering = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const chip = new NorFlashChip({ sectorCount: 1 });
      chip.cutAfter(10, 'random', seed);
      cutOf(() => chip.program(0, pageOf(0)));
      const first = readPage(chip);
      const second = readPage(chip);
      expect(onesOf(first.subarray(0, 40))).toBe(0);
      expect(onesOf(first.subarray(44))).toBe((FLASH_PAGE_BYTES - 44) * 8);
      if (first.join() !== second.join()) flickering++;
    }
    expect(flickering).toBeGreaterThan(35);
  });

  it('ends the flicker of weak bits by programming them again or by an erase, seed 3', () => {
    const chip = new NorFlashChip({ sectorCount: 1 });
    chip.cutAfter(0, 'random', 3);
    cutOf(() => chip.program(0, pageOf(0)));
    chip.program(0, pageOf(0));
    for (let n = 0; n < 20; n++) expect(onesOf(readPage(chip))).toBe(0);
    const other = new NorFlashChip({ sectorCount: 1 });
    other.cutAfter(0, 'random', 3);
    cutOf(() => other.program(0, pageOf(0)));
    other.erase(0);
    for (let n = 0; n < 20; n++) expect(onesOf(readPage(other))).toBe(FLASH_PAGE_BYTES * 8);
  });

  it('cut in an erase: «none» at its begin leaves all, «full» at its end leaves a blank sector, other sectors never change', () => {
    for (const tear of TEARS) {
      for (const step of [0, 1]) {
        const chip = new NorFlashChip({ sectorCount: 2 });
        chip.program(0, pageOf(0x5a));
        chip.program(FLASH_SECTOR_BYTES, pageOf(0x5a));
        chip.cutAfter(chip.stepsDone + step, tear, 9);
        expect(cutOf(() => chip.erase(0))).not.toBeNull();
        expect(readPage(chip, FLASH_SECTOR_BYTES)).toEqual(pageOf(0x5a));
        if (tear === 'none' && step === 0) expect(readPage(chip)).toEqual(pageOf(0x5a));
        if (tear === 'full' && step === 1) expect(readPage(chip)).toEqual(pageOf(0xff));
      }
    }
  });

  it('cuts once: the next operation after a power cut is whole', () => {
    const chip = new NorFlashChip({ sectorCount: 1 });
    chip.cutAfter(5, 'none', 1);
    expect(cutOf(() => chip.program(0, pageOf(0)))).not.toBeNull();
    chip.program(0, pageOf(0));
    expect(onesOf(readPage(chip))).toBe(0);
  });

  it('says nothing when a page refuses a program or a sector an erase, and works again when healed', () => {
    const chip = new NorFlashChip({ sectorCount: 1 });
    chip.refuse('program', 1);
    chip.program(256, pageOf(0));
    expect(readPage(chip, 256)).toEqual(pageOf(0xff));
    chip.program(0, pageOf(0));
    chip.refuse('erase', 0);
    chip.erase(0);
    expect(readPage(chip)).toEqual(pageOf(0));
    expect(chip.eraseCounts[0]).toBe(0);
    chip.heal();
    chip.erase(0);
    expect(readPage(chip)).toEqual(pageOf(0xff));
  });
});
