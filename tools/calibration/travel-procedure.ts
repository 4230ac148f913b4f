// Calibrates the travel wheel against a printed scale: rolled from mark to mark, two runs for the line, one fresh run with the new
// figure in use. Nothing of the gun moves. Not responsible for spacing. Runs at the desk.
import { EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import type { BenchGun } from './bench-gun.ts';
import type { Conclusion, Procedure } from './conclusion.ts';
import { criterion } from './conclusion.ts';
import type { LeastSquares } from './least-squares.ts';
import { correlation, leastSquares } from './least-squares.ts';
import { fitLine } from './line-fit.ts';
import type { SensorTrial } from './sensor-section.ts';
import { ServiceDoor } from './service-door.ts';
import { steadyReading } from './steady-reading.ts';
import type { AskStep, Finding, ReadStep, Readings, Step, Values } from './steps.ts';
import { readingsOf, valueOf } from './steps.ts';
import { strayReading } from './stray-reading.ts';
import { studentQuantile } from './student.ts';
import { budgetOf, rectangular } from './uncertainty.ts';

/** Marks of the runs, mm; a fresh run stops at others. Chosen: a scale of 200 mm fits on a sheet. */
const FIT_MM: readonly number[] = [40, 80, 120, 160, 200];
const FRESH_MM: readonly number[] = [30, 70, 110, 150, 190];
const FIT_RUNS = 2;
const RUNS = 3;
/** Chosen: 0.1 mm at a spacing of 10 mm, what a hand does not hold by far. */
const ERROR_MOST_PERCENT = 1;
const CORRELATION_LEAST = 0.9999;
/** Chosen: a wheel further off is another one, or slips. */
const GAIN_MOST_PERCENT = 15;
/** How well an office printer keeps its scale, and how far a mark may be typed from where it was asked for. Chosen. */
const SCALE_SHARE = 0.002;
const TYPED_WITHIN_MM = 5;
/** The wheel's own step is 10 µm: less is at rest. */
const REST_UM = 15;
/** A reading that lies nearer than this to the line is no stray. Chosen: three times what an eye sets. */
const STRAY_LEAST_MM = 0.3;
const CONFIDENCE = 0.95;

interface Mark {
  readonly step: string;
  readonly run: number;
  readonly scaleMm: number;
  readonly wheelMm: number;
}

const runPrefix = (run: number): string => (run < FIT_RUNS ? `fit-${run}-` : 'verify-');
const marksIn = (readings: Readings, prefix: string): Mark[] =>
  readingsOf(readings, prefix)
    .filter((reading) => reading.values['wheelUm'] !== undefined)
    .map((reading) => ({
      step: reading.step,
      run: valueOf(reading, 'run'),
      scaleMm: valueOf(reading, 'scaleMm'),
      wheelMm: valueOf(reading, 'wheelUm') / 1000,
    }));

/** One slope for all runs, a start for each: where the wheel was set down is nobody's error but that run's. */
const rowsOf = (marks: readonly Mark[]): number[][] =>
  marks.map(({ run, scaleMm }) => [scaleMm, ...Array.from({ length: FIT_RUNS }, (_each, index) => (index === run ? 1 : 0))]);

const fitMarks = (marks: readonly Mark[]): LeastSquares | null =>
  leastSquares(
    rowsOf(marks),
    marks.map((mark) => mark.wheelMm),
  );

const unfit = (): MesogunError =>
  new MesogunError({
    exit: EXIT_TOLERANCE,
    what: 'the readings do not determine what a count of the wheel is',
    why: 'too few marks stand in a run',
    next: 'take the withdrawn readings again',
  });

/** Each check on its own: a mark that does not belong, a wheel that does not follow, a gain that cannot be. */
export function markFindings(marks: readonly Mark[]): Finding[] {
  const solution = fitMarks(marks);
  if (solution === null) throw unfit();
  const stray = strayReading(
    rowsOf(marks),
    marks.map((mark) => mark.wheelMm),
  );
  if (stray !== null && Math.abs(stray.off) > STRAY_LEAST_MM) {
    const mark = marks[stray.index] as Mark;
    return [
      {
        ...{ level: 'stop', code: 'outlier', step: `${mark.step}-mark` },
        what: `at ${mark.scaleMm} mm the wheel lies ${stray.off.toFixed(2)} mm from where the other marks put it`,
        why: `${stray.t.toFixed(1)} of their standard deviations; ${stray.critical.toFixed(1)} is the most by chance (1 %): a mistyped mark, or the wheel slipped`,
        next: 'go back to the mark before, roll on without lifting, and type where it stands',
      },
    ];
  }
  const [slope = 0] = solution.coefficients;
  const own = marks.map((mark) => mark.wheelMm - (solution.coefficients[1 + mark.run] ?? 0));
  const r = correlation(
    marks.map((mark) => mark.scaleMm),
    own,
  );
  if (!(r >= CORRELATION_LEAST))
    return [
      {
        ...{ level: 'stop', code: 'correlation' },
        what: `the wheel does not follow the scale: r = ${r.toFixed(5)}, ${CORRELATION_LEAST} at least`,
        why: 'it slips, it is dirty, or it was lifted between marks',
        next: 'clean wheel and paper, press a little more, calibrate anew',
      },
    ];
  if (Math.abs(100 * (slope - 1)) <= GAIN_MOST_PERCENT) return [];
  return [
    {
      ...{ level: 'stop', code: 'range' },
      what: `the wheel shows ${(100 * slope).toFixed(0)} % of the way on the scale`,
      why: `a sound wheel is within ${GAIN_MOST_PERCENT} %: marks in another unit, another wheel, or it stands still`,
      next: 'check scale and wheel; calibrate anew',
    },
  ];
}

export class TravelProcedure implements Procedure {
  readonly kind = 'travel';
  readonly title = 'Travel wheel';
  readonly steps: readonly Step[];
  readonly plan: Readonly<Record<string, unknown>> = { fitMm: FIT_MM, runs: FIT_RUNS, freshMm: FRESH_MM };
  private readonly gun: BenchGun;
  private readonly sensors: SensorTrial;

  constructor(setup: { readonly gun: BenchGun; readonly sensors: SensorTrial }) {
    const { gun, sensors } = setup;
    this.gun = gun;
    this.sensors = sensors;
    const door = new ServiceDoor(gun);
    const lift = { work: 'roll', toMm: 0 } as const;
    this.steps = [
      { kind: 'prompt', id: 'scale', says: 'Tape a printed scale of 200 mm flat on the table; check it against a ruler' },
      { kind: 'do', id: 'service', again: true, says: 'Enter service: key and switch; the motors stay off', run: () => door.enter() },
      { kind: 'do', id: 'known', again: true, says: 'Let the gun count by the figures that it has', run: () => gun.trial(sensors) },
      ...Array.from({ length: RUNS }, (_each, run) => [
        ...(run === FIT_RUNS ? this.applying() : []),
        {
          ...({ kind: 'prompt', id: `set-${run}`, hands: lift } as const),
          says: `Run ${run + 1} of ${RUNS}: set the gun down, the mark of the wheel at 0, and press as on skin; do not lift it until the run is over`,
        },
        this.readStep(run, 0),
        ...(run < FIT_RUNS ? FIT_MM : FRESH_MM).flatMap((mm) => [this.markStep(run, mm), this.readStep(run, mm)]),
      ]).flat(),
      { kind: 'prompt', id: 'lift', hands: { work: 'roll', toMm: null }, says: 'Lift the gun off the scale' },
      { kind: 'do', id: 'leave', says: 'Leave service', run: () => door.leave() },
    ];
  }

  conclude(readings: Readings): Conclusion {
    const marks = marksIn(readings, 'fit-');
    const solution = fitMarks(marks);
    const fresh = marksIn(readings, 'verify-');
    const line = fitLine(
      fresh.map((mark) => mark.scaleMm),
      fresh.map((mark) => mark.wheelMm),
    );
    if (solution === null || line === null) throw unfit();
    const [slope = 1] = solution.coefficients;
    const section = this.section(readings);
    const freedom = Math.max(1, fresh.length - 2);
    const errorPercent = 100 * (line.slope - 1);
    const doubt = 100 * line.uSlope * studentQuantile(CONFIDENCE, freedom);
    const budget = budgetOf('%', [
      {
        name: 'line through the marks',
        u: (100 * (solution.uncertainties[0] ?? 0)) / slope,
        freedom: solution.freedom,
        from: `${marks.length} marks`,
      },
      {
        name: 'printed scale',
        u: 100 * rectangular(SCALE_SHARE),
        freedom: Infinity,
        from: `± ${100 * SCALE_SHARE} %, checked against a ruler`,
      },
      { name: 'fresh run', u: 100 * line.uSlope, freedom, from: `${fresh.length} marks` },
    ]);
    const within = `± ${ERROR_MOST_PERCENT} %`;
    const criteria = [
      criterion(
        'way of a fresh run',
        `${errorPercent.toFixed(2)} ± ${doubt.toFixed(2)} %`,
        within,
        Math.abs(errorPercent) + doubt <= ERROR_MOST_PERCENT,
      ),
      criterion(
        'expanded uncertainty (95 %)',
        `${budget.expanded.toFixed(2)} %`,
        `${ERROR_MOST_PERCENT} %`,
        budget.expanded <= ERROR_MOST_PERCENT,
      ),
    ];
    const before = 100 * (slope - 1);
    return {
      ...{ verdict: criteria.every((each) => each.holds) ? 'pass' : 'fail', certifies: 'all', criteria },
      fit: [
        ['skin a count', `${section.wheelNmPerCount} ± ${((section.wheelNmPerCount * budget.expanded) / 100).toFixed(0)} nm`],
        ['before', `showed ${Math.abs(before).toFixed(2)} % too ${before > 0 ? 'much' : 'little'}`],
        ['scatter about the line', `${solution.residualSd.toFixed(2)} mm`],
      ],
      numbers: { wheelNmPerCount: section.wheelNmPerCount, gainBefore: slope, errorPercent, expandedPercent: budget.expanded },
      ...{ doses: [], budget, section, biasPercent: errorPercent, cvPercent: null, n: fresh.length, k: null },
      plots: [
        {
          ...{ title: 'Wheel against scale: before and after', xTitle: 'scale, mm', yTitle: 'wheel less scale, mm', limit: null },
          points: [...marks, ...fresh].map((mark) => ({
            x: mark.scaleMm,
            y: mark.wheelMm - mark.scaleMm - this.startMm(mark.run < FIT_RUNS ? marks : fresh, mark.run),
            series: mark.run < FIT_RUNS ? `run ${mark.run + 1}` : 'fresh run, after',
          })),
        },
        {
          ...{ title: 'Residuals of the line', xTitle: 'scale, mm', yTitle: 'mm', limit: null },
          points: marks.map((mark, index) => ({ x: mark.scaleMm, y: solution.residuals[index] ?? 0, series: `run ${mark.run + 1}` })),
        },
      ],
    };
  }

  private startMm(marks: readonly Mark[], run: number): number {
    const zero = marks.find((mark) => mark.run === run && mark.scaleMm === 0);
    return zero?.wheelMm ?? 0;
  }

  private section(readings: Readings): SensorTrial {
    const slope = fitMarks(marksIn(readings, 'fit-'))?.coefficients[0] ?? 1;
    return { ...this.sensors, wheelNmPerCount: Math.round(this.sensors.wheelNmPerCount / slope) };
  }

  private applying(): Step[] {
    return [
      {
        ...{ kind: 'check', id: 'check-fit', says: 'Does the wheel follow the scale?' },
        judge: (readings: Readings) => markFindings(marksIn(readings, 'fit-')),
      },
      {
        ...{ kind: 'do', id: 'apply', again: true, renews: 'verify-', says: 'Let the gun try the new figure' },
        run: async (readings: Readings) => {
          if (fitMarks(marksIn(readings, 'fit-')) !== null) await this.gun.trial(this.section(readings));
        },
      },
    ];
  }

  private markStep(run: number, mm: number): AskStep {
    const id = `${runPrefix(run)}${mm}mm`;
    return {
      ...{ kind: 'ask', id: `${id}-mark`, name: 'markMm', unit: 'mm', least: mm - TYPED_WITHIN_MM, most: mm + TYPED_WITHIN_MM },
      says: `Roll on to ${mm} mm and type where the mark stands on the scale`,
      ...{ usual: mm, renews: id, hands: { work: 'roll', toMm: mm } },
    };
  }

  private readStep(run: number, mm: number): ReadStep {
    const { gun } = this;
    const id = `${runPrefix(run)}${mm}mm`;
    const take = async (readings: Readings): Promise<Values> => {
      const scaleMm = readings.get(`${id}-mark`)?.values['markMm'] ?? 0;
      const { mean, steady } = await steadyReading(async () => (await gun.read()).wheelUm, REST_UM);
      return { run, scaleMm, wheelUm: mean, steady: steady ? 1 : 0 };
    };
    const judge = (values: Values): Finding[] =>
      values['steady'] === 1
        ? []
        : [
            {
              ...{ level: 'stop', code: 'unstable', step: id },
              ...{ what: 'the wheel does not come to rest', why: 'the gun is still being rolled', next: 'hold it still, then read again' },
            },
          ];
    return { kind: 'read', id, instrument: 'travel wheel of the gun', says: `Read the wheel at ${mm} mm`, take, judge };
  }
}
