// What an interpreter is charged for, and what each operation costs on the runtimes and boards that an image may run on.
// Not responsible for counting (regions.ts) nor for bus, flash and pin calls (sim/costs.ts). Desk only; data.

/** Kinds of interpreter work, in the order of every vector here. */
export const OPERATIONS = [
  'operator',
  'division',
  'assign',
  'outer name',
  'name passed over',
  'read property',
  'write property',
  'read element',
  'write element',
  'read typed element',
  'write typed element',
  'call',
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
 * Measured: each statement a hundred times in a function, net of the loop, with Kaluma's own firmware on an emulated RP2040, flash without
 * wait states, in µs: x=i 1.9, x=i+3 2.9, x=i/7|0 16.9, if(i<b)x=1 5.2, a[5] of an array in a local variable 5.7, of one in the outer
 * function's last variable 7.3, a[5]=i 8.0, u8[3] 8.5, i32[3] 9.6, u8[3]=i 12.3, o.a 7.5 to 8.9 (20 fields: to 13.9), o.d=i 8.0, f() 10.6,
 * f(i,i,i) 2.7 more than f(), o.m() 16.3, a case of a switch 2.9, new Uint8Array(5) 48. An operation is the difference of two of them.
 * A variable of an outer function: 0.335 µs a name passed over (the first of 400 takes 137 µs). JSON: 216 B parsed in 644 µs, printed in 1362.
 */
export const KALUMA_RP2040: CostTable = {
  name: 'Kaluma on RP2040, 125 MHz',
  tickMs: 20,
  us: {
    operator: 1,
    division: 14,
    assign: 1.9,
    'outer name': 1.6,
    'name passed over': 0.335,
    'read property': 6.5,
    'write property': 8,
    'read element': 3.9,
    'write element': 8,
    'read typed element': 7.2,
    'write typed element': 12.3,
    call: 10.6,
    argument: 0.9,
    create: 40,
    branch: 2.4,
    loop: 3.4,
  },
  parseByteUs: 3,
  printByteUs: 6.3,
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
    division: 31,
    assign: 51,
    'outer name': 0,
    'name passed over': 0.15,
    'read property': 67,
    'write property': 77,
    'read element': 204,
    'write element': 209,
    'read typed element': 204,
    'write typed element': 209,
    call: 140,
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
