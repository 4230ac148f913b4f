// Measures the clocks of the two ramp chips against the gun's own crystal: the same way at a known speed, timed by what the gun says
// on the way. Speeds and rates are by these clocks; lengths and volumes are not. Nothing is corrected: the gun keeps no such figure.
// Not responsible for the flow rate (rate-fit.ts). Runs at the desk.
import { EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import type { BenchGun } from './bench-gun.ts';
import type { Conclusion, Plot, Procedure } from './conclusion.ts';
import { criterion } from './conclusion.ts';
import { plainSection } from './dose-conclusion.ts';
import type { Kit } from './kit.ts';
import { librarySyringeData } from './kit.ts';
import { fitLine } from './line-fit.ts';
import { sampleOf } from './sample.ts';
import { ServiceDoor } from './service-door.ts';
import type { Finding, ReadStep, Reading, Readings, Step, Values } from './steps.ts';
import { readingsOf, valueOf } from './steps.ts';
import { studentQuantile } from './student.ts';
import { budgetOf, rectangular } from './uncertainty.ts';

type Axis = 'needle' | 'plunger';

const RUNS = 3;
/** Ways and speeds. Chosen: six seconds at an even speed; a whole number of screw turns does not matter, the motor is timed. */
const NEEDLE_FROM_UM = 0;
const NEEDLE_TO_UM = 11_500;
const NEEDLE_UM_PER_S = 2000;
const PLUNGER_WAY_UM = 9000;
const PLUNGER_UM_PER_S = 1500;
const OUT_UM_PER_S = 6000;
/** Shares of the way that count: the ramps are over. */
const EVEN_FROM = 0.1;
const EVEN_TO = 0.9;
const POINTS_LEAST = 20;
/** Source: TMC5240 datasheet, internal oscillator 12.5 MHz: typical; over temperature it stays within this. */
const CLOCK_MOST_PERCENT = 5;
/** Chosen: a clock is steady; runs that differ by more lost steps or were held up. */
const SPREAD_MOST_PERCENT = 0.2;
/** Source: crystal of the processor board, 30 ppm over temperature and age; and a whole number in the chip's speed register. */
const CRYSTAL_PERCENT = 0.003;
const REGISTER_PERCENT = 0.05;

interface Place {
  readonly um: number;
  readonly atMs: number;
}

/** Speed over the even part of a way, µm/s; null when too little of it was seen. */
export function evenSpeed(places: readonly Place[]): { readonly umPerS: number; readonly uUmPerS: number } | null {
  const first = places[0];
  const last = places.at(-1);
  if (first === undefined || last === undefined) return null;
  const way = last.um - first.um;
  const even = places.filter(({ um }) => (um - first.um) / way > EVEN_FROM && (um - first.um) / way < EVEN_TO);
  if (even.length < POINTS_LEAST) return null;
  const line = fitLine(
    even.map((place) => ((place.atMs - first.atMs) >>> 0) / 1000),
    even.map((place) => place.um),
  );
  return line === null ? null : { umPerS: Math.abs(line.slope), uUmPerS: line.uSlope };
}

const percentOf = (reading: Reading): number => 100 * (valueOf(reading, 'umPerS') / valueOf(reading, 'askedUmPerS') - 1);

export class ClockProcedure implements Procedure {
  readonly kind = 'clock';
  readonly title = 'Clocks of the ramp chips';
  readonly steps: readonly Step[];
  readonly plan: Readonly<Record<string, unknown>> = { runs: RUNS, needleUmPerS: NEEDLE_UM_PER_S, plungerUmPerS: PLUNGER_UM_PER_S };
  private readonly gun: BenchGun;

  constructor({ gun, kit }: { readonly gun: BenchGun; readonly kit: Kit }) {
    this.gun = gun;
    const door = new ServiceDoor(gun);
    const geometry = plainSection({ ...kit, syringeData: librarySyringeData(kit.syringe) });
    this.steps = [
      {
        ...({ kind: 'prompt', id: 'fixture', hands: { work: 'empty' } } as const),
        says: 'Take the syringe out and clamp the gun in its fixture, ring free, nobody near the needle',
      },
      { kind: 'do', id: 'service', again: true, says: 'Enter service: key and switch', run: () => door.enter() },
      {
        ...({ kind: 'prompt', id: 'cap', again: true } as const),
        says: 'Clip the probe cap on the ring when the lamp asks; take it off when it asks again',
      },
      { kind: 'do', id: 'probe', again: true, says: 'Home, and probe the ring plane', run: () => gun.home().then(() => gun.probe()) },
      { kind: 'do', id: 'geometry', again: true, says: 'Tell the gun which speeds are meant', run: () => gun.trial(geometry) },
      ...Array.from({ length: RUNS }, (_each, run) => this.needleStep(run)),
      { kind: 'do', id: 'home', says: 'Needle home', run: () => gun.needleHome() },
      ...Array.from({ length: RUNS }, (_each, run) => this.plungerStep(run)),
      { kind: 'do', id: 'leave', says: 'Leave service', run: () => door.leave() },
    ];
  }

  conclude(readings: Readings): Conclusion {
    const axes = (['needle', 'plunger'] as const).map((axis) => this.verdict(readings, axis));
    const criteria = axes.flatMap((each) => each.criteria);
    const [needle, plunger] = axes as [ReturnType<ClockProcedure['verdict']>, ReturnType<ClockProcedure['verdict']>];
    return {
      ...{ verdict: criteria.every((each) => each.holds) ? 'pass' : 'fail', certifies: 'all', criteria },
      fit: axes.map(({ axis, percent, budget }) => [
        `${axis} runs`,
        `${Math.abs(percent).toFixed(2)} ± ${budget.expanded.toFixed(2)} % ${percent < 0 ? 'slow' : 'fast'}; not corrected`,
      ]),
      numbers: {
        ...{ needleClockPercent: needle.percent, plungerClockPercent: plunger.percent },
        ...{ needleExpandedPercent: needle.budget.expanded, plungerExpandedPercent: plunger.budget.expanded },
      },
      ...{ doses: [], budget: plunger.budget, section: null, biasPercent: plunger.percent, cvPercent: null, n: RUNS, k: null },
      plots: [this.plot(readings)],
    };
  }

  private verdict(readings: Readings, axis: Axis) {
    const runs = readingsOf(readings, `${axis}-run-`);
    const { mean, sd, count } = sampleOf(runs.map(percentOf));
    const ofFits = Math.max(...runs.map((run) => (100 * valueOf(run, 'uUmPerS')) / valueOf(run, 'askedUmPerS')));
    const budget = budgetOf('%', [
      { name: `${axis}: repeatability`, u: sd / Math.sqrt(count), freedom: count - 1, from: `${count} runs` },
      { name: 'places and times on the way', u: ofFits, freedom: Infinity, from: 'straight-line fits' },
      { name: 'speed register', u: rectangular(REGISTER_PERCENT), freedom: Infinity, from: 'a whole number of clocks' },
      { name: 'crystal of the gun', u: rectangular(CRYSTAL_PERCENT), freedom: Infinity, from: '± 30 ppm' },
    ]);
    const doubt = count < 2 ? Infinity : studentQuantile(0.95, count - 1) * budget.u;
    return {
      ...{ axis, percent: mean, budget },
      criteria: [
        criterion(
          `clock of the ${axis}`,
          `${mean.toFixed(2)} ± ${doubt.toFixed(2)} %`,
          `± ${CLOCK_MOST_PERCENT} %`,
          Math.abs(mean) + doubt <= CLOCK_MOST_PERCENT,
        ),
        criterion(`${axis}: runs agree`, `${sd.toFixed(3)} %`, `${SPREAD_MOST_PERCENT} %`, sd <= SPREAD_MOST_PERCENT),
      ],
    };
  }

  private plot(readings: Readings): Plot {
    return {
      ...{ title: 'Speed of each run', xTitle: 'run', yTitle: 'fast, %', limit: CLOCK_MOST_PERCENT },
      points: (['needle', 'plunger'] as const).flatMap((axis) =>
        readingsOf(readings, `${axis}-run-`).map((reading, index) => ({ x: index + 1, y: percentOf(reading), series: axis })),
      ),
    };
  }

  private needleStep(run: number): ReadStep {
    return this.runStep(`needle-run-${run}`, 'Time the needle on its way', NEEDLE_UM_PER_S, async () => {
      await this.gun.needleTo(NEEDLE_FROM_UM, OUT_UM_PER_S);
      return this.gun.needleRun(NEEDLE_TO_UM, NEEDLE_UM_PER_S);
    });
  }

  private plungerStep(run: number): ReadStep {
    return this.runStep(`plunger-run-${run}`, 'Time the plunger on its way', PLUNGER_UM_PER_S, async () => {
      if (run > 0) await this.drain(this.gun.push({ forceMn: 0, speedUmPerS: PLUNGER_UM_PER_S, travelUm: -PLUNGER_WAY_UM }));
      const points = await this.drain(this.gun.push({ forceMn: 60_000, speedUmPerS: PLUNGER_UM_PER_S, travelUm: PLUNGER_WAY_UM }));
      return points.map((point) => ({ um: point.plungerUm, atMs: point.atMs }));
    });
  }

  private async drain<T>(seen: AsyncIterable<T>): Promise<T[]> {
    const all: T[] = [];
    for await (const each of seen) all.push(each);
    return all;
  }

  private runStep(id: string, says: string, askedUmPerS: number, go: () => Promise<readonly Place[]>): ReadStep {
    const take = async (): Promise<Values> => {
      const speed = evenSpeed(await go());
      if (speed === null)
        throw new MesogunError({
          exit: EXIT_TOLERANCE,
          what: 'too few places were seen on the way to tell a speed',
          why: 'the link is slow, or the way was cut short',
          next: 'look at the cable, then try again',
        });
      return { ...speed, askedUmPerS };
    };
    const judge = (values: Values): Finding[] => {
      const off = 100 * ((values['umPerS'] ?? 0) / askedUmPerS - 1);
      if (Math.abs(off) <= 2 * CLOCK_MOST_PERCENT) return [];
      return [
        {
          ...{ level: 'stop', code: 'range', step: id },
          what: `the axis ran at ${(values['umPerS'] ?? 0).toFixed(0)} µm/s where ${askedUmPerS} µm/s were asked`,
          why: 'no oscillator is that far off: it was held up, or the way was too short for the speed',
          next: 'free the axis and time it again',
        },
      ];
    };
    return { kind: 'read', id, instrument: 'clock of the gun', says, take, judge };
  }
}
