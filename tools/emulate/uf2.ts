// UF2, the file format that a Pico is flashed with: blocks of 512 bytes that say where their bytes go. Reads and judges, writes nothing.
// Not responsible for what runs there (chip.ts). Runs at the desk. Source: microsoft/uf2, README.md.
import { EXIT_FILE, MesogunError } from '../errors.ts';

const BLOCK_BYTES = 512;
const MAGIC_FIRST = 0x0a324655;
const MAGIC_SECOND = 0x9e5d5157;
const MAGIC_LAST = 0x0ab16f30;
const NOT_FOR_FLASH = 0x00000001;
const HAS_FAMILY = 0x00002000;
/** Longest payload of a block. */
const PAYLOAD_MAX = 476;
/** Source: microsoft/uf2, utils/uf2families.json. */
export const RP2040_FAMILY = 0xe48bff56;
const FAMILIES: Readonly<Record<number, string>> = {
  [RP2040_FAMILY]: 'RP2040',
  0xe48bff57: 'RP2350 (data)',
  0xe48bff59: 'RP2350 (Arm)',
  0xe48bff5a: 'RP2350 (RISC-V)',
};
/** Where the RP2040 sees its flash, and how much a Pico has. Source: RP2040 datasheet, address map; Pico datasheet. */
export const FLASH_BASE = 0x10000000;
export const FLASH_BYTES = 2 * 1024 * 1024;

export interface Uf2Block {
  /** From the start of the flash. */
  readonly offsetBytes: number;
  readonly data: Uint8Array;
}

const refuse = (path: string, why: string, next = 'give the RP2040 firmware file of Kaluma or Espruino'): MesogunError =>
  new MesogunError({ exit: EXIT_FILE, what: `${path} cannot run on the emulated Pico`, why, next });

/** The blocks that go into an RP2040's flash. Throws MesogunError 3 for anything else; `path` is for its words. */
export function readUf2(bytes: Uint8Array, path: string): Uf2Block[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.length / BLOCK_BYTES);
  if (count === 0 || bytes.length % BLOCK_BYTES !== 0 || view.getUint32(0, true) !== MAGIC_FIRST)
    throw refuse(path, 'it is not a UF2 file');
  const blocks: Uf2Block[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = index * BLOCK_BYTES;
    const word = (offset: number): number => view.getUint32(at + offset, true);
    if (word(0) !== MAGIC_FIRST || word(4) !== MAGIC_SECOND || word(508) !== MAGIC_LAST)
      throw refuse(path, `block ${index} of ${count} is damaged`, 'fetch the file again');
    const flags = word(8);
    if ((flags & NOT_FOR_FLASH) !== 0) continue;
    const family = word(28);
    if ((flags & HAS_FAMILY) === 0) throw refuse(path, 'it does not say which chip it is for');
    if (family !== RP2040_FAMILY)
      throw refuse(path, `it is for ${FAMILIES[family] ?? `another chip (0x${family.toString(16)})`}, not the RP2040`);
    const offsetBytes = word(12) - FLASH_BASE;
    const size = word(16);
    if (size > PAYLOAD_MAX || offsetBytes < 0 || offsetBytes + size > FLASH_BYTES)
      throw refuse(path, `block ${index} does not lie in the 2 MB of flash of a Pico`);
    blocks.push({ offsetBytes, data: bytes.subarray(at + 32, at + 32 + size) });
  }
  if (blocks.length === 0) throw refuse(path, 'nothing in it is for the flash');
  return blocks;
}
