// Calibrates the depth of the needle: home, probe the ring plane, gauge readings up and down, fit, apply, verify at fresh depths.
// Not responsible for the fit (depth-fit.ts) nor for the gauge (instruments/). Runs at the desk.
import { EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import type { Gauge } from '../instruments/gauge.ts';
import type { BenchGun } from './bench-gun.ts';
import type { Conclusion, Plot, Procedure } from './conclusion.ts';
import { criterion } from './conclusion.ts';
import type { DepthFit, DepthReading } from './depth-fit.ts';
import { depthRows, fitDepth } from './depth-fit.ts';
import type { DepthSection, SectionHead } from './gun-record.ts';
import { correlation } from './least-squares.ts';
import { sampleOf } from './sample.ts';
import { ServiceDoor } from './service-door.ts';
import type { Finding, Readings, ReadStep, Reading, Step, Values } from './steps.ts';
import { readingsOf, valueOf } from './steps.ts';
import { strayReading } from './stray-reading.ts';
import { studentQuantile } from './student.ts';
import { budgetOf, rectangular } from './uncertainty.ts';

export type DepthTrial = Omit<DepthSection, keyof SectionHead>;

export interface DepthSetup {
  readonly gun: BenchGun;
  readonly gauge: Gauge;
  /** Shown so that a person knows which needle is in; the calibration is of the axis. */
  readonly needleName: string;
  /** What the gun has in force, to be verified as it is; null when a new calibration is made. */
  readonly inForce: DepthTrial | null;
}

/** Source: design, tip from the ring after probing within 0.05 mm of what was commanded. */
export const TIP_WITHIN_UM = 50;
/** Chosen: from the shallowest to the deepest that a technique may ask for; unequal parts of the 4 mm lead. */
export const FIT_DEPTHS_UM: readonly number[] = [1000, 2300, 3700, 5200, 6600, 8100, 9600];
export const FRESH_DEPTHS_UM: readonly number[] = [1500, 3000, 4400, 5900, 7300, 8800, 10_000];
const SPEED_UM_PER_S = 5000;
/** Below this the needle comes from, so that backlash lies on the same side. */
const FROM_UM = 300;
/** A gauge that is further off than this was mistyped, not zeroed, or stands elsewhere. Chosen: twice the seat of a needle. */
const WILD_UM = 600;
const CORRELATION_LEAST = 0.9999;
/** A reading nearer to the fit than this is no stray, however well the others agree. Chosen: a fifth of what is allowed. */
const STRAY_LEAST_UM = 10;
const CONFIDENCE = 0.95;

const unfit = (): MesogunError =>
  new MesogunError({
    exit: EXIT_TOLERANCE,
    what: 'the readings do not determine offset, gain, screw period and backlash',
    why: 'fewer than five depths stand, they lie within 3 mm, or all came from one side',
    next: 'take the withdrawn readings again',
  });

const toDepth = (reading: Reading): DepthReading => ({
  commandedUm: valueOf(reading, 'commandedUm'),
  axisUm: valueOf(reading, 'axisUm'),
  gaugeUm: 1000 * valueOf(reading, 'gaugeMm'),
  direction: valueOf(reading, 'direction') < 0 ? -1 : 1,
});
const depthsIn = (readings: Readings, prefix: string): DepthReading[] => readingsOf(readings, prefix).map(toDepth);

const sectionRows = ({ offsetUm, gainPpm, period }: Pick<DepthTrial, 'offsetUm' | 'gainPpm' | 'period'>): (readonly [string, string])[] => [
  ['offset at the ring plane', `${offsetUm.toFixed(1)} µm`],
  ['gain', `${gainPpm.toFixed(0)} ppm`],
  ['screw period', `${period.amplitudeUm.toFixed(1)} µm at ${period.phaseRad.toFixed(2)} rad`],
];

const fitRows = (fit: DepthFit): (readonly [string, string])[] => [
  ...sectionRows(fit),
  ['uncertainty of offset and gain (k = 2)', `${(2 * fit.uOffsetUm).toFixed(1)} µm, ${(2 * fit.uGainPpm).toFixed(0)} ppm`],
  ['backlash', `${fit.backlashUm.toFixed(1)} µm (the gun approaches from one side)`],
  ['scatter about the fit', `${fit.residualSdUm.toFixed(1)} µm`],
];

const residualPlot = (depths: readonly DepthReading[], fit: DepthFit): Plot => ({
  ...{ title: 'Residuals of the fit', xTitle: 'depth, mm', yTitle: 'gauge less fit, µm', limit: null },
  points: depths.map((reading, index) => ({
    ...{ x: reading.commandedUm / 1000, y: fit.residualsUm[index] ?? 0, series: reading.direction > 0 ? 'down' : 'up' },
  })),
});

export class DepthProcedure implements Procedure {
  readonly kind = 'depth';
  readonly title: string;
  readonly steps: readonly Step[];
  readonly plan: Readonly<Record<string, unknown>>;
  private readonly setup: DepthSetup;
  private readonly instrument: string;
  private readonly door: ServiceDoor;

  constructor(setup: DepthSetup) {
    this.setup = setup;
    this.door = new ServiceDoor(setup.gun);
    const { maker, model, serial } = setup.gauge.identity;
    this.instrument = [maker, model, serial].filter((part) => part !== '').join(' ');
    this.title = setup.inForce === null ? 'Depth of the needle from the ring plane' : 'Verification of the depth from the ring plane';
    this.plan = { fitDepthsUm: setup.inForce === null ? FIT_DEPTHS_UM : [], freshDepthsUm: FRESH_DEPTHS_UM, needle: setup.needleName };
    this.steps = [...this.opening(), ...(setup.inForce === null ? this.fitting() : this.applying(setup.inForce)), ...this.verifying()];
  }

  conclude(readings: Readings): Conclusion {
    const { inForce } = this.setup;
    const fit = inForce === null ? fitDepth(depthsIn(readings, 'gauge-')) : null;
    if (fit === null && inForce === null) throw unfit();
    const section = fit === null ? (inForce as DepthTrial) : this.section(readings, fit);
    const fresh = depthsIn(readings, 'verify-');
    const errors = fresh.map((reading) => reading.gaugeUm - reading.commandedUm);
    const { count, mean, sd } = sampleOf(errors);
    const worst = errors.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    const { resolutionMm } = this.setup.gauge.identity;
    const budget = budgetOf('µm', [
      ...(fit === null
        ? []
        : [{ name: 'fit', u: fit.uOffsetUm, freedom: fit.solution.freedom, from: `${fit.residualsUm.length} gauge readings` }]),
      { name: 'gauge resolution', u: rectangular(500 * resolutionMm), freedom: Infinity, from: `${resolutionMm} mm` },
      { name: 'zero on the ring plane', u: rectangular(5), freedom: Infinity, from: 'flat of the ring, ± 5 µm' },
      { name: 'repeatability', u: sd / Math.sqrt(Math.max(1, count)), freedom: Math.max(1, count - 1), from: `${count} fresh depths` },
    ]);
    const doubt = count < 2 ? Infinity : (studentQuantile(CONFIDENCE, count - 1) * sd) / Math.sqrt(count);
    const criteria = [
      criterion('worst of the fresh depths', `${worst.toFixed(0)} µm`, `± ${TIP_WITHIN_UM} µm`, Math.abs(worst) <= TIP_WITHIN_UM),
      criterion(
        'mean of the fresh depths',
        `${mean.toFixed(1)} ± ${doubt.toFixed(1)} µm`,
        `± ${TIP_WITHIN_UM / 2} µm`,
        Math.abs(mean) + doubt <= TIP_WITHIN_UM / 2,
      ),
      criterion(
        'expanded uncertainty (95 %)',
        `${budget.expanded.toFixed(1)} µm`,
        `${TIP_WITHIN_UM / 2} µm`,
        budget.expanded <= TIP_WITHIN_UM / 2,
      ),
    ];
    return {
      verdict: criteria.every((each) => each.holds) ? 'pass' : 'fail',
      certifies: 'all',
      criteria,
      fit: fit === null ? sectionRows(section) : fitRows(fit),
      numbers: {
        offsetUm: section.offsetUm,
        gainPpm: section.gainPpm,
        amplitudeUm: section.period.amplitudeUm,
        phaseRad: section.period.phaseRad,
        ...(fit === null ? {} : { backlashUm: fit.backlashUm }),
        meanErrorUm: mean,
        sdErrorUm: sd,
        worstErrorUm: worst,
      },
      ...{ doses: [], budget, section, biasPercent: null, cvPercent: null, n: count, k: null },
      plots: [
        ...(fit === null ? [] : [residualPlot(depthsIn(readings, 'gauge-'), fit)]),
        {
          ...{ title: 'Before and after', xTitle: 'depth, mm', yTitle: 'gauge less commanded, µm', limit: TIP_WITHIN_UM },
          points: [...depthsIn(readings, 'gauge-down-'), ...fresh].map((reading, index, all) => ({
            ...{ x: reading.commandedUm / 1000, y: reading.gaugeUm - reading.commandedUm },
            series: index < all.length - fresh.length ? 'before' : 'after, fresh depths',
          })),
        },
      ],
    };
  }

  private section(readings: Readings, fit: DepthFit): DepthTrial {
    const ringUm = valueOf(readings.get('probe'), 'ringUm');
    return { kind: 'depth', offsetUm: fit.offsetUm, gainPpm: fit.gainPpm, period: fit.period, ringUm };
  }

  private opening(): Step[] {
    const { gun, needleName } = this.setup;
    return [
      { kind: 'prompt', id: 'fixture', says: `Clamp the gun in its fixture, ring upwards and free, the needle ${needleName} fitted` },
      { kind: 'do', id: 'service', again: true, says: 'Enter service: key and switch', run: () => this.door.enter() },
      {
        kind: 'prompt',
        id: 'cap-on',
        again: true,
        says: 'Clip the probe cap on the ring when the lamp asks; take it off when it asks again',
      },
      // Probing again after a break gives the same plane; the reading of the first time stands with what was measured from it.
      { kind: 'do', id: 'probe-again', again: true, says: 'Home, and probe the ring plane', run: () => gun.home().then(() => gun.probe()) },
      {
        ...{ kind: 'read', id: 'probe', instrument: 'ring cell of the gun', says: 'Where the ring plane was found' },
        take: async (): Promise<Values> => ({ ringUm: (await gun.read()).ringUm }),
      },
      { kind: 'prompt', id: 'gauge', says: "Set the gauge to zero on the ring's plane and bring its tip under the needle" },
    ];
  }

  private fitting(): Step[] {
    const { gun } = this.setup;
    const down = FIT_DEPTHS_UM.map((um, index) => this.gaugeStep(`gauge-down-${index}`, um, 1));
    const up = [...FIT_DEPTHS_UM].reverse().map((um, index) => this.gaugeStep(`gauge-up-${index}`, um, -1));
    return [
      ...down,
      ...up,
      { kind: 'check', id: 'check-fit', says: 'Does the tip follow the command?', judge: (readings) => this.fitFindings(readings) },
      {
        ...{ kind: 'do', id: 'apply', again: true, renews: 'verify-', says: 'Let the gun try the new figures' },
        run: async (readings: Readings) => {
          const fit = fitDepth(depthsIn(readings, 'gauge-'));
          if (fit !== null) await gun.trial(this.section(readings, fit));
        },
      },
      ...this.probing('cap-fit'),
    ];
  }

  /** The ring plane is where the probe and the offset in use put it: probed anew whenever that changes. */
  private probing(id: string): Step[] {
    const { gun } = this.setup;
    const says = 'Swing the gauge aside; clip the probe cap on the ring when the lamp asks, take it off when it asks again';
    return [
      { kind: 'prompt', id, again: true, says },
      { kind: 'do', id: `${id}-probe`, again: true, says: 'Home, and probe the ring plane', run: () => gun.home().then(() => gun.probe()) },
    ];
  }

  private applying(inForce: DepthTrial): Step[] {
    const run = (): Promise<void> => this.setup.gun.trial(inForce);
    return [{ kind: 'do', id: 'apply', again: true, says: 'Let the gun use what it has in force', run }, ...this.probing('cap-force')];
  }

  private verifying(): Step[] {
    const { gun } = this.setup;
    return [
      ...FRESH_DEPTHS_UM.map((um, index) => this.gaugeStep(`verify-${index}`, um, 1)),
      { kind: 'do', id: 'leave', says: 'Needle home, leave service', run: () => gun.needleHome().then(() => this.door.leave()) },
    ];
  }

  private gaugeStep(id: string, tipUm: number, direction: 1 | -1): ReadStep {
    const { gun, gauge } = this.setup;
    const take = async (): Promise<Values> => {
      await gun.needleTo(direction > 0 ? tipUm - FROM_UM : Math.min(11_900, tipUm + FROM_UM), SPEED_UM_PER_S);
      const place = await gun.needleTo(tipUm, SPEED_UM_PER_S);
      const reading = await gauge.read();
      return { ...place, gaugeMm: reading.mm, direction };
    };
    const judge = (values: Values): Finding[] => {
      const offUm = 1000 * (values['gaugeMm'] ?? 0) - tipUm;
      if (Math.abs(offUm) <= WILD_UM) return [];
      return [
        {
          ...{ level: 'stop', code: 'range', step: id },
          what: `the gauge shows ${(values['gaugeMm'] ?? 0).toFixed(3)} mm where the needle stands at ${tipUm / 1000} mm`,
          why: `more than ${WILD_UM / 1000} mm apart: a mistyped figure, inches, or a gauge that was not set to zero on the ring`,
          next: 'look at the gauge and take this reading again',
        },
      ];
    };
    const from = direction > 0 ? 'from above' : 'from below';
    return { kind: 'read', id, instrument: this.instrument, says: `Gauge at ${tipUm / 1000} mm, ${from}`, take, judge };
  }

  private fitFindings(readings: Readings): Finding[] {
    const depths = depthsIn(readings, 'gauge-');
    const steps = readingsOf(readings, 'gauge-').map((reading) => reading.step);
    const fit = fitDepth(depths);
    if (fit === null) throw unfit();
    const { rows, errorsUm } = depthRows(depths);
    const stray = strayReading(rows, errorsUm);
    if (stray !== null && Math.abs(stray.off) > STRAY_LEAST_UM) {
      const depth = depths[stray.index] as DepthReading;
      return [
        {
          ...{ level: 'stop', code: 'outlier', step: steps[stray.index] ?? '' },
          what: `the reading at ${depth.commandedUm / 1000} mm lies ${stray.off.toFixed(0)} µm from where the others put it`,
          why: `${stray.t.toFixed(1)} of their standard deviations; ${stray.critical.toFixed(1)} is the most by chance (1 %)`,
          next: 'take this reading again; if it comes back, look for play in fixture and needle hub',
        },
      ];
    }
    const r = correlation(
      depths.map((depth) => depth.commandedUm),
      depths.map((depth) => depth.gaugeUm),
    );
    if (r >= CORRELATION_LEAST) return [];
    return [
      {
        ...{ level: 'stop', code: 'correlation' },
        what: `the tip does not follow the command: r = ${r.toFixed(6)}, ${CORRELATION_LEAST} at least`,
        why: 'the needle slips in its hub, the gauge moves in its stand, or steps are lost',
        next: 'fasten needle, gun and gauge; calibrate anew',
      },
    ];
  }
}
