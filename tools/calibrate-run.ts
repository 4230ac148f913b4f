// The run of `mesogun calibrate` and `mesogun certify` at the desk: opens the bench, picks the procedure, walks it, keeps record and
// certificate, says how it came out. Not responsible for procedures (calibration/). Runs at the desk.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attended, unattended } from './calibration/attendants.ts';
import type { CalibrationRecord } from './calibration/calibration-record.ts';
import { certificatePage, readingsCsv } from './calibration/certificate.ts';
import type { CalibrationKind, Conclusion, Procedure } from './calibration/conclusion.ts';
import type { Kit } from './calibration/kit.ts';
import { kitOf } from './calibration/kit.ts';
import type { ReadingLog } from './calibration/reading-log.ts';
import { openLog, startLog } from './calibration/reading-log.ts';
import { RecordStore } from './calibration/record-store.ts';
import type { Attendant, Walked } from './calibration/session.ts';
import { keep, recordFor, walk } from './calibration/session.ts';
import type { HandWork } from './calibration/steps.ts';
import type { Desk } from './desk.ts';
import { EXIT_FILE, EXIT_OK, EXIT_TOLERANCE, MesogunError } from './errors.ts';
import type { Ask } from './instruments/typed-number.ts';
import type { OpenBench } from './open-bench.ts';
import type { Balance } from './instruments/balance.ts';
import type { Gauge } from './instruments/gauge.ts';
import { openBalance, parseBalance } from './instruments/open-balance.ts';
import { openGauge, parseGauge } from './instruments/open-gauge.ts';
import { WALL_CLOCK } from './instruments/place.ts';
import type { VirtualInstruments } from './instruments/virtual-instruments.ts';
import type { InstrumentPlace } from './instruments/place.ts';
import { liveAsk, lookAt } from './live-reading.ts';
import { openBench } from './open-bench.ts';
import { alignColumns } from './table.ts';
import { terminalChart } from './terminal-chart.ts';

export interface CalibrateFlags {
  readonly port?: string;
  readonly balance?: string;
  readonly gauge?: string;
  readonly syringe: string;
  readonly needle: string;
  readonly doseUl?: number;
  readonly rateUlPerS?: number;
  readonly technician?: string;
  readonly temperature?: number;
  readonly pressure?: number;
  readonly humidity?: number;
  readonly density?: number;
  readonly records: string;
  readonly seed?: number;
  /** Number of a virtual gun with hidden tolerances. */
  readonly gun?: number;
  readonly fault: readonly string[];
  readonly yes?: boolean;
  readonly resume?: boolean;
  readonly json: boolean;
}

/** What a calibration works with. */
export interface Workplace extends OpenBench {
  readonly balance: Balance | null;
  readonly gauge: Gauge | null;
  readonly kit: Kit;
}

/** Builds the procedure once everything is open. `store` for what must be in force already; `today` in days since 1970. */
export type MakeProcedure = (place: Workplace, store: RecordStore, today: number) => Promise<Prepared>;
export interface Prepared {
  readonly procedure: Procedure;
  /** SHA-256 of the record that is verified; null for a calibration. */
  readonly certifies: string | null;
}

const named = (identity: { maker: string; model: string; serial: string }): string =>
  [identity.maker, identity.model, identity.serial === '' ? '' : `no. ${identity.serial}`].filter((part) => part !== '').join(' ');

/** Who calibrates: `--technician`, else MESOGUN_TECHNICIAN, else the name of the account. */
export function technicianOf(flags: Pick<CalibrateFlags, 'technician'>, desk: Desk): string {
  const name = flags.technician ?? desk.env['MESOGUN_TECHNICIAN'] ?? desk.env['USER'] ?? '';
  return name.trim() === '' ? 'not said' : name.trim();
}

/** The newest log of this kind; a path that does not exist when there is none. */
function latestLog(folder: string, name: string): string {
  const logs = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.startsWith(`${name}-`) && /-\d+T\d+Z\.log\.jsonl$/.test(file))
    : [];
  const own = logs.filter((file) => /^\d/.test(file.slice(name.length + 1)));
  return join(folder, own.sort().at(-1) ?? `${name}.log.jsonl`);
}

function logFor(flags: CalibrateFlags, folder: string, name: string, fresh: Parameters<typeof startLog>[1]): ReadingLog {
  if (flags.resume !== true) return startLog(join(folder, `${name}-${fresh.at.replace(/[-:.]/g, '')}.log.jsonl`), fresh);
  const log = openLog(latestLog(folder, name));
  const differs = JSON.stringify(log.head.plan) !== JSON.stringify(fresh.plan) || log.head.gunId !== fresh.gunId;
  if (!differs) return log;
  throw new MesogunError({
    exit: EXIT_FILE,
    what: 'the run that was broken off is another one',
    why: 'it was of another gun, syringe, needle, balance or dose',
    next: 'start anew without --resume',
  });
}

const DAY_MS = 86_400_000;

async function holding<T>(bench: OpenBench, wait: () => Promise<T>): Promise<T> {
  const go = bench.hold();
  try {
    return await wait();
  } finally {
    go();
  }
}

/** Opens gun first, then instruments; closes what it opened when one fails. */
async function openPlace(kit: Kit, flags: CalibrateFlags, desk: Desk, ask: Ask | undefined): Promise<Workplace> {
  if (flags.balance !== undefined) parseBalance(flags.balance);
  if (flags.gauge !== undefined) parseGauge(flags.gauge);
  const { port, seed, gun: number, fault } = flags;
  const bench = await openBench(
    {
      ...{ ...kit, fault },
      ...(port === undefined ? {} : { port }),
      ...(seed === undefined ? {} : { seed }),
      ...(number === undefined ? {} : { gun: number }),
    },
    desk,
  );
  const opened: { close(): Promise<void> }[] = [bench];
  const close = async (): Promise<void> => {
    for (const each of opened.splice(0).reverse()) await each.close().catch(() => undefined);
  };
  try {
    const typing: Ask | undefined =
      flags.yes === true ? undefined : ask && ((question, complaint) => holding(bench, () => ask(question, complaint)));
    const place: InstrumentPlace = { virtual: bench.instruments, clock: WALL_CLOCK, ...(typing === undefined ? {} : { ask: typing }) };
    const balance = flags.balance === undefined ? null : await openBalance(flags.balance, place);
    if (balance !== null) opened.push(balance);
    const gauge = flags.gauge === undefined ? null : await openGauge(flags.gauge, place);
    if (gauge !== null) opened.push(gauge);
    return { ...bench, balance, gauge, kit, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A person thinks and types while the virtual world stands still; on a terminal, or at a real gun, its sensors are looked at meanwhile. */
function askBeside(place: Workplace, kind: CalibrationKind, desk: Desk, ask: Ask): Ask {
  if (desk.isTerminal || !place.gun.simulated) return liveAsk(ask, desk, lookAt(kind, place), () => place.hold());
  return (question, complaint) => holding(place, () => ask(question, complaint));
}

/** One calibration or verification, from opening the bench to its certificate. Answers the exit code. */
export async function calibrate(
  make: MakeProcedure,
  flags: CalibrateFlags,
  desk: Desk,
  ask: Ask | undefined,
  now: () => Date,
): Promise<number> {
  const kit = kitOf(flags.syringe, flags.needle);
  const place = await openPlace(kit, flags, desk, ask);
  try {
    const store = new RecordStore(flags.records);
    const { procedure, certifies } = await make(place, store, Math.floor(now().getTime() / DAY_MS));
    const { gun } = place;
    const person = flags.yes === true ? undefined : ask && askBeside(place, procedure.kind, desk, ask);
    const attendant = handed(place, person === undefined ? unattended(desk) : attended(desk, person));
    const who = technicianOf(flags, desk);
    const name = certifies === null ? procedure.kind : `${procedure.kind}-certificate`;
    const plan = JSON.parse(JSON.stringify(procedure.plan)) as Record<string, unknown>;
    const head = { log: 1 as const, kind: procedure.kind, gunId: gun.gunId, who, at: now().toISOString(), plan };
    const log = logFor(flags, join(flags.records, gun.gunId), name, head);
    desk.say(
      `${desk.colors.bold(procedure.title)}: gun ${gun.gunId}${gun.simulated ? ' (simulated)' : ''}, ${procedure.steps.length} steps`,
    );
    const walked = await walk({ procedure, gun, log, who, attendant, now });
    const usesKit = procedure.kind === 'dose' || procedure.kind === 'compliance';
    const frame = {
      ...{ procedure, gun, technician: who, log, certifies, now },
      kit: usesKit ? { syringe: kit.syringe.id, needle: kit.needle.id } : null,
      instruments: [place.balance, place.gauge].flatMap((each) => (each === null ? [] : [named(each.identity)])),
    };
    const record = recordFor(frame, walked);
    const kept = await keep(store, gun, record, walked.conclusion, now);
    const page = writeCertificate(kept.path, record, kept.sha256);
    say(desk, walked.conclusion, page);
    if (flags.json) desk.out(`${JSON.stringify(eventOf(record, walked, kept, page))}\n`);
    return record.verdict === 'pass' ? EXIT_OK : EXIT_TOLERANCE;
  } finally {
    await place.close();
  }
}

/** A simulated gun has somebody whose hands do what a step asks of them: fill a syringe, lay a weight, roll the wheel. */
export function handed({ instruments }: Pick<OpenBench, 'instruments'>, attendant: Attendant): Attendant {
  if (instruments === null) return attendant;
  return {
    ...attendant,
    before: async (step, machine) => {
      const answer = await attendant.before(step, machine);
      const asked = step.kind === 'prompt' || step.kind === 'ask' ? step.hands : undefined;
      if (asked !== undefined && (answer === 'go' || typeof answer === 'number')) lend(instruments.hands, asked);
      return answer;
    },
  };
}

function lend(hands: VirtualInstruments['hands'], asked: HandWork): void {
  if (asked.work === 'refill') hands.refill();
  else if (asked.work === 'empty') hands.takeSyringeOut();
  else if (asked.work === 'lay') hands.lay(asked.cell, asked.grams);
  else hands.roll(asked.toMm);
}

function writeCertificate(recordPath: string, record: CalibrationRecord, sha256: string): string {
  const base = recordPath.replace(/\.json$/, '');
  mkdirSync(dirname(recordPath), { recursive: true });
  writeFileSync(`${base}.html`, certificatePage(record, sha256));
  writeFileSync(`${base}.csv`, readingsCsv(record));
  return `${base}.html`;
}

const CHART_WIDE = 56;

function say(desk: Desk, conclusion: Conclusion, page: string): void {
  const { green, red, bold, dim } = desk.colors;
  if (desk.isTerminal) {
    for (const plot of conclusion.plots) {
      const lines = terminalChart(plot.points, Math.min(CHART_WIDE, desk.columns - 12));
      if (lines.length > 0) desk.say(`${bold(plot.title)} ${dim(`${plot.yTitle} over ${plot.xTitle}`)}\n${lines.join('\n')}`);
    }
  }
  const rows = conclusion.criteria.map((each) => [each.holds ? 'holds' : 'FAILS', each.name, each.value, `allowed ${each.limit}`]);
  desk.say(alignColumns(rows).trimEnd());
  desk.say(conclusion.verdict === 'pass' ? green(bold('PASS')) : red(bold('FAIL: the gun keeps what it had')));
  if (conclusion.certifies === 'bias')
    desk.say('Shots were weighed together: this certifies the mean dose only, not its spread and not the rate.');
  desk.say(`certificate ${page}`);
}

/** The last line of `--json`. */
const eventOf = (
  record: CalibrationRecord,
  { conclusion, machine }: Walked,
  kept: { readonly path: string; readonly sha256: string },
  page: string,
): Readonly<Record<string, unknown>> => ({
  ...{ event: 'calibration', kind: record.kind, certifies: record.certifies, verdict: record.verdict, scope: record.scope },
  biasPercent: record.doses[0]?.biasPercent ?? null,
  cvPercent: record.scope === 'bias' ? null : (record.doses[0]?.cvPercent ?? null),
  n: conclusion.n,
  k: record.doses[0]?.factor ?? null,
  ...{ recordSha256: kept.sha256, record: kept.path, certificate: page, withdrawn: machine.withdrawn, gun: record.gun },
  ...{ validUntilDay: record.validUntilDay, criteria: record.criteria, numbers: record.numbers },
});
