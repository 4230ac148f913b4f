// Programmes for the core's tests: a valid nappage as the compiler would write it, and ways to change one word.
import * as P from '../../../firmware/core/program.ts';

/** Nappage, 1.2 mm deep, tip 1.3 mm from the ring, 5 µL at 50 µL/s, 1 mL syringe, 30G × 4 mm, cadence 1 s. */
export function nappage(change: { readonly [word: number]: number } = {}, steps?: readonly number[]): Int32Array {
  const list = steps ?? [
    ...[P.STEP_PRESS, 0, 0, 0],
    ...[P.STEP_INSERT, 1200, 1300, 60000],
    ...[P.STEP_DOSE, 5000, 50000, 0],
    ...[P.STEP_DWELL, 50, 0, 0],
    ...[P.STEP_WITHDRAW, P.WITHDRAW_HOME, 60000, 0],
    ...[P.STEP_RELEASE, 0, 0, 0],
  ];
  const words = new Int32Array(P.P_STEPS + list.length);
  words[P.P_VERSION] = P.PROGRAM_VERSION;
  words[P.P_PERMIT] = P.PERMIT_CADENCE;
  words[P.P_SPACING_UM] = 10000;
  words[P.P_PERIOD_MS] = 1000;
  words[P.P_PRICKS] = 110;
  words[P.P_DOSE_NL] = 5000;
  words[P.P_SESSION_NL] = 600000;
  words[P.P_DEPTH_UM] = 1200;
  words[P.P_TIP_UM] = 1300;
  words[P.P_NEEDLE_UM] = 4000;
  words[P.P_STAMP] = 0;
  words[P.P_RING_MIN_MN] = 1000;
  words[P.P_RING_MAX_MN] = 3000;
  words[P.P_HAND_UM_PER_S] = 10000;
  words[P.P_CAPACITY_NL] = 1000000;
  words[P.P_FILL_NL] = 1000000;
  words[P.P_NL_PER_MM] = 17945;
  words[P.P_COMPLIANCE_NL_PER_MPA] = 45000;
  words[P.P_BACK_PA] = 30000;
  words[P.P_NEEDLE_PA_MS_PER_NL] = 255;
  words[P.P_TISSUE_PA_MS_PER_NL] = 300;
  words[P.P_GLIDE_MN] = 1500;
  words[P.P_BREAK_LOOSE_MN] = 3000;
  words[P.P_ROD_MN_PER_MM] = 60000;
  words[P.P_BACKLASH_UM] = 40;
  words[P.P_RESIDUAL_NL] = 100;
  words[P.P_PRIME_NL] = 60000;
  words[P.P_PRIME_NL_PER_S] = 20000;
  words[P.P_STEP_COUNT] = list.length / P.STEP_WORDS;
  words.set(list, P.P_STEPS);
  for (const [word, value] of Object.entries(change)) words[Number(word)] = value;
  return words;
}
