// One journal entry: 16 little-endian words, 64 bytes. Written by the core, chained and stored by journal.ts,
// decoded at the desk by the names below. Numbers are append-only: they stand in flash for years.

export const ENTRY_BYTES = 64;
export const ENTRY_WORDS = 16;

// Words of every entry.
export const E_SEQ = 0;
/** CRC-32 of the previous entry: the chain. */
export const E_PREV_CRC = 1;
/** kind | code << 8 | prick << 16 */
export const E_HEAD = 2;
/** Device clock when the entry was encoded. */
export const E_AT_MS = 3;
export const E_SESSION = 4;
/** First of ten payload words. */
export const E_PAYLOAD = 5;
export const PAYLOAD_WORDS = 10;
/** CRC-32 over bytes 0..59. */
export const E_CRC = 15;

/** First entry of each sector: totals since the gun was made. Code 1: an INTENT (its prick in the head) waits for its RESULT. */
export const KIND_CHECKPOINT = 1;
export const KIND_BOOT = 2;
/** Session begun with this programme. Code 1: with a calibration that nobody measured. */
export const KIND_SESSION = 3;
/** Home latched and needle probed. */
export const KIND_PROBED = 4;
export const KIND_PRIME = 5;
/** Durable before the needle moves (R10). */
export const KIND_INTENT = 6;
/** Durable after; INTENT without RESULT is uncertain and counted in full. */
export const KIND_RESULT = 7;
/** Session held: code = why (HOLD_…). */
export const KIND_HOLD = 8;
export const KIND_RESUME = 9;
/** Syringe changed. */
export const KIND_RELOAD = 10;
/** Session closed: code 0 complete, 1 ended early. */
export const KIND_END = 11;
/** code = fault number. */
export const KIND_FAULT = 12;
export const KIND_CLEAR = 13;
/** Authentication, limit change, record written: code = what. */
export const KIND_AUDIT = 14;
/** A prick was refused: code = refusal number. */
export const KIND_REFUSED = 15;

// Why a session was held.
export const HOLD_STOP = 1;
export const HOLD_CONTACT = 2;
export const HOLD_HOST = 3;
export const HOLD_SYRINGE = 4;
export const HOLD_LIMIT = 5;
export const HOLD_LATE_TICK = 6;
/** The gun moved sideways with the needle in. */
export const HOLD_MOVED = 7;
/** A dose without the force of a flow: perhaps nothing came out. */
export const HOLD_SHORT = 8;

/** Payload word names by kind, for the desk. Volumes in nL, lengths in µm, forces in mN, times in ms. */
// prettier-ignore
export const PAYLOAD_FIELDS: readonly (readonly string[])[] = [
  /* none       */ [],
  /* CHECKPOINT */ ['totalPricks', 'totalUl', 'totalRestNl', 'totalCompensationUl', 'totalCompensationRestNl', 'totalUncertain', 'sessions', 'sectorErases', 'openNl', 'openCompensationNl'],
  /* BOOT       */ ['resetReason', 'firmwareVersion', 'uncertainPrick', 'uncertainNl', 'brokenAt'],
  /* SESSION    */ ['sourceCrc', 'pricks', 'doseNl', 'sessionNl', 'depthUm', 'tipUm', 'nlPerMm', 'fillNl', 'permit', 'doseCalibration'],
  /* PROBED     */ ['homeErrorUm', 'ringUm', 'probeForceMn', 'depthCalibration'],
  /* PRIME      */ ['askedNl', 'movedNl', 'peakForceMn', 'movedSteps'],
  /* INTENT     */ ['doseNl', 'compensationNl', 'doseSteps', 'compensationSteps', 'tipUm', 'depthUm', 'permitCount', 'ringUm', 'ringMn', 'remainingNl'],
  /* RESULT     */ ['estimatedNl', 'compensationNl', 'netSteps', 'rampTipUm', 'encoderTipUm', 'peakForceMn', 'ringMinMn', 'durationMs', 'countedNl', 'travelUm'],
  /* HOLD       */ ['value', 'limit'],
  /* RESUME     */ [],
  /* RELOAD     */ ['fillNl'],
  /* END        */ ['pricksDone', 'uncertain', 'commandedNl', 'estimatedNl', 'compensationNl', 'permits'],
  /* FAULT      */ ['state', 'step', 'needleUm', 'encoderUm', 'plungerSteps', 'forceMn', 'ringMn', 'value', 'limit'],
  /* CLEAR      */ [],
  /* AUDIT      */ ['before', 'after'],
  /* REFUSED    */ ['limit', 'value', 'bound', 'setBy'],
];
