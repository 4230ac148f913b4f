// Calibrates the dose of one syringe with one needle and liquid: prime, weigh, fit, apply, verify with fresh doses, the last
// doses of the syringe. Not responsible for weighing, fit and verdict themselves. Runs at the desk.
import type { Conclusion, Procedure } from './conclusion.ts';
import type { DoseSetup } from './dose-conclusion.ts';
import { concludeDose, doseSection, plainSection, unfit } from './dose-conclusion.ts';
import { fitDose } from './dose-fit.ts';
import { driftFindings, fitFindings, outlierFindings } from './dose-judge.ts';
import type { DoseLevel } from './dose-plan.ts';
import { interleaved } from './dose-plan.ts';
import { ServiceDoor } from './service-door.ts';
import { ShotWeighing, weighedShots } from './shot-weighing.ts';
import type { Finding, Readings, Step } from './steps.ts';
import { readingsOf } from './steps.ts';
import { surroundingsSteps } from './surroundings-steps.ts';

/** A blank after so many shots. Chosen. */
const BLANK_EVERY = 6;
/** Shots that nobody weighs after priming anew. Chosen. */
const SETTLING_SHOTS = 2;
/** Most that the gun primes at once. Source: firmware/core/session-bench.ts. */
const PRIME_MOST_NL = 300_000;

export class DoseProcedure implements Procedure {
  readonly kind = 'dose';
  readonly title: string;
  readonly steps: readonly Step[];
  readonly plan: Readonly<Record<string, unknown>>;
  private readonly setup: DoseSetup;
  private readonly weighing: ShotWeighing;
  private readonly door: ServiceDoor;
  private leftNl: number;
  private refills = 0;
  private primings = 0;
  /** What priming again has used beyond the plan. */
  private repeatedNl = 0;

  constructor(setup: DoseSetup) {
    const { syringe, needle, plan } = setup;
    this.setup = setup;
    this.door = new ServiceDoor(setup.gun);
    const what = setup.inForce === null ? 'Dose' : 'Verification of the dose';
    this.title = `${what} of ${syringe.name} with ${needle.name}`;
    this.plan = { syringe: syringe.id, needle: needle.id, ...plan };
    this.weighing = new ShotWeighing(setup.gun, setup.balance);
    this.leftNl = plan.fillNl;
    this.leftNl -= plan.primeNl + this.settlingNl;
    const fitting = setup.inForce === null ? this.fitting() : [];
    this.steps = [...this.opening(), ...fitting, ...this.verifying(), ...this.closing()];
  }

  /** Shots after priming that nobody weighs. */
  private get settlingNl(): number {
    const [low] = this.setup.plan.levels as [DoseLevel];
    return SETTLING_SHOTS * low.doseNl;
  }

  conclude(readings: Readings): Conclusion {
    return concludeDose(this.setup, readings);
  }

  private opening(): Step[] {
    const { gun, balance, syringe, needle, known } = this.setup;
    return [
      ...surroundingsSteps(known),
      {
        ...{ kind: 'prompt', id: 'kit' },
        says: `Fit a ${syringe.name} filled with ${this.setup.plan.fillNl / 1000} µL of the liquid, without air, and the needle ${needle.name}. The liquid has stood at room temperature for two hours`,
      },
      {
        ...{ kind: 'prompt', id: 'pan' },
        says: 'Clamp the gun in its fixture over the vessel on the pan, the tip touching the wall or the liquid in it; close the draught shield',
      },
      { kind: 'do', id: 'service', again: true, says: 'Enter service: key and switch', run: () => this.door.enter() },
      { kind: 'do', id: 'home', again: true, says: 'Home needle and plunger', run: () => gun.home() },
      {
        ...{ kind: 'do', id: 'geometry', again: true, says: 'Tell the gun which syringe is in' },
        run: () => gun.trial(this.setup.inForce ?? plainSection(this.setup)),
      },
      {
        kind: 'do',
        id: 'prime',
        again: true,
        says: 'Prime into the vessel',
        run: (readings: Readings) => this.prime(this.setup.inForce !== null || readingsOf(readings, 'fit-').length > 0),
      },
      { kind: 'do', id: 'tare', again: true, says: 'Tare the balance', run: () => balance.tare() },
      this.weighing.blankStep('blank-0'),
    ];
  }

  private fitting(): Step[] {
    const { plan } = this.setup;
    const levels = interleaved(plan.levels.map((level) => ({ level, count: level.fits })));
    return [
      ...this.series('fit', levels),
      { kind: 'check', id: 'check-fit-drift', says: 'Is the pan quiet enough?', judge: (readings) => this.drift(readings) },
      {
        kind: 'check',
        id: 'check-fit-outlier',
        says: 'Does each shot belong to the rest?',
        judge: (readings) => this.outliers(readings, 'fit-'),
      },
      {
        ...{ kind: 'check', id: 'check-fit', says: 'Does volume follow travel?' },
        judge: (readings: Readings) => {
          const shots = weighedShots(readings, 'fit-');
          const fit = fitDose(shots);
          if (fit === null) throw unfit();
          return fitFindings(shots, fit);
        },
      },
      {
        ...{ kind: 'do', id: 'apply', again: true, renews: 'verify-', says: 'Let the gun try the new figures' },
        run: async (readings: Readings) => {
          const fit = fitDose(weighedShots(readings, 'fit-'));
          // A run that is taken up before its fit has nothing to apply yet.
          if (fit === null) return;
          await this.setup.gun.trial(doseSection(this.setup, fit));
        },
      },
    ];
  }

  private verifying(): Step[] {
    const levels = interleaved(this.setup.plan.levels.map((level) => ({ level, count: level.verifies })));
    return [
      ...this.series('verify', levels),
      { kind: 'check', id: 'check-verify-drift', says: 'Was the pan still quiet?', judge: (readings) => this.drift(readings) },
      {
        ...{ kind: 'check', id: 'check-verify-outlier', says: 'Does each verification dose belong to the rest?' },
        judge: (readings: Readings) => this.outliers(readings, 'verify-'),
      },
    ];
  }

  private closing(): Step[] {
    const { gun, plan } = this.setup;
    const [low] = plan.levels as [DoseLevel];
    const neededNl = plan.lastDoses * low.doseNl * low.pooled + this.settlingNl;
    const expelNl = this.leftNl - plan.reserveNl - neededNl;
    const steps: Step[] = [];
    if (expelNl > 0) {
      steps.push({
        ...{ kind: 'do', id: 'empty', says: `Expel ${(expelNl / 1000).toFixed(0)} µL, until the last doses of the syringe` },
        run: async () => {
          // What priming again after breaks has used is not there any more.
          for (let left = expelNl - this.repeatedNl; left > 0; left -= PRIME_MOST_NL) await gun.prime(Math.min(left, PRIME_MOST_NL));
          await this.weighing.settle(low.doseNl, low.rateNlPerS, SETTLING_SHOTS);
        },
      });
    }
    for (let index = 0; index < plan.lastDoses; index++) steps.push(this.weighing.shotStep({ ...low, id: `last-${index}` }));
    steps.push({ kind: 'do', id: 'leave', says: 'Leave service', run: () => this.door.leave() });
    return steps;
  }

  /** Shots of one series, with a blank every few, and a refill where the syringe runs out. */
  private series(name: 'fit' | 'verify', levels: readonly DoseLevel[]): Step[] {
    const { plan } = this.setup;
    const steps: Step[] = [];
    levels.forEach((level, index) => {
      const needNl = level.doseNl * level.pooled;
      if (this.leftNl - needNl < plan.reserveNl) {
        steps.push(...this.refill());
        this.leftNl = plan.fillNl - plan.primeNl - this.settlingNl;
      }
      this.leftNl -= needNl;
      steps.push(this.weighing.shotStep({ ...level, id: `${name}-${index}` }));
      if ((index + 1) % BLANK_EVERY === 0) steps.push(this.weighing.blankStep(`blank-${name}-${index}`));
    });
    return steps;
  }

  private refill(): Step[] {
    const { gun, plan } = this.setup;
    const id = `refill-${(this.refills += 1)}`;
    return [
      // The pusher must be back before the rod can be taken out from before it.
      { kind: 'do', id: `${id}-home`, says: 'Plunger home, so that the syringe comes out', run: () => gun.home() },
      {
        ...{ kind: 'prompt', id, hands: { work: 'refill' } },
        says: `Fill the same syringe again with ${plan.fillNl / 1000} µL, without air, and fit it`,
      },
      {
        ...{ kind: 'do', id: `${id}-prime`, says: 'Prime again' },
        run: async () => {
          await this.prime(true);
          this.repeatedNl = 0;
        },
      },
    ];
  }

  /** Primes; where the start-up loss has been weighed already, it goes into shots that nobody weighs. */
  private async prime(settle: boolean): Promise<void> {
    await this.weighing.prime(this.setup.plan.primeNl);
    const [low] = this.setup.plan.levels as [DoseLevel];
    if (settle) await this.weighing.settle(low.doseNl, low.rateNlPerS, SETTLING_SHOTS);
    if (this.primings > 0) this.repeatedNl += this.setup.plan.primeNl + this.settlingNl;
    this.primings += 1;
  }

  private drift(readings: Readings): Finding[] {
    const [low] = this.setup.plan.levels as [DoseLevel];
    return driftFindings(readings, low.doseNl * low.pooled);
  }

  private outliers(readings: Readings, prefix: string): Finding[] {
    const steps = readingsOf(readings, prefix).map((reading) => reading.step);
    return outlierFindings(weighedShots(readings, prefix), steps, prefix === 'fit-');
  }
}
