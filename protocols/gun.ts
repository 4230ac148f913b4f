// What the desk assumes of the reference gun when it plans and compiles: stroke geometry, speeds, ring.
// Not a limit list (bounds.ts) and not read by the device, which judges every programme by its own limits. Desk side.

/** The needle tip rests this far behind the ring plane when the axis is home. Chosen: clearance for a ring that bulges skin by 2 mm. */
export const HOME_BEHIND_RING_UM = 3000;
/** Needle axis: fastest travel and ramp. Chosen: NEMA 11 on a 4 mm lead, far below its pull-out torque. */
export const NEEDLE_MAX_MM_PER_S = 120;
export const NEEDLE_ACCELERATION_MM_PER_S2 = 5000;
/** Plunger axis: fastest travel of the 1 mm lead screw and its ramp. Chosen: 360 rev/min at full torque, reached within 20 ms. */
export const PLUNGER_MAX_MM_PER_S = 6;
export const PLUNGER_ACCELERATION_MM_PER_S2 = 300;
/** Screw backlash that the plunger takes up after a reversal. Source: Novanta lead screw example, 0.05 mm. */
export const PLUNGER_BACKLASH_MM = 0.05;
/** Highest thrust that the plunger may be planned to need. Chosen: a third of what a NEMA 11 gives on a 1 mm lead (132 N). */
export const PLUNGER_MAX_N = 45;
/** Inner diameter of the ring. Chosen: the smallest of the published injection-shield study (15, 20, 30 mm), fits 5–20 mm spacing. */
export const RING_DIAMETER_MM = 15;
/** The supervisor's bound on pressure that compensation may stand for. Source: dose bounds of the firmware (C · 40 kPa). */
export const COMPENSATION_MAX_KPA = 40;
/** The tip may lie at most this far beyond the depth in skin, and never further than this from the ring plane. Source: firmware limits. */
export const TIP_BEYOND_DEPTH_MAX_UM = 2000;
export const TIP_MAX_UM = 12000;
/** One tick of the slowest supported board with a stock runtime. Chosen: the Kaluma port. */
export const TICK_MS = 20;
/** Kept back in the syringe so that the stopper never meets the end. Chosen: above the worst volume error of a full syringe. */
export const SYRINGE_RESERVE_UL = 10;
