// Which procedure a command means, made from flags and what is open: instruments that must be there, what is in force already.
// Not responsible for walking it (calibrate-run.ts). Runs at the desk.
import type { CalibrateFlags, MakeProcedure, Prepared, Workplace } from './calibrate-run.ts';
import { ClockProcedure } from './calibration/clock-procedure.ts';
import { ComplianceProcedure } from './calibration/compliance-procedure.ts';
import type { CalibrationKind, Procedure } from './calibration/conclusion.ts';
import { DepthProcedure } from './calibration/depth-procedure.ts';
import { dosePlan } from './calibration/dose-plan.ts';
import { DoseProcedure } from './calibration/dose-procedure.ts';
import { ForceProcedure } from './calibration/force-procedure.ts';
import type { Surroundings } from './calibration/gravimetry.ts';
import type { SyringeData } from './calibration/kit.ts';
import { keptDepth, keptDose } from './calibration/kept-section.ts';
import { librarySyringeData } from './calibration/kit.ts';
import type { RecordStore } from './calibration/record-store.ts';
import { sensorsOf } from './calibration/sensor-section.ts';
import { TravelProcedure } from './calibration/travel-procedure.ts';
import { EXIT_USAGE, MesogunError } from './errors.ts';

const lacks = (what: string, next: string): MesogunError => new MesogunError({ exit: EXIT_USAGE, what, next });

/** What the options say of the room; the virtual bench has instruments of its own for it. */
function surroundings(flags: CalibrateFlags, place: Workplace): Partial<Surroundings> {
  const { temperature, pressure, humidity, density } = flags;
  return {
    relativeDensity: density ?? 1,
    ...place.instruments?.climate,
    ...(temperature === undefined ? {} : { temperatureC: temperature }),
    ...(pressure === undefined ? {} : { pressureHpa: pressure }),
    ...(humidity === undefined ? {} : { humidityPercent: humidity }),
  };
}

/** Compliance and friction as measured on this kit, else as the library has them. */
function syringeData(place: Workplace, store: RecordStore, today: number): { data: SyringeData; from: string } {
  const { syringe, needle } = place.kit;
  const library = librarySyringeData(syringe);
  try {
    const found = store.inForce(place.gun.gunId, 'compliance', { syringe: syringe.id, needle: needle.id }, today);
    const { numbers, madeAt } = found.record;
    const measured = (name: keyof SyringeData): number => numbers[name] ?? library[name];
    const data: SyringeData = {
      complianceUlPerKpa: measured('complianceUlPerKpa'),
      breakLooseMn: measured('breakLooseMn'),
      glideMn: measured('glideMn'),
      rodMnPerMm: measured('rodMnPerMm'),
      backlashUm: measured('backlashUm'),
    };
    return { data, from: `measured ${madeAt.slice(0, 10)}` };
  } catch (error) {
    if (error instanceof MesogunError) return { data: library, from: 'library value, not measured' };
    throw error;
  }
}

function dose(place: Workplace, flags: CalibrateFlags, store: RecordStore, today: number, certify: boolean): Prepared {
  const { balance, gun, kit } = place;
  if (balance === null) throw lacks('a dose is weighed: no --balance', 'for example --balance sim:mt-sics, serial:/dev/ttyUSB0 or typed');
  const kitIds = { syringe: kit.syringe.id, needle: kit.needle.id };
  const found = certify ? store.inForce(gun.gunId, 'dose', kitIds, today) : null;
  const plan = dosePlan({
    ...{ syringe: kit.syringe, readabilityMg: balance.identity.readabilityMg, certify },
    ...(flags.doseUl === undefined ? {} : { doseNl: Math.round(1000 * flags.doseUl) }),
    ...(flags.rateUlPerS === undefined ? {} : { rateNlPerS: Math.round(1000 * flags.rateUlPerS) }),
  });
  const { data, from } = syringeData(place, store, today);
  const procedure = new DoseProcedure({
    ...{ gun, balance, ...kit, plan, known: surroundings(flags, place), syringeData: data, syringeDataFrom: from },
    inForce: found === null ? null : keptDose(found.record),
  });
  return { procedure, certifies: found?.sha256 ?? null };
}

function depth(place: Workplace, store: RecordStore, today: number, certify: boolean): Prepared {
  const { gauge, gun, kit } = place;
  if (gauge === null) throw lacks('a depth is gauged: no --gauge', 'for example --gauge sim:mitutoyo, serial:/dev/ttyACM1 or typed');
  const found = certify ? store.inForce(gun.gunId, 'depth', null, today) : null;
  const procedure = new DepthProcedure({
    gun,
    gauge,
    needleName: kit.needle.name,
    inForce: found === null ? null : keptDepth(found.record),
  });
  return { procedure, certifies: found?.sha256 ?? null };
}

/** Throws MesogunError (usage) for an instrument that is missing, (file) when there is nothing to verify. */
export function procedureMaker(kind: CalibrationKind, flags: CalibrateFlags, certify: boolean): MakeProcedure {
  return async (place, store, today) => {
    if (kind === 'dose') return dose(place, flags, store, today, certify);
    if (kind === 'depth') return depth(place, store, today, certify);
    return { procedure: await plain(kind, place), certifies: null };
  };
}

/** What needs no instrument beside the gun, and leaves nothing that could be verified by itself. */
async function plain(kind: Exclude<CalibrationKind, 'dose' | 'depth'>, { gun, kit }: Workplace): Promise<Procedure> {
  if (kind === 'compliance') return new ComplianceProcedure({ gun, kit });
  if (kind === 'clock') return new ClockProcedure({ gun, kit });
  const sensors = sensorsOf(await gun.sections());
  return kind === 'force' ? new ForceProcedure({ gun, sensors }) : new TravelProcedure({ gun, sensors });
}
