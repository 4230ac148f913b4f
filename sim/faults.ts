// Faults a person can ask of the virtual gun, by name: `part.kind[=value][@key=value[,key=value]]`.
// The table is all there is: an unknown fault is an error that lists the known ones (R56). Applied by fault-injector.ts.

/** Phases of one prick as the plant sees them, in order. */
export const PHASES = ['approach', 'in', 'dose', 'dwell', 'withdraw', 'home'] as const;
export type Phase = (typeof PHASES)[number];

/** When a fault strikes. Without any of these: from power-on. */
export interface FaultWhen {
  /** Number of the prick, 1 for the first. */
  readonly prick?: number;
  /** Phase of that prick; without `prick`, of the first prick. */
  readonly phase?: Phase;
  /** Virtual milliseconds since power-on of the world. */
  readonly atMs?: number;
  /** Flash step (64 per page program, 2 per sector erase) after which the power goes; power.cut only. */
  readonly flashOp?: number;
  /** When the balance on the bench is asked for its n-th stable weight; balance.… and gauge.… only. */
  readonly weighing?: number;
}

export interface Fault {
  /** `part.kind`, a key of FAULT_KINDS. */
  readonly name: string;
  readonly value: number;
  readonly when: FaultWhen;
  /** As it was written. */
  readonly text: string;
}

export interface FaultKind {
  readonly says: string;
  /** What `=value` means; absent when the kind takes none. */
  readonly value?: { readonly means: string; readonly usual: number; readonly least: number; readonly most: number };
  /** Where in a prick it strikes when only the prick is named. */
  readonly phase: Phase;
}

const stuck = (what: string): FaultKind => ({ says: what, phase: 'approach' });

const bench = (says: string, value?: FaultKind['value']): FaultKind => ({ says, phase: 'approach', ...(value ? { value } : {}) });

/** Every fault there is. */
export const FAULT_KINDS: Readonly<Record<string, FaultKind>> = {
  'contact.lost': {
    says: 'the hand lifts the ring off the skin',
    value: { means: 'ms until the hand presses again', usual: 3000, least: 1, most: 600_000 },
    phase: 'dose',
  },
  'contact.flap': {
    says: 'the ring switch opens for a moment',
    value: { means: 'ms open', usual: 10, least: 1, most: 10_000 },
    phase: 'dose',
  },
  'needle.steps-lost': {
    says: 'the needle motor loses microsteps',
    value: { means: 'microsteps lost towards home', usual: 160, least: -4000, most: 4000 },
    phase: 'approach',
  },
  'needle.jam': stuck('the needle carriage does not move any more'),
  'needle.brown-out': { says: 'the needle chip sees a supply dip and resets', phase: 'in' },
  'needle.overheat': { says: 'the needle chip reports over-temperature and shuts its bridges', phase: 'in' },
  'plunger.brown-out': { says: 'the plunger chip sees a supply dip and resets', phase: 'dose' },
  'plunger.overheat': { says: 'the plunger chip reports over-temperature and shuts its bridges', phase: 'dose' },
  'plunger.steps-lost': {
    says: 'the plunger motor loses microsteps',
    value: { means: 'microsteps lost backwards', usual: 5120, least: -51_200, most: 51_200 },
    phase: 'dose',
  },
  'plunger.jam': { says: 'the pusher does not move any more', phase: 'dose' },
  'plunger.occluded': { says: 'nothing passes the needle any more', phase: 'in' },
  'trigger.stuck': { says: 'the trigger contact stays closed', phase: 'approach' },
  'trigger.bounce': {
    says: 'the trigger contact bounces long',
    value: { means: 'ms of bouncing', usual: 20, least: 1, most: 1000 },
    phase: 'approach',
  },
  'ring-switch.stuck-open': stuck('the ring switch stays open'),
  'ring-switch.stuck-closed': stuck('the ring switch stays closed'),
  'home-switch.stuck-open': stuck('the home switch of the needle stays open'),
  'home-switch.stuck-closed': stuck('the home switch of the needle stays closed'),
  'ring-cell.stuck': stuck('the ring load cell answers the same reading for ever'),
  'ring-cell.missing': stuck('the ring load cell does not answer'),
  'pusher-cell.stuck': stuck('the plunger load cell answers the same reading for ever'),
  'pusher-cell.missing': stuck('the plunger load cell does not answer'),
  'wheel.stuck': stuck('the travel wheel does not turn any more'),
  'spi.stuck-0': { says: 'the needle chip answers zeros', phase: 'in' },
  'spi.stuck-1': { says: 'the needle chip answers ones', phase: 'in' },
  'spi.missing': { says: 'the needle chip does not answer', phase: 'in' },
  'spi.flip': {
    says: 'one bit of the next reply of the needle chip flips',
    value: { means: 'bit of the 40', usual: 9, least: 0, most: 39 },
    phase: 'in',
  },
  'plunger-spi.stuck-0': { says: 'the plunger chip answers zeros', phase: 'dose' },
  'plunger-spi.stuck-1': { says: 'the plunger chip answers ones', phase: 'dose' },
  'plunger-spi.missing': { says: 'the plunger chip does not answer', phase: 'dose' },
  'plunger-spi.flip': {
    says: 'one bit of the next reply of the plunger chip flips',
    value: { means: 'bit of the 40', usual: 9, least: 0, most: 39 },
    phase: 'dose',
  },
  'enable.cut': { says: 'the enable chain opens (emergency stop)', phase: 'in' },
  'tick.late': { says: 'one tick starts late', value: { means: 'ms late', usual: 80, least: 1, most: 600_000 }, phase: 'in' },
  'flash.refuse': { says: 'the flash programs nothing any more', phase: 'withdraw' },
  'power.cut': {
    says: 'the supply fails and comes back',
    value: { means: 'ms without supply', usual: 2000, least: 1, most: 86_400_000 },
    phase: 'dose',
  },
  'host.silent': {
    says: 'nothing that the host sends arrives',
    value: { means: 'ms of silence', usual: 5000, least: 1, most: 86_400_000 },
    phase: 'in',
  },
  'balance.unplugged': bench('the cable of the balance comes out'),
  'balance.restart': bench('the balance loses its supply for a moment and starts anew: its tare is gone'),
  'balance.drifting': bench('the balance drifts', { means: 'µg a minute', usual: 1000, least: -100_000, most: 100_000 }),
  'balance.unstable': bench('the draught shield stands open', { means: 'ms', usual: 60_000, least: 1, most: 86_400_000 }),
  'balance.overload': bench('something heavy lies on the pan', { means: 'ms', usual: 5000, least: 1, most: 86_400_000 }),
  'balance.noise-bytes': bench('noise gets into what the balance says next', { means: 'bytes', usual: 3, least: 1, most: 100 }),
  'gauge.unplugged': bench('the cable of the gauge comes out'),
  'gauge.noise-bytes': bench('noise gets into what the gauge says next', { means: 'bytes', usual: 3, least: 1, most: 100 }),
  'gauge.mistyped': bench('the person who types the gauge reading swaps two digits once'),
};

/** A fault of an instrument beside the gun, not of the gun. */
export const isBenchFault = (name: string): boolean => name.startsWith('balance.') || name.startsWith('gauge.');

/** A fault that cannot be understood; the message lists what can. */
export class FaultSyntaxError extends Error {
  override readonly name = 'FaultSyntaxError';
}

const refuse = (text: string, why: string): never => {
  throw new FaultSyntaxError(`fault '${text}': ${why}`);
};

/** Known faults, one a line, for people. */
export function describeFaults(): string {
  const lines: string[] = [];
  for (const [name, kind] of Object.entries(FAULT_KINDS)) {
    const value = kind.value ? `[=${kind.value.means}, ${String(kind.value.usual)}]` : '';
    lines.push(`${name}${value}: ${kind.says}`);
  }
  return lines.join('\n');
}

function parseWhole(text: string, part: string, digits: string, least: number, most: number): number {
  const value = /^-?\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(value >= least && value <= most))
    refuse(text, `${part} must be a whole number from ${String(least)} to ${String(most)}, not '${digits}'`);
  return value;
}

function parseWhen(text: string, source: string): FaultWhen {
  const when: { prick?: number; phase?: Phase; atMs?: number; flashOp?: number; weighing?: number } = {};
  for (const part of source.split(',')) {
    const [key = '', value = ''] = part.split('=', 2);
    if (key === 'prick') when.prick = parseWhole(text, 'prick', value, 1, 200);
    else if (key === 'at') when.atMs = parseWhole(text, 'at', value, 0, 2 ** 31);
    else if (key === 'flash-op') when.flashOp = parseWhole(text, 'flash-op', value, 0, 2 ** 31);
    else if (key === 'weighing') when.weighing = parseWhole(text, 'weighing', value, 1, 1_000_000);
    else if (key === 'phase' && (PHASES as readonly string[]).includes(value)) when.phase = value as Phase;
    else refuse(text, `'${part}' is not a moment; known: prick=N, at=MS, flash-op=N, weighing=N, phase=${PHASES.join('|')}`);
  }
  return when;
}

/**
 * Reads one fault, such as `needle.steps-lost=400@prick=12,phase=approach` or `power.cut@flash-op=341`.
 * Throws FaultSyntaxError with the known names when it is not in the table, and with the bound when a number is outside.
 */
export function parseFault(text: string): Fault {
  const [what = '', whenText, tooMuch] = text.trim().split('@');
  if (tooMuch !== undefined) refuse(text, "more than one '@'; join moments with commas");
  const [name = '', valueText] = what.split('=', 2);
  const kind = Object.hasOwn(FAULT_KINDS, name) ? FAULT_KINDS[name] : undefined;
  if (!kind) return refuse(text, `not a known fault. Known faults:\n${describeFaults()}`);
  if (valueText !== undefined && !kind.value) refuse(text, `${name} takes no value`);
  const range = kind.value;
  const value = range ? (valueText === undefined ? range.usual : parseWhole(text, range.means, valueText, range.least, range.most)) : 0;
  const when = whenText === undefined ? {} : parseWhen(text, whenText);
  if (when.flashOp !== undefined && name !== 'power.cut') refuse(text, 'only power.cut can wait for a flash step');
  if (when.weighing !== undefined && !isBenchFault(name)) refuse(text, 'only faults of the balance and the gauge can wait for a weighing');
  return { name, value, when, text };
}
