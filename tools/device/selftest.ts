// `mesogun device selftest`: the checks of the last power-on in their order, which one failed, what it means and what to do.
// The gun keeps only the first failure (firmware/core/selftest.ts): what came after it did not run. Runs at the desk.
import * as F from '../../firmware/core/faults.ts';
import * as T from '../../firmware/core/selftest.ts';
import { FAULT, SELF_TEST, STATE_NAMES } from '../../firmware/core/states.ts';
import { DEVICE_BUS, DEVICE_MISSING } from '../../hal/devices.ts';
import { FAULT_TEXTS } from '../fault-texts.ts';
import type { JournalEntry } from '../journal.ts';
import { decodeJournal } from '../journal.ts';
import { JournalReading } from '../link-calls.ts';
import type { Device } from './open-device.ts';

export interface Check {
  readonly test: number;
  readonly checks: string;
  readonly result: 'passed' | 'failed' | 'not run' | 'unknown';
  readonly why?: string;
  readonly next?: string;
}

/** In the order in which they run. */
const CHECKS: readonly (readonly [number, string])[] = [
  [T.TEST_ARITHMETIC, 'the engine counts exactly beyond 2^52 and wraps at 32 bits'],
  [T.TEST_STORE, 'journal and records can be read and written'],
  [T.TEST_CHAIN_OPEN, 'the power stages are off while nothing feeds the watchdog'],
  [T.TEST_CHIPS, 'motor drivers and load cells answer and take their settings'],
  [T.TEST_CHAIN_CLOSES, 'fed, the watchdog turns the power stages on'],
  [T.TEST_CHAIN_DROPS, 'unfed for 300 ms, it turns them off'],
  [T.TEST_CELLS, 'both load cells bring fresh readings'],
  [T.TEST_TRIGGER, 'the trigger is open'],
  [T.TEST_HOME_SWITCH, 'the needle is home, and its switch says so'],
];

/** Entries read: boot, self-test and a session's worth before them. Chosen. */
const ENTRIES = 48;

const CHIP_SAYS: Readonly<Record<number, string>> = {
  [DEVICE_BUS]: 'does not answer, or answers wrongly: SPI wiring, chip select, 3.3 V',
  [DEVICE_MISSING]: 'is not the chip it should be: is it plugged in?',
};
const chipSays = (name: string, code: number): string => `${name} ${CHIP_SAYS[code] ?? `refuses its settings (code ${code})`}`;

/** Which test a fault of the self-test is, and what its detail means. Source: firmware/core/selftest.ts. */
function failureOf(fault: number, detail: number | null): { test: number; why?: string } {
  if (fault === F.FAULT_STORE) return { test: T.TEST_STORE };
  if (fault === F.FAULT_ENABLE) return { test: detail ?? T.TEST_CHAIN_OPEN };
  if (fault === F.FAULT_TRIGGER_STUCK) return { test: T.TEST_TRIGGER };
  if (fault === F.FAULT_NEEDLE_NOT_HOME) return { test: T.TEST_HOME_SWITCH };
  if (fault === F.FAULT_SENSOR) return { test: detail === T.TEST_CELLS || detail === null ? T.TEST_CELLS : T.TEST_CHIPS };
  if (fault === F.FAULT_CHIP_RESET || fault === F.FAULT_CHIP_ERROR || detail === null) return { test: T.TEST_CHIPS };
  // Arithmetic fails with 1 too; an engine that cannot count would not have come this far.
  return {
    test: T.TEST_CHIPS,
    why: detail >= 100 ? chipSays('the driver of the plunger', detail - 100) : chipSays('the driver of the needle', detail),
  };
}

/** The checks of the last power-on. `entries` are the newest of the journal, `state` and `fault` those of the gun now. */
export function checksOf(entries: readonly JournalEntry[], state: number, fault: number): Check[] {
  const boot = entries.findLastIndex((entry) => entry.kind === 'BOOT');
  const failed = entries.slice(boot + 1).findLast((entry) => entry.kind === 'FAULT' && entry.fields['state'] === SELF_TEST);
  // A fault that no journal could take is known by the status only.
  const isFailed = state === FAULT && (failed !== undefined || fault === F.FAULT_STORE || fault === F.FAULT_SELF_TEST);
  if (!isFailed) return CHECKS.map(([test, checks]) => ({ test, checks, result: state > SELF_TEST ? 'passed' : 'unknown' }));
  const code = failed?.code ?? fault;
  const failure = failureOf(code, failed?.fields['value'] ?? null);
  const text = FAULT_TEXTS[code];
  return CHECKS.map(([test, checks]): Check => {
    if (test !== failure.test) return { test, checks, result: test < failure.test ? 'passed' : 'not run' };
    const why = failure.why ?? text?.says;
    return { test, checks, result: 'failed', ...(why === undefined ? {} : { why }), ...(text === undefined ? {} : { next: text.next }) };
  });
}

export interface SelfTestReport {
  readonly passed: boolean;
  readonly state: string;
  readonly fault: number;
  readonly checks: readonly Check[];
}

export async function readSelfTest({ link, status }: Device): Promise<SelfTestReport> {
  const newest = Number((await link.request('journal', { from: 0, count: 1 }))['last'] ?? -1);
  const raw = newest < 0 ? [] : await new JournalReading(link).readFrom(Math.max(0, newest - ENTRIES + 1));
  const state = status['state'] ?? 0;
  const fault = status['fault'] ?? 0;
  const checks = checksOf(decodeJournal(raw).entries, state, fault);
  return { passed: checks.every((check) => check.result === 'passed'), state: STATE_NAMES[state] ?? String(state), fault, checks };
}
