// An area with more points than a session may prick is split over several sessions: runs of neighbours in the order of the
// hand, as equal as whole pricks allow. Not responsible for which part is done today (the desk says so). Desk side.
import { BOUNDS } from './bounds.ts';
import type { Treatment } from './treatment.ts';

/** More sessions than this are a mistake in the area, not a plan. Chosen. */
export const PARTS_MOST = 10;

/** Pricks that one part may have: device, protocol, volume and substances allow no more. At least 1. */
function mostPricks({ protocol, product, technique }: Treatment): number {
  const { session } = protocol;
  const { doseUl } = technique;
  const volumeUl = Math.min(session.volumeUl, product.maxSessionUl, BOUNDS.volumeUl.max);
  const substanceUl = (product.components ?? []).map(({ perMl, maxSession }) => (maxSession * 1000) / perMl);
  const byVolume = doseUl === 0 ? Infinity : Math.floor(Math.min(volumeUl, ...substanceUl) / doseUl + 1e-9);
  return Math.max(1, Math.min(BOUNDS.pricks.max, session.pricks, byVolume));
}

/** Pricks of each session: one where the device takes them all, else as many as needed; empty beyond PARTS_MOST. */
export function partsOf(treatment: Treatment, pricks: number): number[] {
  if (pricks <= BOUNDS.pricks.max) return [pricks];
  const count = Math.ceil(pricks / mostPricks(treatment));
  if (count > PARTS_MOST) return [];
  return Array.from({ length: count }, (_none, index) => Math.floor((pricks + index) / count));
}

/** The points of one part, 1 for the first; all of them where nothing is split. */
export function pointsOfPart<Point>(points: readonly Point[], parts: readonly number[], part: number): Point[] {
  const from = parts.slice(0, part - 1).reduce((sum, pricks) => sum + pricks, 0);
  return points.slice(from, from + (parts[part - 1] ?? points.length));
}
