// What a push on a capped needle says of a syringe: compliance, break-loose, glide, play. Runs at the desk.
// Source: ISO 7886-2 annex B, compliance by pressing on a blocked syringe; the stuck stopper bends the rod (slope k), breaks
// loose, and from then on the travel is stored: dF/dx = 1e-3·A²/C with F in N, x in mm, A in mm² and C in µL/kPa.
// Not responsible for the push itself (BenchGun.push).
import { fitLine } from './line-fit.ts';

export interface PushPoint {
  readonly plungerUm: number;
  readonly forceMn: number;
}

export interface PushCurve {
  /** All that holds liquid back, rod included. */
  readonly complianceUlPerKpa: number;
  readonly uComplianceUlPerKpa: number;
  readonly breakLooseMn: number;
  readonly glideMn: number;
  /** Stiffness of rod and stopper while it sticks. */
  readonly rodMnPerMm: number;
  /** Travel before the force rises. */
  readonly playUm: number;
  /** How straight the loaded part is. */
  readonly r: number;
  readonly residualSdMn: number;
}

/** Force that a resting cell does not show by noise. Chosen: five standard deviations of a 20 mN cell. */
const FELT_MN = 100;
/** Share of what follows break-loose that is left out: the stopper still jumps. Chosen. */
const PAST_JUMP = 0.15;
const POINTS_LEAST = 8;

/** Where the force first reaches what a cell can tell from noise; the index, or −1. */
const feltAt = (points: readonly PushPoint[], restMn: number): number => points.findIndex((point) => point.forceMn - restMn > FELT_MN);

/** The kink: the point of the rising part that lies farthest above the chord from the first contact to the end. */
function kinkAt(points: readonly PushPoint[], from: number): number {
  const first = points[from];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.plungerUm === first.plungerUm) return from;
  const slope = (last.forceMn - first.forceMn) / (last.plungerUm - first.plungerUm);
  let [best, farthest] = [from, -Infinity];
  for (let index = from; index < points.length; index++) {
    const point = points[index] as PushPoint;
    const above = point.forceMn - first.forceMn - slope * (point.plungerUm - first.plungerUm);
    if (above > farthest) [best, farthest] = [index, above];
  }
  return best;
}

/**
 * Reads the curve of one push from rest; `nlPerMm` is the syringe's volume per travel. Null when the push is too short or the
 * force never rises (no cap on the needle, a leak).
 */
export function readPush(points: readonly PushPoint[], nlPerMm: number): PushCurve | null {
  if (points.length < POINTS_LEAST) return null;
  const restMn = points[0]?.forceMn ?? 0;
  const felt = feltAt(points, restMn);
  if (felt < 0) return null;
  const kink = kinkAt(points, felt);
  const breakLooseMn = (points[kink]?.forceMn ?? 0) - restMn;
  const loaded = points.slice(kink + 1 + Math.ceil(PAST_JUMP * (points.length - kink)));
  if (loaded.length < POINTS_LEAST) return null;
  const line = fitLine(
    loaded.map((point) => point.plungerUm / 1000),
    loaded.map((point) => (point.forceMn - restMn) / 1000),
  );
  if (line === null || line.slope <= 0) return null;
  const areaMm2 = nlPerMm / 1000;
  const complianceUlPerKpa = (1e-3 * areaMm2 * areaMm2) / line.slope;
  const stuck = points.slice(felt, kink + 1);
  const bend = fitLine(
    stuck.map((point) => point.plungerUm / 1000),
    stuck.map((point) => (point.forceMn - restMn) / 1000),
  );
  if (bend === null || bend.slope <= line.slope) return null;
  // Contact is where the bend began. Without stiction the stopper would have slipped at the glide force, and from there the
  // travel would have been stored: the loaded line passes through that point.
  const contactMm = -bend.offset / bend.slope;
  const glideN = (line.offset + line.slope * contactMm) / (1 - line.slope / bend.slope);
  return {
    complianceUlPerKpa,
    uComplianceUlPerKpa: (complianceUlPerKpa * line.uSlope) / line.slope,
    breakLooseMn,
    glideMn: Math.max(0, 1000 * glideN),
    rodMnPerMm: 1000 * bend.slope,
    playUm: Math.max(0, 1000 * contactMm - (points[0]?.plungerUm ?? 0)),
    r: line.r,
    residualSdMn: 1000 * line.residualSd,
  };
}
