// What the weighings of a dose calibration come to: section for the gun, figures, criteria, plots. Runs at the desk.
// Not responsible for how the readings were taken (dose-procedure.ts) nor for the sums (dose-fit.ts, dose-judge.ts).
import { kitId } from '../../protocols/canonical.ts';
import { areaMm2 } from '../../protocols/fluid.ts';
import type { Needle, Syringe } from '../../protocols/schema.ts';
import { EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import type { Balance } from '../instruments/balance.ts';
import type { BenchGun } from './bench-gun.ts';
import type { Conclusion, Criterion, Plot } from './conclusion.ts';
import { criterion } from './conclusion.ts';
import { doseBudget } from './dose-budget.ts';
import type { DoseFit, WeighedShot } from './dose-fit.ts';
import { fitDose } from './dose-fit.ts';
import { doseCriteria, levelVerdict, scatterOf } from './dose-judge.ts';
import type { DosePlan } from './dose-plan.ts';
import type { ToleranceVerdict } from './dose-tolerance.ts';
import { doseLimitNl } from './dose-tolerance.ts';
import type { Surroundings } from './gravimetry.ts';
import type { DoseSection, SectionHead } from './gun-record.ts';
import { rateErrors } from './rate-fit.ts';
import { weighedShots } from './shot-weighing.ts';
import type { Readings } from './steps.ts';
import { readingsOf } from './steps.ts';

export interface DoseSetup {
  readonly gun: BenchGun;
  readonly balance: Balance;
  readonly syringe: Syringe;
  readonly needle: Needle;
  readonly plan: DosePlan;
  readonly known: Partial<Surroundings>;
  /** Compliance, friction and play of this kit, from a compliance calibration or else the library's. */
  readonly syringeData: Pick<DoseSection, 'complianceUlPerKpa' | 'breakLooseMn' | 'glideMn' | 'rodMnPerMm' | 'backlashUm'>;
  /** Where those came from. */
  readonly syringeDataFrom: string;
  /** What the gun has in force, to be verified as it is; null when a new calibration is made. */
  readonly inForce: DoseTrial | null;
}

const START_UP_MOST_NL = 200;

export type DoseTrial = Omit<DoseSection, keyof SectionHead>;

/** What the fit makes of the shots, as the gun is to apply it. */
export function doseSection(setup: Pick<DoseSetup, 'syringe' | 'needle' | 'syringeData'>, fit: DoseFit): DoseTrial {
  return {
    kind: 'dose',
    kit: kitId(setup.syringe.id, setup.needle.id),
    nlPerMm: fit.nlPerMm,
    period: fit.period,
    startUpNl: Math.max(0, Math.min(START_UP_MOST_NL, fit.startUpNl)),
    ...setup.syringeData,
  };
}

/** A syringe by its bore alone, the screw taken as perfect: what readings for a fit are taken with. */
export const plainSection = ({ syringe, needle, syringeData }: Pick<DoseSetup, 'syringe' | 'needle' | 'syringeData'>): DoseTrial => ({
  kind: 'dose',
  kit: kitId(syringe.id, needle.id),
  nlPerMm: 1000 * areaMm2(syringe.boreMm),
  period: { amplitudeUm: 0, phaseRad: 0 },
  startUpNl: 0,
  ...syringeData,
});

export const unfit = (): MesogunError =>
  new MesogunError({
    exit: EXIT_TOLERANCE,
    what: 'the weighed shots do not determine a volume per travel',
    why: 'too few readings stand, or all shots had the same travel',
    next: 'take the withdrawn readings again',
  });

export function concludeDose(setup: DoseSetup, readings: Readings): Conclusion {
  const { plan, syringeDataFrom } = setup;
  const fits = weighedShots(readings, 'fit-');
  const fit = setup.inForce === null ? fitDose(fits) : null;
  if (fit === null && setup.inForce === null) throw unfit();
  const section = fit === null ? (setup.inForce as DoseTrial) : doseSection(setup, fit);
  const budget = doseBudget(readings, fit, setup.balance.identity.readabilityMg, plan.levels);
  const verification = weighedShots(readings, 'verify-');
  const doses = plan.levels.map((level) => levelVerdict(verification, level.doseNl));
  const rates = rateErrors([...readingsOf(readings, 'fit-'), ...readingsOf(readings, 'verify-')], section.nlPerMm);
  const scatter = scatterOf(doses);
  const criteria = [
    ...plan.levels.flatMap((level, index) => doseCriteria(doses[index] as ToleranceVerdict, level.pooled, scatter, budget.u)),
    ...lastDoses(readings),
    ...rates.map((rate) => rate.criterion),
  ];
  const low = doses[0] as ToleranceVerdict;
  const pooled = plan.levels.some((level) => level.pooled > 1);
  return {
    verdict: criteria.every((each) => each.holds) ? 'pass' : 'fail',
    certifies: pooled ? 'bias' : 'all',
    criteria,
    fit: [
      ['volume per travel', `${section.nlPerMm.toFixed(1)}${fit === null ? '' : ` ± ${(2 * fit.uNlPerMm).toFixed(1)}`} nL/mm`],
      ['screw period', `${section.period.amplitudeUm.toFixed(1)} µm at ${section.period.phaseRad.toFixed(2)} rad`],
      ...(fit === null ? [] : fitRows(fit)),
      ['compliance', `${section.complianceUlPerKpa.toFixed(4)} µL/kPa, ${syringeDataFrom}`],
      ['friction', `${frictionText(section)}, ${syringeDataFrom}`],
    ],
    numbers: {
      nlPerMm: section.nlPerMm,
      ...(fit === null ? {} : { uNlPerMm: fit.uNlPerMm }),
      amplitudeUm: section.period.amplitudeUm,
      phaseRad: section.period.phaseRad,
      startUpNl: section.startUpNl,
      ...{ complianceUlPerKpa: section.complianceUlPerKpa, breakLooseMn: section.breakLooseMn, glideMn: section.glideMn },
      backlashUm: section.backlashUm,
      expandedUncertaintyPercent: budget.expanded,
    },
    ...{ doses, budget, section, biasPercent: low.biasPercent, cvPercent: pooled ? null : low.cvPercent, n: low.count, k: low.factor },
    plots: [...(fit === null ? [] : [beforeAfterPlot(fits, verification), residualPlot(fits, fit)]), verificationPlot(verification)],
  };
}

const frictionText = ({ breakLooseMn, glideMn, backlashUm }: DoseTrial): string =>
  `break-loose ${(breakLooseMn / 1000).toFixed(2)} N, glide ${(glideMn / 1000).toFixed(2)} N, play ${backlashUm.toFixed(0)} µm`;

const fitRows = (fit: DoseFit): (readonly [string, string])[] => [
  ['start-up loss', `${fit.startUpNl.toFixed(0)} ± ${(2 * fit.uStartUpNl).toFixed(0)} nL`],
  ['loss in each shot', `${fit.perShotNl.toFixed(0)} nL (t = ${fit.perShotT.toFixed(1)}; not corrected)`],
  ['scatter about the fit', `${fit.residualSdNl.toFixed(0)} nL a reading`],
];

const residualPlot = (shots: readonly WeighedShot[], fit: DoseFit): Plot => ({
  title: 'Residuals of the fit',
  xTitle: 'plunger, mm',
  yTitle: 'weighed less fitted, nL a shot',
  limit: null,
  points: shots.map((shot, index) => ({
    x: shot.toUm / 1000,
    y: (fit.residualsNl[index] ?? 0) / shot.pooled,
    series: `${shot.doseNl / 1000} µL`,
  })),
});

const errorPercent = (shot: WeighedShot): number => (100 * (shot.volumeNl / shot.pooled - shot.doseNl)) / shot.doseNl;

/** What the syringe gave by its bore alone, and what it gives with the fit in use. */
const beforeAfterPlot = (before: readonly WeighedShot[], after: readonly WeighedShot[]): Plot => ({
  ...{ title: 'Before and after', xTitle: 'weighing', yTitle: 'error, % of the dose', limit: null },
  points: [
    ...before.filter((shot) => !shot.first).map((shot, index) => ({ x: index + 1, y: errorPercent(shot), series: 'before' })),
    ...after.map((shot, index) => ({ x: before.length + index + 1, y: errorPercent(shot), series: 'after' })),
  ],
});

/** Errors of fresh doses, in the order in which they were weighed. */
export function verificationPlot(shots: readonly WeighedShot[]): Plot {
  return {
    title: 'Verification: fresh doses',
    xTitle: 'weighing',
    yTitle: 'error, % of the dose',
    limit: null,
    points: shots.map((shot, index) => ({
      x: index + 1,
      y: errorPercent(shot),
      series: `${shot.doseNl / 1000} µL`,
    })),
  };
}

/** The worst of the last doses of the syringe against the limit of a single dose. */
function lastDoses(readings: Readings): Criterion[] {
  const shots: WeighedShot[] = weighedShots(readings, 'last-');
  if (shots.length === 0) return [];
  const errors = shots.map((shot) => shot.volumeNl / shot.pooled - shot.doseNl);
  const worst = errors.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const limitNl = doseLimitNl(shots[0]?.doseNl ?? 0);
  return [
    criterion(
      `last ${shots.length} doses of the syringe`,
      `${(worst / 1000).toFixed(3)} µL off at worst`,
      `± ${(limitNl / 1000).toFixed(3)} µL`,
      Math.abs(worst) <= limitNl,
    ),
  ];
}
