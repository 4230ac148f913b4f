// `mesogun device info`: what hangs on the port, what it runs, what it has done. Runs at the desk.
import { STATE_NAMES } from '../../firmware/core/states.ts';
import { E_HEAD, ENTRY_WORDS, KIND_CHECKPOINT } from '../../firmware/store/entry.ts';
import * as L from '../../firmware/store/ledger.ts';
import { SLOTS_PER_SECTOR } from '../../firmware/store/slots.ts';
import { armingText } from '../arming.ts';
import { EXIT_DEVICE, MesogunError } from '../errors.ts';
import type { JournalEntry } from '../journal.ts';
import { decodeJournal } from '../journal.ts';
import type { Asking } from '../link-calls.ts';
import { JournalReading } from '../link-calls.ts';
import { faultSays } from '../refusal.ts';
import { brokenAtBoot, brokenSays } from './log.ts';
import type { Device } from './open-device.ts';

/** What the gun says of its image. `image` is 16 hex digits, null for sources that run unbuilt. */
export interface BuildInfo {
  readonly image: string | null;
  /** First 8 hex digits of the SHA-256 of the limits. */
  readonly limits: string | null;
  readonly securityCounter: number;
}

/** Since the gun was made, from its journal; null when the journal holds no checkpoint. */
export interface Totals {
  readonly pricks: number;
  readonly doseUl: number;
  readonly compensationUl: number;
  readonly uncertain: number;
  readonly sessions: number;
}

export interface DeviceInfo extends BuildInfo {
  readonly port: string;
  readonly board: string;
  readonly device: number;
  readonly firmware: string;
  readonly tickMs: number;
  /** `open`: whoever reaches the USB connector can run code on the gun (R58). */
  readonly console: 'open' | 'closed' | 'unknown';
  readonly state: string;
  readonly fault: number;
  /** Written since the gun was made; the oldest ones are gone. */
  readonly journalEntries: number;
  /** The entry at which the gun found its journal broken at power-on; null where it held. */
  readonly journalBrokenAt: number | null;
  readonly totals: Totals | null;
}

/** Reads what `info` answers; throws for a gun whose firmware has no such answer. */
export function parseBuild(build: unknown): BuildInfo {
  const found = /^([0-9a-f]{16}) ([0-9a-f]{8}) (\d+)$/.exec(typeof build === 'string' ? build : '');
  if (found === null)
    throw new MesogunError({ exit: EXIT_DEVICE, what: 'the gun does not say what it runs', next: 'flash a newer image: mesogun flash' });
  const named = (digits: string): string | null => (/^0+$/.test(digits) ? null : digits);
  return { image: named(found[1] ?? ''), limits: named(found[2] ?? ''), securityCounter: Number(found[3]) };
}

/** Kaluma's USB is always its console; Espruino's is closed by our port while the image runs (hal/ports). */
export function consoleOf(board: string): DeviceInfo['console'] {
  if (board.endsWith('-kaluma')) return 'open';
  return board.endsWith('-espruino') ? 'closed' : 'unknown';
}

export const versionText = (n: number): string => `${Math.floor(n / 10_000)}.${Math.floor(n / 100) % 100}.${n % 100}`;

/** Counts the newest entries from their first checkpoint on, with the gun's own ledger. */
export function totalsOf(raw: readonly Uint8Array[]): Totals | null {
  const ledger = new L.Ledger();
  let based = false;
  for (const bytes of raw) {
    const words = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 4 * ENTRY_WORDS));
    based ||= ((words[E_HEAD] ?? 0) & 0xff) === KIND_CHECKPOINT;
    if (based) ledger.apply(words);
  }
  if (!based) return null;
  const total = (at: number): number => ledger.totals[at] ?? 0;
  return {
    pricks: total(L.TOTAL_PRICKS),
    doseUl: total(L.TOTAL_UL) + total(L.TOTAL_REST_NL) / 1000,
    compensationUl: total(L.TOTAL_COMPENSATION_UL) + total(L.TOTAL_COMPENSATION_REST_NL) / 1000,
    uncertain: total(L.TOTAL_UNCERTAIN),
    sessions: total(L.TOTAL_SESSIONS),
  };
}

/** The newest entries back to the last power-on and the last checkpoint of the totals, which every sector opens with. */
async function readNewest(link: Asking, newest: number): Promise<{ raw: Uint8Array[]; entries: readonly JournalEntry[] }> {
  const reading = new JournalReading(link);
  for (let count = SLOTS_PER_SECTOR; ; count *= 4) {
    const raw = await reading.readFrom(Math.max(1, newest - count + 1));
    const { entries } = decodeJournal(raw);
    const hasAll = ['BOOT', 'CHECKPOINT'].every((kind) => entries.some((entry) => entry.kind === kind));
    if (hasAll || count >= newest) return { raw, entries };
  }
}

export async function readInfo({ link, hello, status, port }: Device): Promise<DeviceInfo> {
  const build = parseBuild((await link.request('info'))['build']);
  // Hello came before the self-test and its entry: the newest is asked for again.
  const newest = Number((await link.request('journal', { from: 0, count: 1 }))['last'] ?? hello.journal);
  const { raw, entries } = await readNewest(link, newest);
  return {
    port,
    board: hello.board,
    device: hello.device,
    firmware: versionText(hello.firmware),
    ...build,
    tickMs: hello.tickMs,
    console: consoleOf(hello.board),
    state: STATE_NAMES[status['state'] ?? -1] ?? `state ${status['state'] ?? '?'}`,
    fault: status['fault'] ?? 0,
    journalEntries: newest,
    journalBrokenAt: brokenAtBoot(entries),
    totals: totalsOf(raw),
  };
}

const CONSOLE_SAYS = {
  open: 'open: leave the USB data lines unfitted in use',
  closed: 'closed while the image runs; the jumper on GP22 opens it at power-on',
  unknown: 'unknown for this board',
} as const;

/** Label and value, a row a fact. */
export function infoRows(info: DeviceInfo): string[][] {
  const { totals } = info;
  const arming = armingText(info.board.endsWith('-espruino') ? 'espruino' : null);
  return [
    ['port', info.port],
    ['board', info.board],
    ['number', info.device === 0 ? '0: nobody gave this gun a number; mesogun flash does' : String(info.device)],
    ['firmware', info.firmware],
    ['image', info.image ?? 'none: the sources run unbuilt'],
    ['limits', info.limits ?? 'of the sources'],
    ['security', `counter ${info.securityCounter}`],
    ['console', CONSOLE_SAYS[info.console]],
    ['state', info.fault === 0 ? info.state : `${info.state}, fault ${info.fault}: ${faultSays(info.fault)}`],
    ['tick', `${info.tickMs} ms`],
    ...(arming === null ? [] : [['arming', arming]]),
    ['journal', `${info.journalEntries} entries${info.journalBrokenAt === null ? '' : `; ${brokenSays(info.journalBrokenAt)}`}`],
    [
      'totals',
      totals === null
        ? 'not in the journal yet'
        : `${totals.pricks} pricks in ${totals.sessions} sessions, ${totals.doseUl.toFixed(1)} µL, ${totals.uncertain} uncertain`,
    ],
  ];
}
