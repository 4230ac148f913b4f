// Weighs shots as differences of stable readings, with idle readings (blanks) between for evaporation and drift; turns the
// readings back into volumes. Not responsible for which shots are taken (dose-plan.ts). Runs at the desk.
import type { Balance } from '../instruments/balance.ts';
import type { BenchGun } from './bench-gun.ts';
import type { WeighedShot } from './dose-fit.ts';
import type { Evaporation } from './gravimetry.ts';
import { evaporationOf, volumeNl } from './gravimetry.ts';
import type { Finding, ReadStep, Reading, Readings, Values } from './steps.ts';
import { readingsOf, valueOf } from './steps.ts';
import { surroundingsOf } from './surroundings-steps.ts';

/** Chosen: a balance that does not stand within this does not stand at all in this draught. */
const STABLE_WITHIN_MS = 60_000;
/** An idle reading lasts as long as a shot with its weighing. Chosen. */
const BLANK_FOR_MS = 8000;
/** Less than this share of what was asked on the pan is no shot: the tip missed the vessel, the needle is blocked. Chosen. */
const NOTHING_BELOW = 0.5;
/** ... and more than this is not one either: something else fell on the pan. Chosen. */
const TOO_MUCH_ABOVE = 1.5;

export interface ShotAsk {
  readonly id: string;
  readonly doseNl: number;
  readonly rateNlPerS: number;
  /** Shots weighed together. */
  readonly pooled: number;
}

export class ShotWeighing {
  private readonly gun: BenchGun;
  private readonly balance: Balance;
  readonly instrument: string;
  /** Nothing was shot since priming: the next shot is a first one. */
  private fresh = false;

  constructor(gun: BenchGun, balance: Balance) {
    this.gun = gun;
    this.balance = balance;
    const { maker, model, serial } = balance.identity;
    this.instrument = [maker, model, serial].filter((part) => part !== '').join(' ');
  }

  /** Expels so much into the vessel; the shot that follows is a first one. */
  async prime(volumeNl: number): Promise<void> {
    await this.gun.prime(volumeNl);
    this.fresh = true;
  }

  /** Shots that nobody weighs: the start-up loss goes into them. */
  async settle(doseNl: number, rateNlPerS: number, count: number): Promise<void> {
    await this.gun.shoot({ doseNl, rateNlPerS, count });
    this.fresh = false;
  }

  shotStep(ask: ShotAsk): ReadStep {
    const together = ask.pooled > 1 ? `${ask.pooled} shots of ` : 'one shot of ';
    return {
      ...{ kind: 'read', id: ask.id, instrument: this.instrument },
      says: `Weigh ${together}${ask.doseNl / 1000} µL at ${ask.rateNlPerS / 1000} µL/s`,
      take: () => this.weigh(ask),
      judge: (values) => shotFindings(ask, values),
    };
  }

  blankStep(id: string): ReadStep {
    const take = async (): Promise<Values> => {
      const before = await this.balance.stable(STABLE_WITHIN_MS);
      await this.balance.wait(BLANK_FOR_MS);
      const after = await this.balance.stable(STABLE_WITHIN_MS);
      return { lostMg: before.mg - after.mg, tookMs: after.atMs - before.atMs };
    };
    return { kind: 'read', id, instrument: this.instrument, says: 'Read the pan twice without a shot: evaporation and drift', take };
  }

  private async weigh(ask: ShotAsk): Promise<Values> {
    const before = await this.balance.stable(STABLE_WITHIN_MS);
    const shot = await this.gun.shoot({ doseNl: ask.doseNl, rateNlPerS: ask.rateNlPerS, count: ask.pooled });
    const after = await this.balance.stable(STABLE_WITHIN_MS);
    const first = this.fresh ? 1 : 0;
    this.fresh = false;
    return {
      doseNl: ask.doseNl,
      rateNlPerS: ask.rateNlPerS,
      pooled: ask.pooled,
      beforeMg: before.mg,
      afterMg: after.mg,
      tookMs: after.atMs - before.atMs,
      fromUm: shot.fromUm,
      toUm: shot.toUm,
      peakForceMn: shot.peakForceMn,
      steadyForceMn: shot.steadyForceMn,
      movedForMs: shot.tookMs,
      first,
    };
  }
}

function shotFindings(ask: ShotAsk, values: Values): Finding[] {
  const gainedMg = (values['afterMg'] ?? 0) - (values['beforeMg'] ?? 0);
  const askedMg = (ask.doseNl * ask.pooled) / 1000;
  if ((gainedMg >= askedMg * NOTHING_BELOW || values['first'] === 1) && gainedMg <= askedMg * TOO_MUCH_ABOVE) return [];
  const less = gainedMg < askedMg;
  return [
    {
      ...{ level: 'stop', code: 'range', step: ask.id },
      what: `the pan gained ${gainedMg.toFixed(2)} mg where about ${askedMg.toFixed(2)} mg were shot`,
      why: less
        ? 'the liquid did not reach the vessel, or it hangs at the tip, or the needle is blocked'
        : 'something else came upon the pan, or the balance was touched',
      next: 'look at tip and vessel, then take this reading again',
    },
  ];
}

/** Mean rate from all blanks so far. */
export const evaporationIn = (readings: Readings): Evaporation =>
  evaporationOf(
    readingsOf(readings, 'blank-').map((reading) => ({ lostMg: valueOf(reading, 'lostMg'), tookMs: valueOf(reading, 'tookMs') })),
  );

/** A reading as a weighed shot, in nL. */
export function weighedShot(reading: Reading, readings: Readings, evaporation = evaporationIn(readings)): WeighedShot {
  const gainedMg = valueOf(reading, 'afterMg') - valueOf(reading, 'beforeMg');
  return {
    doseNl: valueOf(reading, 'doseNl'),
    fromUm: valueOf(reading, 'fromUm'),
    toUm: valueOf(reading, 'toUm'),
    volumeNl: volumeNl(gainedMg, valueOf(reading, 'tookMs'), evaporation, surroundingsOf(readings)),
    pooled: valueOf(reading, 'pooled'),
    first: valueOf(reading, 'first') === 1,
  };
}

export function weighedShots(readings: Readings, prefix: string): WeighedShot[] {
  const evaporation = evaporationIn(readings);
  return readingsOf(readings, prefix).map((reading) => weighedShot(reading, readings, evaporation));
}
