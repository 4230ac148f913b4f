// Which instruction a halfword of Thumb code is, for all 65536 of them: the tables that thumb-core.ts and thumb-moves.ts switch on.
// Not responsible for what they do. Runs at the desk. Source: Armv6-M Architecture Reference Manual, A5.2.

/** Rare ones, 32-bit ones but BL, and what traps or waits: left to the emulator's own core. */
const OTHER = 0;
/** From here on thumb-moves.ts; the exceptions lie between, and POP may jump. */
const MOVES_FROM = 30;
const POP = 52;
const MOVES_TO = 54;
const ADD_HIGH = 25;
const MOV_HIGH = 27;
/** What the core's own table says for all of thumb-moves.ts. */
const MOVE = 58;
const BY_BITS = 255;

/** By the top five bits: shifts, 8-bit constants, loads and stores, address sums, several registers, branches. */
const BY_TOP5 = [
  [1, 2, 3, BY_BITS, 8, 9, 10, 11],
  [BY_BITS, 30, BY_BITS, BY_BITS, 39, 40, 41, 42],
  [43, 44, 45, 46, 47, 48, BY_BITS, BY_BITS],
  [53, 54, BY_BITS, BY_BITS, 56, OTHER, 57, OTHER],
].flat();
/** AND, EOR, LSL, LSR, (ASR), ADC, SBC, (ROR), TST, RSB, CMP, (CMN), ORR, MUL, BIC, MVN. */
const DATA = [12, 13, 14, 15, OTHER, 16, 17, OTHER, 18, 19, 20, OTHER, 21, 22, 23, 24];
/** STR, STRH, STRB, LDRSB, LDR, LDRH, LDRB, LDRSH by two registers. */
const BY_REGISTERS = [31, 32, 33, 34, 35, 36, 37, 38];

function high(code: number): number {
  // Into the program counter: a jump.
  const isPc = (code & 0x87) === 0x87;
  const op = (code >>> 8) & 3;
  if (op === 0) return isPc ? OTHER : ADD_HIGH;
  if (op === 1) return 26;
  if (op === 2) return isPc ? OTHER : MOV_HIGH;
  if ((code & 7) !== 0) return OTHER;
  return (code & 0x80) === 0 ? 28 : 29;
}

/** ADD and SUB of SP, extensions, PUSH, POP. */
function misc(code: number): number {
  const op = (code >>> 8) & 0xf;
  if (op === 0) return 49;
  if (op === 2) return 50;
  if (op === 4 || op === 5) return 51;
  return op === 12 || op === 13 ? POP : OTHER;
}

function kindOf(code: number): number {
  const top = code >>> 11;
  const told = BY_TOP5[top] ?? OTHER;
  if (told !== BY_BITS) return told;
  // ADDS, SUBS by register, then by 3 bits.
  if (top === 3) return 4 + ((code >>> 9) & 3);
  if (top === 8) return (code & 0x400) === 0 ? (DATA[(code >>> 6) & 15] ?? OTHER) : high(code);
  if (top < 12) return BY_REGISTERS[(code >>> 9) & 7] ?? OTHER;
  if (top < 24) return misc(code);
  // Conditions 14 and 15 are UDF and SVC.
  return (code & 0x0f00) < 0x0e00 ? 55 : OTHER;
}

const isMove = (kind: number): boolean =>
  kind === ADD_HIGH || kind === MOV_HIGH || (kind >= MOVES_FROM && kind <= MOVES_TO && kind !== POP);

/** Kind by halfword, for thumb-moves.ts. */
export const MOVE_KINDS: Uint8Array = Uint8Array.from({ length: 65536 }, (_, code) => kindOf(code));
/** Kind by halfword, for thumb-core.ts. */
export const KINDS: Uint8Array = MOVE_KINDS.map((kind) => (isMove(kind) ? MOVE : kind));
