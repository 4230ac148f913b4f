// A gun and a balance as sums: what a procedure needs of BenchGun and Balance, with a truth that only the test knows. For guard
// rails and crashes; the virtual gun with its chips and its liquid is used in calibrate.spec.ts.
import { gauss } from '../../../sim/random.ts';
import type { BenchGun, BenchReading, PushPointRead, ShotResult } from '../../../tools/calibration/bench-gun.ts';
import type { GunSection, TrialSection } from '../../../tools/calibration/gun-record.ts';
import type { ScrewPeriod } from '../../../tools/calibration/screw-period.ts';
import { periodErrorUm } from '../../../tools/calibration/screw-period.ts';
import type { Balance, BalanceTrouble, Weighing } from '../../../tools/instruments/balance.ts';
import { BalanceError } from '../../../tools/instruments/balance.ts';
import type { Gauge } from '../../../tools/instruments/gauge.ts';

export interface HiddenTruth {
  readonly nlPerMm: number;
  readonly period: ScrewPeriod;
  readonly startUpNl: number;
  /** Lost in each shot, and its scatter. */
  readonly perShotNl: number;
  readonly scatterNl: number;
  readonly needle: { offsetUm: number; gainPpm: number; period: ScrewPeriod; backlashUm: number };
}

export const TRUTH: HiddenTruth = {
  nlPerMm: 17_700,
  period: { amplitudeUm: 5, phaseRad: 0.8 },
  startUpNl: 150,
  perShotNl: 0,
  scatterNl: 20,
  needle: { offsetUm: 110, gainPpm: 1200, period: { amplitudeUm: 6, phaseRad: 2 }, backlashUm: 15 },
};
const NOMINAL_NL_PER_MM = 17_945;
const RING_UM = 3000;
const SHOT_MS = 900;

/** A promise of what `make` answers or throws. */
const soon = <T>(make: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(make());
  });

export class ModelBench {
  readonly truth: HiddenTruth;
  readonly seed: number;
  /** Milligrams on the pan, and what the balance adds by drift a minute. */
  panMg = 100;
  driftMgPerMin = 0.002;
  noiseMg = 0.015;
  nowMs = 0;
  /** Extra milligrams in the n-th shot, by its number from 1. */
  readonly extraMg = new Map<number, number>();
  /** Trouble of the n-th stable weight, by its number from 1. */
  readonly troubles = new Map<number, BalanceTrouble>();
  /** True dose of each shot, µL·1000, as fired. */
  readonly delivered: number[] = [];
  gaugeMistake: { readonly reading: number; readonly mm: number } | null = null;
  trial: TrialSection | null = null;
  stored: GunSection[] = [];
  homed = 0;
  primed = 0;
  inService = false;
  private weighings = 0;
  private gaugings = 0;
  private plungerUm = 0;
  private fresh = true;
  private tipUm = 0;
  private direction = 1;

  constructor(truth: HiddenTruth = TRUTH, seed = 1) {
    this.truth = truth;
    this.seed = seed;
  }

  readonly gun: BenchGun = {
    gunId: '77',
    firmware: '1',
    simulated: true,
    enter: () => soon(() => void (this.inService = true)),
    leave: () =>
      soon(() => {
        this.inService = false;
        this.trial = null;
      }),
    home: () =>
      soon(() => {
        this.homed += 1;
        this.plungerUm = 0;
        return { latchUm: 50 };
      }),
    probe: () => soon(() => ({ ringUm: RING_UM, touchMn: 200 })),
    needleTo: (tipUm) =>
      soon(() => {
        this.direction = tipUm >= this.tipUm ? 1 : -1;
        this.tipUm = tipUm;
        return { commandedUm: tipUm, encoderUm: tipUm, axisUm: RING_UM + tipUm };
      }),
    needleRun: () => soon(() => []),
    needleHome: () => soon(() => void (this.tipUm = -RING_UM)),
    prime: (volumeNl) =>
      soon(() => {
        this.primed += 1;
        this.plungerUm += 2000 + volumeNl / 18;
        this.panMg += volumeNl / 1000;
        this.fresh = true;
      }),
    shoot: (shot) => soon(() => this.shoot(shot.doseNl, shot.rateNlPerS, shot.count)),
    push: () => this.push(),
    tare: () => soon(() => {}),
    read: () => soon(() => this.reading()),
    trial: (section) => soon(() => void (this.trial = section)),
    sections: () => soon(() => this.stored),
    store: (section) => soon(() => void this.stored.push(section)),
    remove: () => soon(() => false),
    wait: (forMs) => soon(() => this.pass(forMs)),
    close: () => soon(() => {}),
  };

  readonly balance: Balance = {
    identity: { maker: 'Model', model: 'M1', serial: '5', readabilityMg: 0.01, capacityMg: 220_000 },
    tare: () => soon(() => {}),
    zero: () => soon(() => {}),
    stable: () => soon(() => this.stable()),
    now: () => soon(() => this.stable()),
    stream: () => soon(() => () => soon(() => undefined)),
    cancel: () => soon(() => {}),
    nowMs: () => this.nowMs,
    wait: (forMs) => soon(() => this.pass(forMs)),
    close: () => soon(() => {}),
  };

  readonly gauge: Gauge = {
    identity: { maker: 'Model', model: 'G1', serial: '6', resolutionMm: 0.001 },
    read: () =>
      soon(() => {
        this.gaugings += 1;
        const mistake = this.gaugeMistake?.reading === this.gaugings ? this.gaugeMistake.mm : 0;
        const mm = (this.trueTipUm() + 2 * gauss(this.seed, 'gauge', this.gaugings)) / 1000 + mistake;
        return { mm: Math.round(mm * 1000) / 1000, atMs: this.nowMs };
      }),
    nowMs: () => this.nowMs,
    wait: (forMs) => soon(() => this.pass(forMs)),
    close: () => soon(() => {}),
  };

  /** Depth of the tip with the trial section applied as the gun would. */
  trueTipUm(): number {
    const { offsetUm, gainPpm, period, backlashUm } = this.truth.needle;
    const error = (um: number): number => offsetUm + (gainPpm * um) / 1e6 + periodErrorUm(period, RING_UM + um, 4000);
    let sentUm = this.tipUm;
    if (this.trial?.kind === 'depth') {
      const { offsetUm: offset, gainPpm: gain, period: screw } = this.trial;
      sentUm -= offset + (gain * sentUm) / 1e6 + periodErrorUm(screw, RING_UM + sentUm, 4000);
    }
    return sentUm + error(sentUm) + (this.direction < 0 ? backlashUm : 0);
  }

  private shoot(doseNl: number, rateNlPerS: number, count: number): ShotResult {
    const fromUm = this.plungerUm;
    for (let shot = 0; shot < count; shot++) {
      const dose = this.trial?.kind === 'dose' ? this.trial : null;
      const travelUm = (1000 * doseNl) / (dose?.nlPerMm ?? NOMINAL_NL_PER_MM);
      const screw = (um: number): number => periodErrorUm(this.truth.period, um, 1000) - (dose ? periodErrorUm(dose.period, um, 1000) : 0);
      const toUm = this.plungerUm + travelUm;
      const movedUm = travelUm + screw(toUm) - screw(this.plungerUm);
      const lostNl = this.truth.perShotNl + (this.fresh ? this.truth.startUpNl : 0);
      const number = this.delivered.length + 1;
      const volumeNl = (movedUm * this.truth.nlPerMm) / 1000 - lostNl + this.truth.scatterNl * gauss(this.seed, 'shot', number);
      this.delivered.push(volumeNl);
      this.panMg += volumeNl / 1000 / 1.002861 + (this.extraMg.get(number) ?? 0);
      this.plungerUm = toUm;
      this.fresh = false;
    }
    this.pass(SHOT_MS);
    const tookMs = Math.round(40 + (1e3 * doseNl) / rateNlPerS);
    return { fromUm, toUm: this.plungerUm, peakForceMn: 2000, steadyForceMn: 1500, tookMs };
  }

  private stable(): Weighing {
    this.weighings += 1;
    this.pass(3000);
    const trouble = this.troubles.get(this.weighings);
    if (trouble !== undefined) throw new BalanceError(trouble, `the balance: ${trouble}`, 'the test says so', 'look at it and try again');
    const mg = this.panMg - (this.driftMgPerMin * this.nowMs) / 60_000 + this.noiseMg * gauss(this.seed, 'pan', this.weighings);
    return { mg: Math.round(mg * 100) / 100, stable: true, atMs: this.nowMs };
  }

  private async *push(): AsyncIterable<PushPointRead> {
    for (let index = 0; index < 200; index++) {
      const x = 0.004 * index;
      const bent = Math.max(0, x - 0.05);
      const force = bent * 60 < 3 ? bent * 60 : 1.5 + 7.09 * (bent - 0.025);
      if (force > 6) return;
      await Promise.resolve();
      yield { plungerUm: 4000 + 1000 * x, forceMn: 1000 * force, atMs: 40 * index };
    }
  }

  private reading(): BenchReading {
    return {
      ...{ needleUm: RING_UM + this.tipUm, encoderUm: RING_UM + this.tipUm, plungerUm: this.plungerUm, ringMn: 0, pusherMn: 0 },
      ...{ wheelUm: 0, homeErrorUm: 0, ringUm: RING_UM, atMs: this.nowMs },
    };
  }

  private pass(forMs: number): void {
    this.nowMs += forMs;
  }
}
