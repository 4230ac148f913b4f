// A checked treatment becomes the integer programme that the gun runs: mm to µm, µL to nL, depth in skin to tip position,
// fluid laws to integers. Not responsible for judging (check.ts); a word that does not fit is a programming error. Desk side.
import * as P from '../firmware/core/program.ts';
import { STAMP_DRIVEN, STAMP_MANUAL, STAMP_PASSIVE } from '../hal/devices.ts';
import { canonicalJson, crc32Of, kitId } from './canonical.ts';
import { shortestLegalPeriodMs } from './cycle.ts';
import { depthPlanOf, tipOf } from './depth.ts';
import { fluidPlanOf } from './fluid-words.ts';
import { HOME_BEHIND_RING_UM, PLUNGER_BACKLASH_MM } from './gun.ts';
import type { Step, Technique } from './schema.ts';
import { nlPerMmOf } from './treatment.ts';
import type { Treatment } from './treatment.ts';

const STAMP_WORDS = { passive: STAMP_PASSIVE, driven: STAMP_DRIVEN, manual: STAMP_MANUAL } as const;
const PERMIT_WORDS = { travel: P.PERMIT_TRAVEL, cadence: P.PERMIT_CADENCE, trigger: P.PERMIT_TRIGGER } as const;

const thousand = (value: number): number => Math.round(value * 1000);

/** The name as the gun shows it: ASCII, at most 16 characters. */
export function gunName(id: string): string {
  return id.slice(0, P.PROGRAM_NAME_WORDS * 4);
}

function nameWords(words: Int32Array, name: string): void {
  for (let i = 0; i < P.PROGRAM_NAME_WORDS * 4; i++) {
    const at = P.P_NAME + (i >> 2);
    words[at] = ((words[at] ?? 0) << 8) | (i < name.length ? name.charCodeAt(i) : 0);
  }
}

/** Splits the dose over the steps that give one, so that the shares sum to it exactly: the last one takes the rounding. */
function shareNl(technique: Technique, doseNl: number): (percent: number) => number {
  let percentLeft = 100;
  let leftNl = doseNl;
  return (percent) => {
    const nl = percent === percentLeft ? leftNl : Math.round((doseNl * percent) / 100);
    percentLeft -= percent;
    leftNl -= nl;
    return technique.doseUl === 0 ? 0 : nl;
  };
}

type StepWords = readonly [op: number, a: number, b: number, c: number];

function stepWords(treatment: Treatment, step: Step, share: (percent: number) => number): StepWords | null {
  const { technique } = treatment;
  const tip = (percent: number): { depthUm: number; tipUm: number } => {
    const depthUm = Math.round(technique.depthMm * 10 * percent);
    return { depthUm, tipUm: tipOf(treatment, depthUm).tipUm };
  };
  switch (step.do) {
    case 'press':
      return [P.STEP_PRESS, technique.stamp.mode === 'driven' ? thousand(technique.stamp.targetN) : 0, 0, 0];
    case 'insert': {
      const at = tip(step.depthPercent ?? 100);
      return [P.STEP_INSERT, at.depthUm, at.tipUm, thousand(step.insertionMmPerS)];
    }
    case 'dose':
      return technique.doseUl === 0 ? null : [P.STEP_DOSE, share(step.dosePercent ?? 100), thousand(step.rateUlPerS), 0];
    case 'dwell':
      return [P.STEP_DWELL, step.dwellMs, 0, 0];
    case 'withdraw': {
      const to = step.toDepthPercent ?? 0;
      const toUm = to === 0 ? P.WITHDRAW_HOME : Math.max(-HOME_BEHIND_RING_UM, tip(to).tipUm);
      return [P.STEP_WITHDRAW, toUm, thousand(step.withdrawalMmPerS), share(step.dosePercent ?? 0)];
    }
    case 'decompress':
      return [P.STEP_DECOMPRESS, 0, 0, 0];
    case 'release':
      return [P.STEP_RELEASE, 0, 0, 0];
  }
}

/** What the CRC in the programme covers: all that decides it, whatever file it came from. */
export function sourceTextOf(treatment: Treatment): string {
  return canonicalJson(treatment);
}

function headWords(words: Int32Array, treatment: Treatment, pricks: number): void {
  const { protocol, technique, syringe, needle } = treatment;
  const depth = depthPlanOf(treatment);
  const fluid = fluidPlanOf(treatment, depth);
  words[P.P_VERSION] = P.PROGRAM_VERSION;
  words[P.P_PERMIT] = PERMIT_WORDS[technique.permit.mode];
  words[P.P_SPACING_UM] = thousand(technique.spacingMm);
  words[P.P_PRICKS] = pricks;
  words[P.P_DOSE_NL] = thousand(technique.doseUl);
  words[P.P_SESSION_NL] = thousand(protocol.session.volumeUl);
  words[P.P_DEPTH_UM] = depth.depthUm;
  words[P.P_TIP_UM] = depth.tipUm;
  words[P.P_NEEDLE_UM] = thousand(needle.lengthMm);
  words[P.P_STAMP] = STAMP_WORDS[technique.stamp.mode];
  words[P.P_RING_MIN_MN] = thousand(technique.stamp.minN);
  words[P.P_RING_MAX_MN] = thousand(technique.stamp.maxN);
  words[P.P_HAND_UM_PER_S] = thousand(technique.handMmPerS);
  words[P.P_CAPACITY_NL] = thousand(syringe.capacityUl);
  words[P.P_FILL_NL] = thousand(treatment.fillUl);
  words[P.P_NL_PER_MM] = nlPerMmOf(syringe);
  words[P.P_COMPLIANCE_NL_PER_MPA] = Math.round(syringe.complianceUlPerKpa * 1e6);
  words[P.P_BACK_PA] = technique.doseUl === 0 ? 0 : thousand(fluid.backKpa);
  words[P.P_NEEDLE_PA_MS_PER_NL] = thousand(fluid.needleKpaSPerUl);
  words[P.P_TISSUE_PA_MS_PER_NL] = thousand(fluid.tissueKpaSPerUl);
  words[P.P_GLIDE_MN] = thousand(syringe.glideN);
  words[P.P_BREAK_LOOSE_MN] = thousand(syringe.breakLooseN);
  words[P.P_ROD_MN_PER_MM] = thousand(syringe.rodNPerMm);
  words[P.P_BACKLASH_UM] = thousand(PLUNGER_BACKLASH_MM);
  words[P.P_RESIDUAL_NL] = thousand(protocol.residualUl);
  words[P.P_PRIME_NL] = thousand(treatment.primeUl);
  words[P.P_PRIME_NL_PER_S] = thousand(protocol.prime.primeRateUlPerS);
  words[P.P_KIT] = kitId(syringe.id, needle.id);
  words[P.P_REFLUX_NL] = thousand(fluid.refluxUl);
  words[P.P_SOURCE_CRC] = crc32Of(sourceTextOf(treatment));
  nameWords(words, gunName(protocol.id));
}

/** The programme of a checked treatment for so many pricks. A period of 0 in a cadence becomes the shortest legal one. */
export function compileProtocol(treatment: Treatment, pricks: number): Int32Array {
  const { technique } = treatment;
  const words = new Int32Array(P.PROGRAM_WORDS_MAX);
  headWords(words, treatment, pricks);
  const share = shareNl(technique, thousand(technique.doseUl));
  let count = 0;
  for (const step of technique.steps) {
    const four = stepWords(treatment, step, share);
    if (four === null) continue;
    words.set(four, P.P_STEPS + count * P.STEP_WORDS);
    count++;
  }
  words[P.P_STEP_COUNT] = count;
  if (technique.permit.mode === 'cadence') {
    words[P.P_PERIOD_MS] = technique.permit.periodMs === 0 ? shortestLegalPeriodMs(words) : technique.permit.periodMs;
  }
  return words.slice(0, P.P_STEPS + count * P.STEP_WORDS);
}
