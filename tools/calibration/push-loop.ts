// What a loop on a closed needle says of a syringe: back a little from full pressure and forward again. On each way the play is run
// through first, then rod and stopper bend, break loose, and from then on travel is stored or given back. The gap between the two
// slipping lines is friction, whatever the pressure. Source: ISO 7886-1 annex (break-loose and glide), ISO 7886-2 annex B (compliance).
// Not responsible for the push itself (BenchGun.push). Runs at the desk.
import { leastSquares } from './least-squares.ts';
import type { LineFit } from './line-fit.ts';
import { fitLine } from './line-fit.ts';

export interface PushPoint {
  readonly plungerUm: number;
  readonly forceMn: number;
}

export interface PushLoop {
  /** All that holds liquid back, rod included. */
  readonly complianceUlPerKpa: number;
  readonly breakLooseMn: number;
  readonly glideMn: number;
  /** Stiffness of rod and stopper while it sticks. */
  readonly rodMnPerMm: number;
  /** Play between motor and rod. */
  readonly backlashUm: number;
  /** How straight the less straight of the two slipping lines is. */
  readonly r: number;
}

/** One way of a loop: lines in N over mm as seen, travel and force counted along the way. */
interface Branch {
  readonly playMm: number;
  readonly rodNPerMm: number;
  /** Force from standing still to breaking loose: glide of the way before and break-loose of this one. */
  readonly breakN: number;
  readonly slip: LineFit;
  readonly slipFromMm: number;
  readonly slipToMm: number;
}

/** Points that show the force before the play is through. Chosen: less than the least play takes. */
const STANDING = 4;
/** The bend: between these shares of its highest force. */
const BEND_FROM = 0.2;
const BEND_TO = 0.97;
/** Share of what follows break-loose that is left out: the stopper still jumps. */
const PAST_JUMP = 0.15;
const POINTS_LEAST = 8;

/** The kink: the point that lies farthest above the chord from the first to the last. */
function kinkAt(points: readonly PushPoint[]): number {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.plungerUm === first.plungerUm) return 0;
  const slope = (last.forceMn - first.forceMn) / (last.plungerUm - first.plungerUm);
  let [best, farthest] = [0, -Infinity];
  points.forEach((point, index) => {
    const above = point.forceMn - first.forceMn - slope * (point.plungerUm - first.plungerUm);
    if (above > farthest) [best, farthest] = [index, above];
  });
  return best;
}

function readBranch(points: readonly PushPoint[], way: 1 | -1): Branch | null {
  const start = points.slice(0, STANDING);
  const last = points.at(-1);
  if (last === undefined || points.length < 3 * POINTS_LEAST) return null;
  const standingMn = start.reduce((sum, point) => sum + point.forceMn, 0) / start.length;
  const fromUm = points[0]?.plungerUm ?? 0;
  const along = points.map((point) => ({ plungerUm: way * (point.plungerUm - fromUm), forceMn: way * (point.forceMn - standingMn) }));
  const kink = kinkAt(along);
  const highMn = along[kink]?.forceMn ?? 0;
  const rise = along.slice(0, kink + 1);
  const inBend = rise.filter(({ forceMn }) => forceMn >= BEND_FROM * highMn && forceMn <= BEND_TO * highMn);
  const bend = fitLine(
    inBend.map((point) => point.plungerUm / 1000),
    inBend.map((point) => point.forceMn / 1000),
  );
  const slipping = points.slice(kink + 1 + Math.ceil(PAST_JUMP * (points.length - kink)));
  const slip = fitLine(
    slipping.map((point) => point.plungerUm / 1000),
    slipping.map((point) => point.forceMn / 1000),
  );
  if (bend === null || slip === null || slipping.length < POINTS_LEAST || slip.slope <= 0 || bend.slope <= slip.slope) return null;
  // It broke loose between this look and the next one: on the mean half a step later.
  const stepMm = Math.abs(last.plungerUm - fromUm) / 1000 / (points.length - 1);
  const atMm = (along[kink]?.plungerUm ?? 0) / 1000 + stepMm / 2;
  return {
    playMm: Math.max(0, -bend.offset / bend.slope),
    rodNPerMm: bend.slope,
    breakN: bend.offset + bend.slope * atMm,
    slip,
    slipFromMm: (slipping[0]?.plungerUm ?? 0) / 1000,
    slipToMm: last.plungerUm / 1000,
  };
}

/** Reads a loop; `nlPerMm` is the syringe's volume per travel. Null when a way of it does not break loose and slip. */
export function readLoop(back: readonly PushPoint[], forth: readonly PushPoint[], nlPerMm: number): PushLoop | null {
  const [down, up] = [readBranch(back, -1), readBranch(forth, 1)];
  if (down === null || up === null) return null;
  const slope = (down.slip.slope + up.slip.slope) / 2;
  const rodNPerMm = (down.rodNPerMm + up.rodNPerMm) / 2;
  const playMm = (down.playMm + up.playMm) / 2;
  // Compared where both ways slip, or half way between.
  const atMm = (Math.min(down.slipFromMm, up.slipToMm) + Math.max(down.slipToMm, up.slipFromMm)) / 2;
  const gapN = up.slip.offset + up.slip.slope * atMm - down.slip.offset - down.slip.slope * atMm;
  // Going up the rod is bent by glide, going down the other way, and the play lies on the other side: that much travel is not stored.
  const glideN = (gapN + slope * playMm) / (2 * (1 - slope / rodNPerMm));
  const breakLooseN = (down.breakN + up.breakN) / 2 - glideN;
  if (glideN <= 0 || breakLooseN <= 0) return null;
  const areaMm2 = nlPerMm / 1000;
  return {
    complianceUlPerKpa: (1e-3 * areaMm2 * areaMm2) / slope,
    breakLooseMn: 1000 * breakLooseN,
    glideMn: 1000 * glideN,
    rodMnPerMm: 1000 * rodNPerMm,
    backlashUm: 1000 * playMm,
    r: Math.min(down.slip.r, up.slip.r),
  };
}

/** A first push from rest: what it takes to break loose, over the force of a free pusher. Null as above. */
export function breakLooseFromRestMn(points: readonly PushPoint[], freeMn: number): number | null {
  const branch = readBranch(points, 1);
  if (branch === null) return null;
  const standing = points.slice(0, STANDING);
  return 1000 * branch.breakN + standing.reduce((sum, point) => sum + point.forceMn, 0) / standing.length - freeMn;
}

/**
 * By which share the loaded part of a push grows steeper or flatter from its begin to its end. Air in the syringe is soft at first and
 * stiff under pressure; a barrel and a stopper are about even. Null when the push cannot be read.
 */
export function bendOfLoadPercent(points: readonly PushPoint[]): { readonly percent: number; readonly uPercent: number } | null {
  const kink = kinkAt(points);
  const loaded = points.slice(kink + 1 + Math.ceil(PAST_JUMP * (points.length - kink)));
  const fromUm = loaded[0]?.plungerUm ?? 0;
  const wideMm = ((loaded.at(-1)?.plungerUm ?? 0) - fromUm) / 1000;
  const solution = leastSquares(
    loaded.map(({ plungerUm }) => [1, (plungerUm - fromUm) / 1000, ((plungerUm - fromUm) / 1000) ** 2]),
    loaded.map((point) => point.forceMn / 1000),
  );
  if (solution === null || loaded.length < 3 * POINTS_LEAST) return null;
  const [, first = 0, second = 0] = solution.coefficients;
  const middle = first + second * wideMm;
  return { percent: (200 * second * wideMm) / middle, uPercent: Math.abs((200 * (solution.uncertainties[2] ?? 0) * wideMm) / middle) };
}
