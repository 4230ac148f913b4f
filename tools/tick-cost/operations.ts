// What an interpreter is charged for, and what each operation costs on the runtimes and boards that an image may run on.
// Not responsible for counting (regions.ts) nor for bus, flash and pin calls (sim/costs.ts). Desk only; data.

/** Kinds of interpreter work, in the order of every vector here. */
export const OPERATIONS = [
  'operator',
  'assign',
  'outer name',
  'name passed over',
  'read property',
  'write property',
  'read element',
  'write element',
  'call',
  'call method',
  'argument',
  'create',
  'branch',
  'loop',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** µs of one operation of each kind, of a byte of JSON parsed and of a byte of JSON printed. */
export interface CostTable {
  readonly name: string;
  readonly tickMs: number;
  readonly us: Readonly<Record<Operation, number>>;
  readonly parseByteUs: number;
  readonly printByteUs: number;
}

/**
 * Kaluma 1.2.1 on an RP2040 at 125 MHz.
 * Measured: cycles of each statement, net of its loop, with Kaluma's own firmware on an instruction-level emulator of the RP2040 that
 * models the 16 KB flash cache with 56 cycles a miss: x=1 239, x=a+b 358, f() 3360, g(1,2) 3976, o.p 1489, o.p=1 1661, o.m() 3391,
 * u8[2] 1483, if(a<b)x=1 651, loop 725, {a:1,b:2} 4315, JSON.parse of 216 B 126 065, JSON.stringify of the same 238 473.
 * An operation is the difference of two of them; the write of an element is the read by the ratio 1091:704 of instruction counts.
 * Names of an outer function: 2.96 µs for the one declared last, 137 µs for the first of 400, likewise measured, without that cache.
 */
export const KALUMA_RP2040: CostTable = {
  name: 'Kaluma on RP2040, 125 MHz',
  tickMs: 20,
  us: {
    operator: 1,
    assign: 2,
    'outer name': 3,
    'name passed over': 0.335,
    'read property': 12,
    'write property': 13,
    'read element': 12,
    'write element': 18,
    call: 27,
    'call method': 27,
    argument: 2.5,
    create: 35,
    branch: 3,
    loop: 6,
  },
  parseByteUs: 4.7,
  printByteUs: 8.8,
};

/**
 * Kaluma 1.3 on an RP2350 at 150 MHz.
 * Chosen: Kaluma's cost on the RP2040 times 0.61, which is the ratio of instructions per µs (57 to 94); never run on that chip.
 */
export const KALUMA_RP2350: CostTable = {
  name: 'Kaluma on RP2350, 150 MHz',
  tickMs: 20,
  us: Object.fromEntries(OPERATIONS.map((each) => [each, KALUMA_RP2040.us[each] * 0.61])) as Record<Operation, number>,
  parseByteUs: KALUMA_RP2040.parseByteUs * 0.61,
  printByteUs: KALUMA_RP2040.printByteUs * 0.61,
};

/**
 * Espruino 2v29 on an RP2040 at 125 MHz.
 * Measured: as above, Espruino's own firmware: x=1 6323, x=a+b 10 177, f() 17 519, g(1,2) 60 147, o.p 8427, o.p=1 9656, o.m() 18 611,
 * u8[2] 25 522, if(a<b)x=1 15 638, loop 17 275, {a:1,b:2} 40 128, JSON.parse of 216 B 225 491, JSON.stringify 348 876. Element writes
 * as reads (3894:3798). The interpreter reads source text: the statement around an operation is in these figures.
 * 200 names more make a name 3.8 k cycles dearer.
 */
export const ESPRUINO_RP2040: CostTable = {
  name: 'Espruino on RP2040, 125 MHz',
  tickMs: 50,
  us: {
    operator: 31,
    assign: 51,
    'outer name': 0,
    'name passed over': 0.15,
    'read property': 67,
    'write property': 77,
    'read element': 204,
    'write element': 209,
    call: 140,
    'call method': 149,
    argument: 155,
    create: 321,
    branch: 74,
    loop: 87,
  },
  parseByteUs: 8.4,
  printByteUs: 12.9,
};

export const COST_TABLES: Readonly<Record<'kaluma' | 'espruino', readonly CostTable[]>> = {
  kaluma: [KALUMA_RP2040, KALUMA_RP2350],
  espruino: [ESPRUINO_RP2040],
};
