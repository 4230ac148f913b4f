// What this gun refuses, whoever asks: bounds of every programme word, then what the words must say together.
// The device never trusts the desk. A refusal names the limit (word index), the value, the bound and who set it.
import * as F from './faults.ts';
import * as P from './program.ts';
import { compensationBoundNl, compensationNl, heldNl, shareBoundNl } from './dose.ts';

// Bounds that a refusal names when they are not a single word's own: word index + 64 is the deepest word of a step list.
/** `limit` of a refusal that concerns the step list: 64 + step number. */
export const LIMIT_STEP = 64;

// prettier-ignore
const HARD = [
  // word: min, max. Source of depth, spacing, dose, pricks: what the gun is made for (README). The rest Chosen: what its mechanics can do.
  /* version            */ P.PROGRAM_VERSION, P.PROGRAM_VERSION,
  /* permit             */ 0, 2,
  /* spacingUm          */ 5000, 20000,
  /* periodMs           */ 0, 60000,
  /* pricks             */ 1, 200,
  /* doseNl             */ 0, 200000,
  /* sessionNl          */ 0, 10000000,
  /* depthUm            */ 1000, 10000,
  /* tipUm              */ -2000, 12000,
  /* needleUm           */ 2000, 13000,
  /* stamp              */ 0, 2,
  /* ringMinMn          */ 200, 5000,
  /* ringMaxMn          */ 500, 10000,
  /* handUmPerS         */ 1000, 50000,
  /* capacityNl         */ 500000, 10000000,
  /* fillNl             */ 0, 10000000,
  /* nlPerMm            */ 10000, 200000,
  /* complianceNlPerMpa */ 10000, 4000000,
  /* backPa             */ 0, 100000,
  /* needlePaMsPerNl    */ 0, 20000,
  /* tissuePaMsPerNl    */ 0, 2000,
  /* glideMn            */ 0, 20000,
  /* breakLooseMn       */ 0, 40000,
  /* rodMnPerMm         */ 1000, 1000000,
  /* backlashUm         */ 0, 300,
  /* residualNl         */ 20, 2000,
  /* primeNl            */ 0, 300000,
  /* primeNlPerS        */ 1000, 100000,
  /* kit                */ -2147483648, 2147483647,
  /* sourceCrc          */ -2147483648, 2147483647,
  /* refluxNl           */ 0, 50000,
  /* name               */ 0, 2147483647, 0, 2147483647, 0, 2147483647, 0, 2147483647,
  /* stepCount          */ 2, P.STEPS_MAX,
];
/** A wet programme knows that tissue and ring hold liquid back: one without compensation is no treatment. Chosen: below fat at rest under the lightest ring. */
const BACK_LEAST_PA = 1000;
/** Tip may lie beyond the depth by indentation and bulge, never by more than this, µm. */
const TIP_BEYOND_DEPTH_UM = 2000;
/** Fastest needle and plunger. Chosen: what the reference motors do with margin (hal/drivers). */
const NEEDLE_MAX_UM_PER_S = 120000;
const NEEDLE_MIN_UM_PER_S = 500;
const PLUNGER_MAX_UM_PER_S = 6000;
const DWELL_MAX_MS = 60000;
const PRESS_MAX_MN = 3000;
/** Least value of a word that has no place there. */
const NEVER = 2147483647;
/** Kept in the syringe: what the stopper cannot expel. */
const RESERVE_NL = 5000;

/** Hard and device limits, and the last refusal they led to. */
export class Limits {
  /** [code, limit, value, bound, setBy] of the last refusal. */
  readonly refusal = new Int32Array(5);
  /** Highest values this gun allows; starts at the hard ones and only shrinks (R55). */
  readonly deviceMax = new Int32Array(P.P_STEPS);
  private readonly hard = new Int32Array(HARD);

  constructor() {
    for (let word = 0; word < P.P_STEPS; word++) this.deviceMax[word] = this.hard[word * 2 + 1] as number;
  }

  /** What is not given is 0. Answers the code. */
  refuse(code: number, setBy: number, limit?: number, value?: number, bound?: number): number {
    const refusal = this.refusal;
    refusal[0] = code;
    refusal[1] = limit as number;
    refusal[2] = value as number;
    refusal[3] = bound as number;
    refusal[4] = setBy;
    return code;
  }

  /** Lowers a device limit. Refuses to raise it or to go below the hard minimum. */
  shrink(word: number, value: number): number {
    if (word < 0 || word >= P.P_STEPS) return this.refuse(F.REFUSED_FIELD, F.SET_BY_HARD, word, value, P.P_STEPS - 1);
    const code = this.word(word, value);
    if (!code) this.deviceMax[word] = value;
    return code;
  }

  private word(word: number, value: number): number {
    const least = this.hard[word * 2] as number;
    const hardest = this.hard[word * 2 + 1] as number;
    const most = this.deviceMax[word] as number;
    if (value < least) return this.refuse(F.REFUSED_PROGRAM, F.SET_BY_HARD, word, value, least);
    if (value > most) return this.refuse(F.REFUSED_PROGRAM, most < hardest ? F.SET_BY_DEVICE : F.SET_BY_HARD, word, value, most);
    return F.REFUSED_NONE;
  }

  private notAbove(word: number, value: number, bound: number, setBy: number): number {
    return value > bound ? this.refuse(F.REFUSED_PROGRAM, setBy, word, value, bound) : F.REFUSED_NONE;
  }

  /** Judges a whole programme before anything moves (R34). `count` words are given. 0 or REFUSED_… */
  judge(program: Int32Array, count: number): number {
    if (count < P.P_STEPS || count > P.PROGRAM_WORDS_MAX)
      return this.refuse(F.REFUSED_NO_PROGRAM, F.SET_BY_HARD, P.P_STEP_COUNT, count, P.P_STEPS);
    for (let word = 0; word < P.P_STEPS; word++) {
      const code = this.word(word, program[word] as number);
      if (code) return code;
    }
    const stepCount = program[P.P_STEP_COUNT] as number;
    if (count !== P.P_STEPS + stepCount * P.STEP_WORDS)
      return this.refuse(F.REFUSED_NO_PROGRAM, F.SET_BY_HARD, P.P_STEP_COUNT, count, P.P_STEPS + stepCount * P.STEP_WORDS);
    return this.together(program) || this.steps(program, stepCount);
  }

  private together(program: Int32Array): number {
    const depthUm = program[P.P_DEPTH_UM] as number;
    const tipUm = program[P.P_TIP_UM] as number;
    const needleUm = program[P.P_NEEDLE_UM] as number;
    const ringMaxMn = program[P.P_RING_MAX_MN] as number;
    const doseNl = program[P.P_DOSE_NL] as number;
    const backPa = program[P.P_BACK_PA] as number;
    const held = heldNl(program);
    const perPrickNl = doseNl + compensationNl(program);
    const usableNl = (program[P.P_FILL_NL] as number) - (program[P.P_PRIME_NL] as number) - RESERVE_NL;
    if (program[P.P_PERMIT] === P.PERMIT_CADENCE && (program[P.P_PERIOD_MS] as number) < 150)
      return this.refuse(F.REFUSED_PROGRAM, F.SET_BY_HARD, P.P_PERIOD_MS, program[P.P_PERIOD_MS], 150);
    return (
      this.notAbove(P.P_DEPTH_UM, depthUm, needleUm, F.SET_BY_PRODUCT) ||
      this.notAbove(P.P_TIP_UM, tipUm, needleUm, F.SET_BY_PRODUCT) ||
      this.notAbove(P.P_TIP_UM, tipUm, depthUm + TIP_BEYOND_DEPTH_UM, F.SET_BY_HARD) ||
      this.notAbove(P.P_RING_MIN_MN, program[P.P_RING_MIN_MN] as number, ringMaxMn, F.SET_BY_TECHNIQUE) ||
      this.notAbove(P.P_FILL_NL, program[P.P_FILL_NL] as number, program[P.P_CAPACITY_NL] as number, F.SET_BY_PRODUCT) ||
      this.notAbove(P.P_REFLUX_NL, program[P.P_REFLUX_NL] as number, shareBoundNl(doseNl), F.SET_BY_HARD) ||
      (doseNl && backPa < BACK_LEAST_PA ? this.refuse(F.REFUSED_PROGRAM, F.SET_BY_HARD, P.P_BACK_PA, backPa, BACK_LEAST_PA) : 0) ||
      (held > compensationBoundNl(program)
        ? this.refuse(F.REFUSED_SYRINGE, F.SET_BY_HARD, P.P_COMPLIANCE_NL_PER_MPA, held, compensationBoundNl(program))
        : 0) ||
      (perPrickNl > usableNl ? this.refuse(F.REFUSED_CONTENT, F.SET_BY_PRODUCT, P.P_FILL_NL, perPrickNl, usableNl) : 0)
    );
  }

  private refuseStep(step: number, value: number, bound: number): number {
    return this.refuse(F.REFUSED_PROGRAM, F.SET_BY_TECHNIQUE, LIMIT_STEP + step, value, bound);
  }

  private within(step: number, value: number, least: number, most: number): number {
    return value < least || value > most ? this.refuseStep(step, value, most) : F.REFUSED_NONE;
  }

  /** Order and size of the steps: dose only in the depth, home at the end, sums as the head says. */
  private steps(program: Int32Array, stepCount: number): number {
    const rateMaxNlPerS = (((program[P.P_NL_PER_MM] as number) * PLUNGER_MAX_UM_PER_S) / 1000) | 0;
    let inUm = -1; // tip while in; −1 = needle home
    let deepestUm = 0;
    let deepestTipUm = -32768;
    let sumNl = 0;
    for (let step = 0; step < stepCount; step++) {
      const at = P.P_STEPS + step * P.STEP_WORDS;
      const op = program[at] as number;
      const a = program[at + 1] as number;
      const b = program[at + 2] as number;
      const c = program[at + 3] as number;
      let code: number = F.REFUSED_NONE;
      if (op === P.STEP_PRESS) code = this.within(step, a, inUm < 0 ? 0 : NEVER, PRESS_MAX_MN);
      else if (op === P.STEP_INSERT) {
        code =
          this.within(step, a, 1000, program[P.P_DEPTH_UM] as number) ||
          this.within(step, b, b > a + TIP_BEYOND_DEPTH_UM ? NEVER : 0, program[P.P_TIP_UM] as number) ||
          this.within(step, c, NEEDLE_MIN_UM_PER_S, NEEDLE_MAX_UM_PER_S);
        inUm = b;
        if (a > deepestUm) deepestUm = a;
        if (b > deepestTipUm) deepestTipUm = b;
      } else if (op === P.STEP_DOSE) {
        code = this.within(step, inUm < 0 ? a : b, inUm < 0 || a <= 0 ? NEVER : 1, rateMaxNlPerS);
        sumNl += a;
      } else if (op === P.STEP_DWELL) code = this.within(step, a, 0, DWELL_MAX_MS);
      else if (op === P.STEP_WITHDRAW) {
        const home = a === P.WITHDRAW_HOME;
        if (inUm < 0 || (!home && (a < 0 || a >= inUm))) return this.refuseStep(step, a, inUm);
        code = this.within(step, b, NEEDLE_MIN_UM_PER_S, NEEDLE_MAX_UM_PER_S);
        if (!code && (c < 0 || (c > 0 && home))) return this.refuseStep(step, c, 0);
        sumNl += c;
        inUm = home ? -1 : a;
      } else if (op === P.STEP_DECOMPRESS || op === P.STEP_RELEASE) {
        if (inUm >= 0) return this.refuseStep(step, inUm, 0);
      } else return this.refuseStep(step, op, P.STEP_RELEASE);
      if (code) return code;
    }
    if (inUm >= 0) return this.refuseStep(stepCount, inUm, 0);
    return (
      this.same(program, P.P_DOSE_NL, sumNl) || this.same(program, P.P_DEPTH_UM, deepestUm) || this.same(program, P.P_TIP_UM, deepestTipUm)
    );
  }

  /** What the head says, and what the steps add up to. */
  private same(program: Int32Array, word: number, bound: number): number {
    const value = program[word] as number;
    return value === bound ? F.REFUSED_NONE : this.refuse(F.REFUSED_PROGRAM, F.SET_BY_TECHNIQUE, word, value, bound);
  }

  /** Before each prick: session volume, count and what is left in the syringe (R12, R17). 0 or REFUSED_… */
  prick(program: Int32Array, doneCount: number, commandedNl: number, remainingNl: number): number {
    const doseNl = program[P.P_DOSE_NL] as number;
    const needNl = doseNl + compensationNl(program) + RESERVE_NL;
    if (doneCount >= (program[P.P_PRICKS] as number))
      return this.refuse(F.REFUSED_SESSION_PRICKS, F.SET_BY_TECHNIQUE, P.P_PRICKS, doneCount + 1, program[P.P_PRICKS]);
    if (commandedNl + doseNl > (program[P.P_SESSION_NL] as number))
      return this.refuse(F.REFUSED_SESSION_VOLUME, F.SET_BY_TECHNIQUE, P.P_SESSION_NL, commandedNl + doseNl, program[P.P_SESSION_NL]);
    if (needNl > remainingNl) return this.refuse(F.REFUSED_CONTENT, F.SET_BY_PRODUCT, P.P_FILL_NL, needNl, remainingNl);
    return F.REFUSED_NONE;
  }
}
