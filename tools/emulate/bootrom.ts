// The chip's boot ROM: checked, and its flash functions replaced by breakpoints, since the emulator has no flash chip behind the bus.
// Not responsible for what happens at a breakpoint (chip.ts). Runs at the desk.
// Source: RP2040 datasheet, 2.8.2 (ROM contents, function table) and 2.8.3.1.3 (flash access functions); Arm v6-M, BKPT.
import { EXIT_FILE, MesogunError } from '../errors.ts';

const ROM_BYTES = 16 * 1024;
/** 'M', 'u', 1; the byte after is the version: 1, 2, 3 = B0, B1, B2. */
const MAGIC_AT = 0x10;
const TABLE_POINTER_AT = 0x14;
const BREAKPOINT = 0xbe00;

/** Flash functions by the two letters they are looked up with; the place here is the number of the breakpoint. */
export const FLASH_CALLS = ['IF', 'EX', 'RE', 'RP', 'FC', 'CX'] as const;
export type FlashCall = (typeof FLASH_CALLS)[number];

export interface Bootrom {
  /** With breakpoints in it. */
  readonly words: Uint32Array;
  /** As printed on the silicon's revision. */
  readonly revision: string;
}

/** Reads a ROM dump of 16 KB. Throws MesogunError 3 for anything else; `path` is for its words. */
export function readBootrom(bytes: Uint8Array, path: string): Bootrom {
  const refuse = (why: string): MesogunError =>
    new MesogunError({
      exit: EXIT_FILE,
      what: `${path} is not the boot ROM of an RP2040`,
      why,
      next: 'it is 16 KB, b0.bin to b2.bin of raspberrypi/pico-bootrom-rp2040, or read from a chip at address 0',
    });
  if (bytes.length !== ROM_BYTES) throw refuse(`it has ${bytes.length} bytes, not ${ROM_BYTES}`);
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const version = copy[MAGIC_AT + 3] ?? 0;
  if (copy[MAGIC_AT] !== 0x4d || copy[MAGIC_AT + 1] !== 0x75 || copy[MAGIC_AT + 2] !== 1 || version < 1 || version > 3)
    throw refuse('the magic number at 0x10 is not there');
  const missing = new Set<string>(FLASH_CALLS);
  for (let at = view.getUint16(TABLE_POINTER_AT, true); at + 4 <= ROM_BYTES && view.getUint16(at, true) !== 0; at += 4) {
    const name = String.fromCharCode(copy[at] ?? 0, copy[at + 1] ?? 0);
    const call = FLASH_CALLS.indexOf(name as FlashCall);
    if (call < 0) continue;
    missing.delete(name);
    view.setUint16(view.getUint16(at + 2, true) & ~1, BREAKPOINT | call, true);
  }
  if (missing.size > 0) throw refuse(`its table lacks the functions ${[...missing].join(', ')}`);
  return { words: new Uint32Array(copy.buffer), revision: `B${version - 1}` };
}
