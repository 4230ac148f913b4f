// How long a programme's prick takes, from its words and the motion laws of the reference gun alone: for plans and for
// the shortest legal cadence. The device does not use it; it measures. Source of the laws: trapezoids; first-order lag. Desk side.
import { compensationNl, lagForMs } from '../firmware/core/dose.ts';
import * as P from '../firmware/core/program.ts';
import { HOME_BEHIND_RING_UM, NEEDLE_ACCELERATION_MM_PER_S2, PLUNGER_ACCELERATION_MM_PER_S2, TICK_MS } from './gun.ts';

/** Ring press until the force has stood in its window. Source: firmware/core/stroke.ts, 40 ms, and a tick to see it. */
const PRESS_MS = 40 + TICK_MS;
/** Arrivals are looked for when they are due, not a tick later; permit and result cost a tick each, and two journal pages are written. Chosen. */
const OVERHEAD_MS = 2 * TICK_MS + 10;

/** Time in ms for a way at a speed with ramps of `acceleration`: trapezoid, or triangle when the way is short. Units mm, s. */
export function moveMs(wayMm: number, mmPerS: number, mmPerS2: number): number {
  if (wayMm <= 0) return 0;
  if (wayMm * mmPerS2 < mmPerS * mmPerS) return 2000 * Math.sqrt(wayMm / mmPerS2);
  return 1000 * (wayMm / mmPerS + mmPerS / mmPerS2);
}

export interface CycleMs {
  readonly insertMs: number;
  readonly doseMs: number;
  readonly dwellMs: number;
  readonly withdrawMs: number;
  readonly overheadMs: number;
  readonly totalMs: number;
}

interface Sums {
  tipUm: number;
  insertMs: number;
  doseMs: number;
  dwellMs: number;
  withdrawMs: number;
  pressMs: number;
  /** The first dose of a prick carries the compensation. */
  pressurised: boolean;
  /** Wait that the last dose needs until its lag has flowed; 0 once it has been waited for. */
  lagMs: number;
}

const word = (words: Int32Array, index: number): number => words[index] ?? 0;

function dose(words: Int32Array, sums: Sums, volumeNl: number, nlPerS: number): void {
  const nlPerMm = word(words, P.P_NL_PER_MM);
  const pushedNl = volumeNl + (sums.pressurised ? 0 : compensationNl(words));
  sums.pressurised = true;
  sums.doseMs += moveMs(pushedNl / nlPerMm, nlPerS / nlPerMm, PLUNGER_ACCELERATION_MM_PER_S2);
  sums.lagMs = lagForMs(words, volumeNl, nlPerS);
}

function step(words: Int32Array, sums: Sums, at: number): void {
  const [op, a, b, c] = [word(words, at), word(words, at + 1), word(words, at + 2), word(words, at + 3)];
  if (op === P.STEP_PRESS) sums.pressMs += PRESS_MS;
  if (op === P.STEP_INSERT) {
    sums.insertMs += moveMs((b - sums.tipUm) / 1000, c / 1000, NEEDLE_ACCELERATION_MM_PER_S2);
    sums.tipUm = b;
  }
  if (op === P.STEP_DOSE) dose(words, sums, a, b);
  if (op === P.STEP_DWELL) {
    sums.dwellMs += Math.max(a, sums.lagMs);
    sums.lagMs = 0;
  }
  if (op === P.STEP_WITHDRAW) {
    const toUm = a === P.WITHDRAW_HOME ? -HOME_BEHIND_RING_UM : a;
    sums.dwellMs += sums.lagMs;
    sums.lagMs = 0;
    sums.withdrawMs += moveMs((sums.tipUm - toUm) / 1000, b / 1000, NEEDLE_ACCELERATION_MM_PER_S2);
    sums.tipUm = toUm;
  }
}

/** Predicted parts of one prick, from contact to needle home; ms, unrounded but the total. */
export function cycleOf(words: Int32Array): CycleMs {
  const sums: Sums = {
    tipUm: -HOME_BEHIND_RING_UM,
    insertMs: 0,
    doseMs: 0,
    dwellMs: 0,
    withdrawMs: 0,
    pressMs: 0,
    pressurised: false,
    lagMs: 0,
  };
  for (let i = 0; i < word(words, P.P_STEP_COUNT); i++) step(words, sums, P.P_STEPS + i * P.STEP_WORDS);
  const { insertMs, doseMs, dwellMs, withdrawMs } = sums;
  const overheadMs = sums.pressMs + OVERHEAD_MS;
  return { insertMs, doseMs, dwellMs, withdrawMs, overheadMs, totalMs: Math.ceil(insertMs + doseMs + dwellMs + withdrawMs + overheadMs) };
}

/** The shortest cadence: one prick, and the way to the next point at the fastest hand that the technique allows. */
export function shortestLegalPeriodMs(words: Int32Array): number {
  return cycleOf(words).totalMs + Math.ceil((1000 * word(words, P.P_SPACING_UM)) / word(words, P.P_HAND_UM_PER_S));
}
