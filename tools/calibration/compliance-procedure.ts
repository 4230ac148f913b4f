// Measures what a syringe holds back: pushes against a capped needle, three times from rest, and reads each curve. What is found goes
// into the next dose calibration of the kit. Not responsible for the curve (push-curve.ts). Runs at the desk.
import { EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import type { BenchGun } from './bench-gun.ts';
import type { Conclusion, Procedure } from './conclusion.ts';
import { criterion } from './conclusion.ts';
import { plainSection } from './dose-conclusion.ts';
import type { Kit } from './kit.ts';
import { librarySyringeData } from './kit.ts';
import type { PushCurve, PushPoint } from './push-curve.ts';
import { readPush } from './push-curve.ts';
import { sampleOf } from './sample.ts';
import { ServiceDoor } from './service-door.ts';
import type { Finding, ReadStep, Readings, Step, Values } from './steps.ts';
import { readingsOf } from './steps.ts';
import { budgetOf } from './uncertainty.ts';

/** Chosen: three pushes tell a loose cap from a sound one. */
const PUSHES = 3;
/** Pressure at the end of a push. Chosen: two and a half times the 40 kPa that compensation is bounded by, well below a Luer lock's. */
const END_KPA = 100;
const FOUND_MN = 400;
const SEEK_UM_PER_S = 1000;
const SEEK_MOST_UM = 59_000;
const PUSH_UM_PER_S = 50;
const PUSH_MOST_UM = 4000;
/** Backed off between pushes: more than play and the bend of rod and stopper. Chosen; the claw lets go at 600 µm. */
const BACK_UM = 400;
/** Points kept of a curve. */
const POINTS_MOST = 120;
const CORRELATION_LEAST = 0.99;
const SPREAD_MOST_PERCENT = 10;
/** A compliance that is this many times the library's, or its inverse, is another syringe or a bubble. Source: its range, a factor of three. */
const TIMES_MOST = 3;

export interface ComplianceSetup {
  readonly gun: BenchGun;
  readonly kit: Kit;
}

const names = (index: number): readonly [string, string] => [`um${index}`, `mn${index}`];

function pointsOf(values: Values): PushPoint[] {
  const points: PushPoint[] = [];
  for (let index = 0; ; index++) {
    const [um, mn] = names(index);
    const [plungerUm, forceMn] = [values[um], values[mn]];
    if (plungerUm === undefined || forceMn === undefined) return points;
    points.push({ plungerUm, forceMn });
  }
}

const unread = (): MesogunError =>
  new MesogunError({
    exit: EXIT_TOLERANCE,
    what: 'the curves of the pushes cannot be read',
    why: 'the force did not rise and stay: no cap on the needle, a leak, or the plunger never met the rod',
    next: 'close the needle tightly and push again',
  });

export class ComplianceProcedure implements Procedure {
  readonly kind = 'compliance';
  readonly title: string;
  readonly steps: readonly Step[];
  readonly plan: Readonly<Record<string, unknown>>;
  private readonly setup: ComplianceSetup;
  private readonly nlPerMm: number;
  private readonly endMn: number;

  constructor(setup: ComplianceSetup) {
    const { gun, kit } = setup;
    const section = plainSection({ ...kit, syringeData: librarySyringeData(kit.syringe) });
    const door = new ServiceDoor(gun);
    this.setup = setup;
    this.nlPerMm = section.nlPerMm;
    this.endMn = Math.round(1.5 * section.breakLooseMn + (END_KPA * section.nlPerMm) / 1000);
    this.title = `Compliance of ${kit.syringe.name} with ${kit.needle.name}`;
    this.plan = { syringe: kit.syringe.id, needle: kit.needle.id, pushes: PUSHES, endMn: this.endMn };
    this.steps = [
      { kind: 'prompt', id: 'kit', says: `Fit a ${kit.syringe.name}, filled, without air, the needle closed tightly with a cap or plug` },
      { kind: 'do', id: 'service', again: true, says: 'Enter service: key and switch', run: () => door.enter() },
      { kind: 'do', id: 'home', again: true, says: 'Home needle and plunger', run: () => gun.home() },
      { kind: 'do', id: 'geometry', again: true, says: 'Tell the gun which syringe is in', run: () => gun.trial(section) },
      { kind: 'do', id: 'seek', again: true, says: 'Push until the rod is met', run: () => this.seek() },
      ...Array.from({ length: PUSHES }, (_each, index) => this.pushStep(`push-${index}`)),
      { kind: 'do', id: 'leave', says: 'Leave service', run: () => door.leave() },
    ];
  }

  conclude(readings: Readings): Conclusion {
    const curves = readingsOf(readings, 'push-').map((reading) => readPush(pointsOf(reading.values), this.nlPerMm));
    const read = curves.filter((curve): curve is PushCurve => curve !== null);
    if (read.length < PUSHES) throw unread();
    const of = (get: (curve: PushCurve) => number): number => sampleOf(read.map(get)).mean;
    const compliance = sampleOf(read.map((curve) => curve.complianceUlPerKpa));
    const library = this.setup.kit.syringe.complianceUlPerKpa;
    const times = compliance.mean / library;
    const spread = (100 * compliance.sd) / compliance.mean;
    const straight = Math.min(...read.map((curve) => curve.r));
    const rodMnPerMm = of((curve) => curve.rodMnPerMm);
    const criteria = [
      criterion(
        'straightness of the loaded part',
        `r = ${straight.toFixed(4)}`,
        `${CORRELATION_LEAST} at least`,
        straight >= CORRELATION_LEAST,
      ),
      criterion('spread of the pushes', `${spread.toFixed(1)} %`, `${SPREAD_MOST_PERCENT} %`, spread <= SPREAD_MOST_PERCENT),
      criterion(
        'against the library',
        `${times.toFixed(2)} ×`,
        `1/${TIMES_MOST} to ${TIMES_MOST} ×`,
        times <= TIMES_MOST && times >= 1 / TIMES_MOST,
      ),
    ];
    const budget = budgetOf('µL/kPa', [
      { name: 'slope of the curves', u: of((curve) => curve.uComplianceUlPerKpa), freedom: Infinity, from: 'straight-line fits' },
      { name: 'repeatability', u: compliance.sd / Math.sqrt(PUSHES), freedom: PUSHES - 1, from: `${PUSHES} pushes` },
      { name: 'volume per travel', u: 0.02 * compliance.mean, freedom: Infinity, from: 'bore of the library, ± 1 % in area, squared' },
    ]);
    return {
      ...{ verdict: criteria.every((each) => each.holds) ? 'pass' : 'fail', certifies: 'all', criteria },
      fit: [
        ['compliance', `${compliance.mean.toFixed(4)} ± ${budget.expanded.toFixed(4)} µL/kPa (library ${library})`],
        ['rod and stopper', `${(rodMnPerMm / 1000).toFixed(1)} N/mm`],
        ['friction', 'not measured: the pushes start from a pressed syringe; the library’s is used'],
      ],
      numbers: { complianceUlPerKpa: compliance.mean, rodMnPerMm },
      ...{ doses: [], budget, section: null, biasPercent: null, cvPercent: null, n: PUSHES, k: null },
      plots: [
        {
          ...{ title: 'Pushes against the closed needle', xTitle: 'travel, mm', yTitle: 'force, N', limit: null },
          points: readingsOf(readings, 'push-').flatMap((reading, push) => {
            const points = pointsOf(reading.values);
            const from = points[0]?.plungerUm ?? 0;
            return points.map((point) => ({ x: (point.plungerUm - from) / 1000, y: point.forceMn / 1000, series: `push ${push + 1}` }));
          }),
        },
      ],
    };
  }

  private async seek(): Promise<void> {
    const points = await this.push(FOUND_MN, SEEK_UM_PER_S, SEEK_MOST_UM);
    if ((points.at(-1)?.forceMn ?? 0) < FOUND_MN / 2) throw unread();
  }

  private async push(forceMn: number, speedUmPerS: number, travelUm: number): Promise<PushPoint[]> {
    const points: PushPoint[] = [];
    for await (const point of this.setup.gun.push({ forceMn, speedUmPerS, travelUm })) points.push(point);
    return points;
  }

  private pushStep(id: string): ReadStep {
    const take = async (): Promise<Values> => {
      await this.push(0, SEEK_UM_PER_S, -BACK_UM);
      const all = await this.push(this.endMn, PUSH_UM_PER_S, PUSH_MOST_UM);
      const every = Math.max(1, Math.ceil(all.length / POINTS_MOST));
      const kept = all.filter((_point, index) => index % every === 0);
      return Object.fromEntries(
        kept.flatMap((point, index) => {
          const [um, mn] = names(index);
          return [[um, Number(point.plungerUm.toFixed(3))] as const, [mn, point.forceMn] as const];
        }),
      );
    };
    const judge = (values: Values): Finding[] => {
      if (readPush(pointsOf(values), this.nlPerMm) !== null) return [];
      const trouble = unread();
      return [{ level: 'stop', code: 'range', step: id, what: trouble.message, why: trouble.why ?? '', next: trouble.next ?? '' }];
    };
    return { kind: 'read', id, instrument: 'plunger cell of the gun', says: 'Push against the closed needle', take, judge };
  }
}
