// Calibrates the load cells of ring and plunger with weights: a line through known loads, then fresh weights with the new figure in
// use. Nothing of the gun moves. Not responsible for the sums (force-judge.ts). Runs at the desk.
import { EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import type { BenchGun } from './bench-gun.ts';
import type { Conclusion, Plot, Procedure } from './conclusion.ts';
import type { CellPlan, CellVerdict, Load } from './force-judge.ts';
import { CELLS, GRAVITY_M_PER_S2, cellVerdict, fitLoads, forceMn, loadFindings, loadOf, massStep, readingFindings } from './force-judge.ts';
import { sampleOf } from './sample.ts';
import type { SensorTrial } from './sensor-section.ts';
import { ServiceDoor } from './service-door.ts';
import { steadyReading } from './steady-reading.ts';
import type { AskStep, ReadStep, Readings, Step, Values } from './steps.ts';
import { readingsOf, valueOf } from './steps.ts';

export interface ForceSetup {
  readonly gun: BenchGun;
  /** What the gun counts by now; readings for the fit are taken with it. */
  readonly sensors: SensorTrial;
}

const unfit = (): MesogunError =>
  new MesogunError({
    exit: EXIT_TOLERANCE,
    what: 'the readings do not determine what a count of the cell is',
    why: 'fewer than two different loads stand',
    next: 'take the withdrawn readings again',
  });

const gravityIn = (readings: Readings): number => valueOf(readings.get('surroundings-gravity'), 'gravityMPerS2');
const fitPrefix = ({ cell }: CellPlan): string => `${cell}-fit-`;
const freshPrefix = ({ cell }: CellPlan): string => `${cell}-verify-`;

/** Readings of a series without the questions for their masses. */
const loadsIn = (readings: Readings, prefix: string): Load[] =>
  readingsOf(readings, prefix)
    .filter((reading) => reading.values['readMn'] !== undefined)
    .map(loadOf);

export class ForceProcedure implements Procedure {
  readonly kind = 'force';
  readonly title = 'Load cells of ring and plunger';
  readonly steps: readonly Step[];
  readonly plan: Readonly<Record<string, unknown>>;
  private readonly setup: ForceSetup;
  private readonly door: ServiceDoor;

  constructor(setup: ForceSetup) {
    this.setup = setup;
    this.door = new ServiceDoor(setup.gun);
    this.plan = { cells: CELLS.map(({ cell, fitGrams, freshGrams }) => ({ cell, fitGrams, freshGrams })) };
    this.steps = [
      {
        ...{ kind: 'ask', id: 'surroundings-gravity', name: 'gravityMPerS2', unit: 'm/s²', least: 9.76, most: 9.84 },
        says: 'Gravity here (9.80665 is the standard; look yours up for the last quarter of a percent)',
        usual: GRAVITY_M_PER_S2,
      },
      { kind: 'do', id: 'service', again: true, says: 'Enter service: key and switch; the motors stay off', run: () => this.door.enter() },
      {
        ...{ kind: 'do', id: 'known', again: true, says: 'Let the gun count by the figures that it has' },
        run: () => setup.gun.trial(setup.sensors),
      },
      ...CELLS.flatMap((plan) => this.cellSteps(plan)),
      { kind: 'do', id: 'leave', says: 'Leave service', run: () => this.door.leave() },
    ];
  }

  conclude(readings: Readings): Conclusion {
    const gravity = gravityIn(readings);
    const verdicts = CELLS.map((plan) => {
      const line = fitLoads(loadsIn(readings, fitPrefix(plan)));
      if (line === null) throw unfit();
      const zeroMn = valueOf(readings.get(`${freshPrefix(plan)}zero`), 'readMn');
      return cellVerdict(plan, line, this.fresh(readings, plan), zeroMn, gravity);
    });
    const criteria = verdicts.flatMap((each) => each.criteria);
    const section = this.section(readings);
    const [ring, pusher] = verdicts as [CellVerdict, CellVerdict];
    const worse = ring.budget.expanded >= pusher.budget.expanded ? ring : pusher;
    return {
      verdict: criteria.every((each) => each.holds) ? 'pass' : 'fail',
      certifies: 'all',
      criteria,
      fit: verdicts.flatMap(({ plan, line, budget }) => {
        const counts = section[`${plan.cell}CountsPerN`];
        return [
          [plan.name, `${counts.toFixed(0)} ± ${((counts * budget.expanded) / 100).toFixed(0)} counts/N`],
          [
            `${plan.name} before`,
            `showed ${(100 * (line.slope - 1)).toFixed(2)} % too ${line.slope > 1 ? 'much' : 'little'}`.replace('-', ''),
          ],
          [`${plan.name}, scatter about the line`, `${line.residualSd.toFixed(1)} mN`],
        ] as const;
      }),
      numbers: {
        ...{ ringCountsPerN: section.ringCountsPerN, pusherCountsPerN: section.pusherCountsPerN },
        ...{ ringGainBefore: ring.line.slope, pusherGainBefore: pusher.line.slope },
        ...{ ringExpandedPercent: ring.budget.expanded, pusherExpandedPercent: pusher.budget.expanded },
      },
      ...{ doses: [], budget: worse.budget, section, biasPercent: null, cvPercent: null },
      ...{ n: sampleOf(verdicts.flatMap((each) => each.errorsMn)).count, k: null },
      plots: verdicts.flatMap((each) => this.plots(readings, each)),
    };
  }

  private fresh(readings: Readings, plan: CellPlan): Load[] {
    return loadsIn(readings, freshPrefix(plan)).filter((each) => each.loadMn > 0);
  }

  /** What the gun is to count by, as far as the cells were measured; the rest as it was. */
  private section(readings: Readings): SensorTrial {
    const { sensors } = this.setup;
    const slope = (plan: CellPlan): number => fitLoads(loadsIn(readings, fitPrefix(plan)))?.slope ?? 1;
    const [ring, pusher] = CELLS as [CellPlan, CellPlan];
    return {
      ...sensors,
      ringCountsPerN: Math.round(sensors.ringCountsPerN * slope(ring)),
      pusherCountsPerN: Math.round(sensors.pusherCountsPerN * slope(pusher)),
    };
  }

  private cellSteps(plan: CellPlan): Step[] {
    const { cell, fitGrams, freshGrams } = plan;
    const none = { work: 'lay', cell, grams: 0 } as const;
    const loads = (prefix: string, grams: readonly number[]): Step[] =>
      grams.flatMap((each) => this.loadSteps(plan, `${prefix}${each}g`, each));
    const fit = fitPrefix(plan);
    const fresh = freshPrefix(plan);
    return [
      { kind: 'prompt', id: `${cell}-clamp`, says: plan.says, hands: none },
      this.zeroStep(plan, `${fit}zero`),
      ...loads(fit, fitGrams),
      { kind: 'prompt', id: `${cell}-off`, says: `Take all weights off the ${cell}`, hands: none },
      this.zeroStep(plan, `${fit}end`),
      {
        ...{ kind: 'check', id: `${cell}-check`, says: `Does the ${plan.name} follow the weights?` },
        judge: (readings: Readings) => loadFindings(plan, loadsIn(readings, fit)),
      },
      {
        ...{ kind: 'do', id: `${cell}-apply`, again: true, renews: fresh, says: 'Let the gun try the new figure' },
        run: (readings: Readings) => this.setup.gun.trial(this.section(readings)),
      },
      this.zeroStep(plan, `${fresh}zero`),
      ...loads(fresh, freshGrams),
      { kind: 'prompt', id: `${cell}-done`, says: `Take all weights off the ${cell}`, hands: none },
    ];
  }

  private loadSteps(plan: CellPlan, id: string, grams: number): [AskStep, ReadStep] {
    const { cell } = plan;
    return [
      {
        ...{
          kind: 'ask',
          id: massStep(id),
          name: 'massG',
          unit: 'g',
          least: grams - grams / 10,
          most: grams + grams / 10,
          usual: grams,
          renews: id,
        },
        says: `Lay ${grams} g on the ${cell}, in its middle, and type the exact mass`,
        hands: { work: 'lay', cell, grams },
      },
      this.readStep(plan, id, `Read the ${plan.name} under ${grams} g`),
    ];
  }

  private zeroStep(plan: CellPlan, id: string): ReadStep {
    return this.readStep(plan, id, `Read the ${plan.name} without a weight`);
  }

  private readStep(plan: CellPlan, id: string, says: string): ReadStep {
    const { gun } = this.setup;
    const take = async (readings: Readings): Promise<Values> => {
      const massG = readings.get(massStep(id))?.values['massG'] ?? 0;
      const name = plan.cell === 'ring' ? 'ringMn' : 'pusherMn';
      const { mean, sd, steady } = await steadyReading(async () => (await gun.read())[name], plan.floorMn / 10);
      const zero = readings.get(`${id.startsWith(fitPrefix(plan)) ? fitPrefix(plan) : freshPrefix(plan)}zero`);
      const values = { loadMn: forceMn(massG, gravityIn(readings)), readMn: mean, sdMn: sd };
      return { ...values, aboveZeroMn: mean - (zero?.values['readMn'] ?? mean), steady: steady ? 1 : 0 };
    };
    const judge: ReadStep['judge'] = (values) =>
      readingFindings(plan, id, values['loadMn'] ?? 0, values['aboveZeroMn'] ?? 0, values['steady'] === 1);
    return { kind: 'read', id, instrument: `${plan.name} of the gun`, says, take, judge };
  }

  private plots(readings: Readings, { plan, line, errorsMn }: CellVerdict): Plot[] {
    const loads = loadsIn(readings, fitPrefix(plan));
    const fresh = this.fresh(readings, plan);
    const zeroMn = loads[0]?.readMn ?? 0;
    return [
      {
        ...{ title: `${plan.name}: before and after`, xTitle: 'load, N', yTitle: 'shown less load, mN', limit: null },
        points: [
          ...loads.map((each) => ({ x: each.loadMn / 1000, y: each.readMn - zeroMn - each.loadMn, series: 'before' })),
          ...fresh.map((each, index) => ({ x: each.loadMn / 1000, y: errorsMn[index] ?? 0, series: 'fresh weights, after' })),
        ],
      },
      {
        ...{ title: `${plan.name}: residuals of the line`, xTitle: 'load, N', yTitle: 'mN', limit: plan.floorMn },
        points: loads.map((each, index) => ({ x: each.loadMn / 1000, y: line.residuals[index] ?? 0, series: 'weights' })),
      },
    ];
  }
}
