// Which calibration a session rested on, from its journal and from what the gun keeps; and whether the session itself says that the
// gun has changed since. Not responsible for making one (calibration/). Runs at the desk.
import { dosingMn } from '../firmware/core/dose.ts';
import { P_BREAK_LOOSE_MN, P_GLIDE_MN, P_STEPS, STEP_DOSE, STEP_WORDS } from '../firmware/core/program.ts';
import type { GunSection } from './calibration/gun-record.ts';
import { hashText } from './calibration/section-words.ts';
import type { Journal, JournalEntry } from './journal.ts';

export interface CalibrationUsed {
  /** First eight hex digits of the SHA-256 of the desk's records; null for a dry session, or a demo. */
  readonly doseSha256: string | null;
  readonly depthSha256: string | null;
  /** True: nobody measured it. */
  readonly demo: boolean;
  /** Last day of the one that runs out first, YYYY-MM-DD; null when the gun did not say. */
  readonly validUntil: string | null;
  /** Why this gun should be calibrated anew; empty: nothing speaks for it. */
  readonly recalibrate: readonly string[];
}

/** Home may move by this much between two sessions' homings before it is worth a word. Chosen: half of what is a fault (R20). */
const HOME_DRIFT_UM = 50;
/** Mean peak force of a session's doses against what the calibration makes one expect. Chosen: friction spreads by half at most. */
const FORCE_LEAST = 0.5;
const FORCE_MOST = 1.7;
const DOSES_LEAST = 5;

const sha = (word: number | undefined): string | null => (word === undefined || word === 0 ? null : hashText(word));
const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

function untilOf(sections: readonly GunSection[], hashes: readonly (string | null)[]): string | null {
  const days = sections.filter((each) => !each.demo && hashes.includes(each.sha256)).map((each) => each.validUntilDay);
  return days.length === 0 ? null : dateOf(Math.min(...days));
}

/** Force that a dose of this programme should take, mN; 0 when it gives none. */
function expectedMn(program: Int32Array, dose: GunSection | undefined): number {
  const words = program.slice();
  if (dose?.kind === 'dose') {
    words[P_GLIDE_MN] = dose.glideMn;
    words[P_BREAK_LOOSE_MN] = dose.breakLooseMn;
  }
  for (let at = P_STEPS; at < words.length; at += STEP_WORDS) {
    if (words[at] === STEP_DOSE) return Math.max(words[P_BREAK_LOOSE_MN] ?? 0, dosingMn(words, words[at + 2] ?? 0));
  }
  return 0;
}

function drifts(program: Int32Array, entries: readonly JournalEntry[], dose: GunSection | undefined): string[] {
  const reasons: string[] = [];
  const homeUm = Math.max(0, ...entries.filter((each) => each.kind === 'PROBED').map((each) => Math.abs(each.fields['homeErrorUm'] ?? 0)));
  if (homeUm > HOME_DRIFT_UM) reasons.push(`home moved by ${homeUm} µm since the gun was homed before: calibrate the depth`);
  const peaks = entries.filter((each) => each.kind === 'RESULT' && each.code === 0).map((each) => each.fields['peakForceMn'] ?? 0);
  const meantMn = expectedMn(program, dose);
  const meanMn = peaks.reduce((total, peak) => total + peak, 0) / Math.max(1, peaks.length);
  if (peaks.length >= DOSES_LEAST && meantMn > 0 && (meanMn < FORCE_LEAST * meantMn || meanMn > FORCE_MOST * meantMn))
    reasons.push(
      `doses took ${(meanMn / 1000).toFixed(1)} N, not the ${(meantMn / 1000).toFixed(1)} N of this syringe: calibrate the dose`,
    );
  return reasons;
}

/** Null when no session began. `sections` is what the gun keeps; empty when it did not say. */
export function calibrationUsed(journal: Journal, program: Int32Array, sections: readonly GunSection[]): CalibrationUsed | null {
  const begun = journal.entries.find((each) => each.kind === 'SESSION');
  if (begun === undefined) return null;
  const probed = journal.entries.find((each) => each.kind === 'PROBED');
  const doseSha256 = sha(begun.fields['doseCalibration']);
  const depthSha256 = sha(probed?.fields['depthCalibration']);
  const dose = sections.find((each) => each.kind === 'dose' && each.sha256 === doseSha256);
  return {
    ...{ doseSha256, depthSha256, demo: begun.code === 1 },
    validUntil: untilOf(sections, [doseSha256, depthSha256]),
    recalibrate: drifts(program, journal.entries, dose),
  };
}

/** One line for people. */
export function calibrationText({ doseSha256, depthSha256, demo, validUntil, recalibrate }: CalibrationUsed): string {
  const records = [doseSha256 === null ? '' : `dose ${doseSha256}`, depthSha256 === null ? '' : `depth ${depthSha256}`].filter(
    (each) => each !== '',
  );
  const what = demo ? 'demo: nobody measured this gun' : records.length === 0 ? 'unnamed' : `records ${records.join(', ')}`;
  const until = validUntil === null || demo ? '' : `, valid until ${validUntil}`;
  return `${what}${until}${recalibrate.map((reason) => `; ${reason}`).join('')}`;
}
