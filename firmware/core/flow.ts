// What each step of a programme makes of pressure and time: reckoned once a session, since a stroke's ticks have no time for it.
// Not responsible for the laws (dose.ts) nor for what is done about it (stroke.ts). Runs on the gun.
import { compensationNl, dosingMn, flowPartMn, lagForMs } from './dose.ts';
import * as P from './program.ts';

/** Force beyond twice the expected plus this means occlusion, mN. */
const OCCLUSION_MARGIN_MN = 2000;

export class Flow {
  /** Pushed beyond each dose, nL. */
  compensationNl = 0;
  /** Of the first step in which something flows; 0 without one. */
  firstNlPerS = 0;
  // By step; 0 where nothing flows.
  readonly rateNlPerS = new Int32Array(P.STEPS_MAX);
  /** More force than this is an occlusion. */
  readonly limitMn = new Int32Array(P.STEPS_MAX);
  /** What goes with the flow when its lag has passed. */
  readonly partMn = new Int32Array(P.STEPS_MAX);
  readonly lagMs = new Int32Array(P.STEPS_MAX);

  begin(program: Int32Array): void {
    let tipUm = 0;
    this.firstNlPerS = 0;
    this.compensationNl = compensationNl(program);
    for (let i = 0; i < (program[P.P_STEP_COUNT] as number); i++) {
      const at = P.P_STEPS + i * P.STEP_WORDS;
      const op = program[at] as number;
      const a = program[at + 1] as number;
      const b = program[at + 2] as number;
      const spreadNl = program[at + 3] as number;
      if (op === P.STEP_INSERT) tipUm = b;
      else if (op === P.STEP_DOSE) this.reckon(program, i, a, b);
      else if (op === P.STEP_WITHDRAW) {
        if (spreadNl > 0) this.reckon(program, i, spreadNl, ((spreadNl * b) / (tipUm - a)) | 0);
        tipUm = a;
      }
    }
  }

  private reckon(program: Int32Array, step: number, volumeNl: number, nlPerS: number): void {
    const rateNlPerS = nlPerS > 1 ? nlPerS : 1;
    this.rateNlPerS[step] = rateNlPerS;
    if (!this.firstNlPerS) this.firstNlPerS = rateNlPerS;
    this.limitMn[step] = dosingMn(program, rateNlPerS) * 2 + (program[P.P_BREAK_LOOSE_MN] as number) + OCCLUSION_MARGIN_MN;
    this.partMn[step] = flowPartMn(program, volumeNl, rateNlPerS);
    this.lagMs[step] = lagForMs(program, volumeNl, rateNlPerS);
  }
}
