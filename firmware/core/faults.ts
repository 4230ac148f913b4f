// Fault and refusal numbers. They go on the wire and into the journal: never renumber, only append (R54).
// Text lives at the desk (tools/fault-texts.ts). A refusal is an answer; a fault latches.

export const FAULT_NONE = 0;
/** Needle beyond its limit by ramp counter, target or encoder (R01). */
export const FAULT_NEEDLE_DEEP = 1;
/** Encoder and ramp counter of the needle differ by more than 0.1 mm (R03). */
export const FAULT_NEEDLE_STEPS = 2;
/** Home switch not seen in its time after a retract (R06). */
export const FAULT_NEEDLE_NOT_HOME = 3;
/** Home latch moved by more than 0.1 mm twice (R20). */
export const FAULT_HOME_DRIFT = 4;
/** Plunger went or was sent further than dose, compensation and margin (R08). */
export const FAULT_PLUNGER_TRAVEL = 5;
/** Plunger sent forward without contact and confirmed depth (R13). */
export const FAULT_PLUNGER_IN_AIR = 6;
/** Plunger sent back with the needle in (R48). */
export const FAULT_PLUNGER_REVERSE = 7;
/** Plunger force above its limit: occlusion (R14). */
export const FAULT_OCCLUSION = 8;
/** A ramp chip came out of reset or saw under-voltage (R22). */
export const FAULT_CHIP_RESET = 9;
/** A ramp chip reports a driver error or over-temperature (R43). */
export const FAULT_CHIP_ERROR = 10;
/** Bus dead, wrong chip, or read-back differs (R23). */
export const FAULT_BUS = 11;
/** A tick came later than 3 × tickMs with the needle in (R31). */
export const FAULT_LATE_TICK = 12;
/** Trigger closed at boot, or held 10 s without contact or outside TREATING (R27). */
export const FAULT_TRIGGER_STUCK = 13;
/** A sensor contradicts another or does not follow (R24, R26). */
export const FAULT_SENSOR = 14;
/** The store cannot write or read what safety needs (R41, R33). */
export const FAULT_STORE = 15;
/** A moving state outlived its time limit. */
export const FAULT_TIME_LIMIT = 16;
/** The self-test failed (R50); the detail is in the journal entry. */
export const FAULT_SELF_TEST = 17;
/** An exception reached the top-level guard (R30). */
export const FAULT_EXCEPTION = 18;
/** More pricks than permits (R27). */
export const FAULT_NO_PERMIT = 19;
/** Needle in for longer than the stroke can take. */
export const FAULT_NEEDLE_IN_LONG = 20;
/** The enable chain does not follow the kick (R50). */
export const FAULT_ENABLE = 21;
/** Probing: force above its limit, or no cap found in reach (R04). */
export const FAULT_PROBE = 22;
/** Engine out of memory flag (R29). */
export const FAULT_MEMORY = 23;
/** The needle stayed in although contact was lost (R07). */
export const FAULT_CONTACT = 24;
/** The ring was pushed in while the needle was out on the bench. */
export const FAULT_BENCH = 25;

// Refusals: why a command or a prick was not done. Each comes with the limit, the value and who set the limit.
export const REFUSED_NONE = 0;
/** Not in this state. */
export const REFUSED_STATE = 1;
/** A word of the programme is outside its bounds; `limit` is the word's index. */
export const REFUSED_PROGRAM = 2;
/** Unknown or malformed request field. */
export const REFUSED_FIELD = 3;
/** The syringe cannot deliver this dose: compensation above its bound. */
export const REFUSED_SYRINGE = 4;
/** Not enough left in the syringe for dose, compensation and reserve (R17). */
export const REFUSED_CONTENT = 5;
/** Session volume would be exceeded (R12). */
export const REFUSED_SESSION_VOLUME = 6;
/** Session prick count would be exceeded. */
export const REFUSED_SESSION_PRICKS = 7;
/** No journal space left, or it cannot be written (R41). */
export const REFUSED_JOURNAL = 8;
/** Service switch or challenge missing (R38). */
export const REFUSED_AUTH = 9;
/** Cause still present (R49). */
export const REFUSED_CAUSE = 10;
/** Session id or hash does not match (R45). */
export const REFUSED_SESSION = 11;
/** Ticks too slow for this board's budget. */
export const REFUSED_TICK = 12;
/** No programme loaded, or its transfer is not complete or corrupt. */
export const REFUSED_NO_PROGRAM = 13;
/** No valid calibration: `limit` is the kit word, `value` the kit, `bound` what is missing (SECTION_DOSE, SECTION_DEPTH). */
export const REFUSED_CALIBRATION = 14;

/** Who set a limit. Limits only shrink along this chain (R55). */
export const SET_BY_HARD = 0;
export const SET_BY_DEVICE = 1;
export const SET_BY_PRODUCT = 2;
export const SET_BY_TECHNIQUE = 3;
export const SET_BY_OPERATOR = 4;

// How a prick ended, in RESULT entries.
export const RESULT_DONE = 0;
/** Stopped on purpose: trigger, stop, pause. */
export const RESULT_STOPPED = 1;
/** Contact or ring force lost. */
export const RESULT_CONTACT_LOST = 2;
/** A fault ended it; the FAULT entry says which. */
export const RESULT_FAULT = 3;
/** Depth was not confirmed: nothing dosed. */
export const RESULT_NO_DEPTH = 4;
/** The gun moved sideways with the needle in. */
export const RESULT_MOVED = 5;
/** The plunger travelled, but its force did not fall afterwards by what a flow takes with it, here and in pricks before: part or all did not come (R09). */
export const RESULT_SHORT = 6;
