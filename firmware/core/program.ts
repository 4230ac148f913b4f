// The programme: what a technique becomes on the gun. A flat list of integers, so that the link carries it, the store
// keeps it and the engine runs it without a parser. Written by protocols/compile.ts, judged by core/limits.ts.
// Not responsible for what is allowed.

/** Version of this layout; a gun refuses any other. */
export const PROGRAM_VERSION = 1;

// Head words, by index. The name in PROGRAM_FIELDS is what refusals and the link say.
export const P_VERSION = 0;
/** How a prick is permitted: PERMIT_… */
export const P_PERMIT = 1;
export const P_SPACING_UM = 2;
/** Cadence period; 0 in the other modes. */
export const P_PERIOD_MS = 3;
/** Pricks of this session. */
export const P_PRICKS = 4;
/** Dose of one prick: the sum over the steps. */
export const P_DOSE_NL = 5;
/** Most that this session may deliver, compensation not included. */
export const P_SESSION_NL = 6;
/** Deepest depth in skin over the steps. */
export const P_DEPTH_UM = 7;
/** Deepest tip from the ring plane over the steps. */
export const P_TIP_UM = 8;
/** Needle length in front of the hub: the tip cannot go further from the ring plane. */
export const P_NEEDLE_UM = 9;
/** STAMP_PASSIVE, STAMP_DRIVEN or STAMP_MANUAL of hal/devices.ts. */
export const P_STAMP = 10;
/** Ring force window in which a prick may start and go on. */
export const P_RING_MIN_MN = 11;
export const P_RING_MAX_MN = 12;
/** Fastest hand while a prick starts (travel) and between pricks (cadence). */
export const P_HAND_UM_PER_S = 13;
/** Syringe: printed capacity, what is in it now, bore. */
export const P_CAPACITY_NL = 14;
export const P_FILL_NL = 15;
export const P_NL_PER_MM = 16;
/** Fluid side: total compliance, back pressure of the layer with the ring's share, resistances. */
export const P_COMPLIANCE_NL_PER_MPA = 17;
export const P_BACK_PA = 18;
export const P_NEEDLE_PA_MS_PER_NL = 19;
export const P_TISSUE_PA_MS_PER_NL = 20;
/** Syringe mechanics. */
export const P_GLIDE_MN = 21;
export const P_BREAK_LOOSE_MN = 22;
export const P_ROD_MN_PER_MM = 23;
export const P_BACKLASH_UM = 24;
/** What may stay undelivered when the needle leaves: the dwell follows from it. */
export const P_RESIDUAL_NL = 25;
/** Expelled at priming, needle out, trigger held. */
export const P_PRIME_NL = 26;
export const P_PRIME_NL_PER_S = 27;
/** Which syringe with which needle: CRC-32 of their library ids. The gun puts its own calibration of them into the fluid words (R18). */
export const P_KIT = 28;
/** CRC-32 of the protocol file this came from, as a signed 32-bit word: ties journal to plan. */
export const P_SOURCE_CRC = 29;
/** What comes back through the track when the needle leaves, and is pushed beyond the dose for it, nL. */
export const P_REFLUX_NL = 30;
/** Name, four 8-bit characters a word, most significant first, 0-padded. */
export const P_NAME = 31;
export const PROGRAM_NAME_WORDS = 4;
/** Number of steps that follow. */
export const P_STEP_COUNT = 35;
/** First step. A step is four words: op, a, b, c. */
export const P_STEPS = 36;
export const STEP_WORDS = 4;
export const STEPS_MAX = 16;
export const PROGRAM_WORDS_MAX = 100; // P_STEPS + STEPS_MAX * STEP_WORDS

/** One prick per travelled spacing, per period, or per trigger edge. */
export const PERMIT_TRAVEL = 0;
export const PERMIT_CADENCE = 1;
export const PERMIT_TRIGGER = 2;

// Stroke steps, run in order for each prick.
/** a = force mN (0: only wait for the window). Presses a driven ring, waits until the ring force is in the window. */
export const STEP_PRESS = 1;
/** a = depth in skin µm, b = tip from the ring plane µm, c = speed µm/s. */
export const STEP_INSERT = 2;
/** a = volume nL, b = rate nL/s. */
export const STEP_DOSE = 3;
/** a = at least ms; the core adds what the lag of the fluid path needs. */
export const STEP_DWELL = 4;
/** a = tip to reach µm from the ring plane (negative: behind it; WITHDRAW_HOME: home), b = speed µm/s, c = nL spread evenly over the path. */
export const STEP_WITHDRAW = 5;
/** At home: takes pressure, backlash and stick travel back; given back before the next INSERT. */
export const STEP_DECOMPRESS = 6;
/** Releases a driven ring. */
export const STEP_RELEASE = 7;
/** WITHDRAW target that means home. */
export const WITHDRAW_HOME = -32768;

/** Names of the head words, in order: refusals, the link and the desk's schema use them. Desk side only; never bundled. */
export const PROGRAM_FIELDS: readonly string[] = [
  'version',
  'permit',
  'spacingUm',
  'periodMs',
  'pricks',
  'doseNl',
  'sessionNl',
  'depthUm',
  'tipUm',
  'needleUm',
  'stamp',
  'ringMinMn',
  'ringMaxMn',
  'handUmPerS',
  'capacityNl',
  'fillNl',
  'nlPerMm',
  'complianceNlPerMpa',
  'backPa',
  'needlePaMsPerNl',
  'tissuePaMsPerNl',
  'glideMn',
  'breakLooseMn',
  'rodMnPerMm',
  'backlashUm',
  'residualNl',
  'primeNl',
  'primeNlPerS',
  'kit',
  'sourceCrc',
  'refluxNl',
  'name0',
  'name1',
  'name2',
  'name3',
  'stepCount',
];
