// An area of skin and a pattern become points, in the order in which a hand goes: rows from top to bottom, every other
// row backwards. Pure and deterministic; µm integers, origin in the middle of the area. Not responsible for limits. Desk side.
import { drawnPoints, isDrawn } from './drawn.ts';
import { laidIn } from './pattern.ts';
import type { Area, Pattern } from './schema.ts';

export interface PointUm {
  readonly xUm: number;
  readonly yUm: number;
  /** Of a point that was named in the file. */
  readonly name?: string;
}

export type Shape = Exclude<Area, { shape: 'path' | 'points' }>;

export interface Box {
  readonly widthUm: number;
  readonly heightUm: number;
  readonly midXUm: number;
  readonly midYUm: number;
}

function boxOf(area: Shape): Box {
  if (area.shape !== 'polygon') return { widthUm: area.widthMm * 1000, heightUm: area.heightMm * 1000, midXUm: 0, midYUm: 0 };
  const xs = area.pointsMm.map(([x]) => x * 1000);
  const ys = area.pointsMm.map(([, y]) => y * 1000);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { widthUm: right - left, heightUm: bottom - top, midXUm: (left + right) / 2, midYUm: (top + bottom) / 2 };
}

/** Even-odd rule; the edge itself counts as inside to within 1 µm. */
function insidePolygon(cornersUm: readonly PointUm[], point: PointUm): boolean {
  let inside = false;
  for (let i = 0; i < cornersUm.length; i++) {
    const a = cornersUm[i] as PointUm;
    const b = cornersUm[(i + 1) % cornersUm.length] as PointUm;
    const [dx, dy] = [b.xUm - a.xUm, b.yUm - a.yUm];
    const along = dx * dx + dy * dy === 0 ? 0 : ((point.xUm - a.xUm) * dx + (point.yUm - a.yUm) * dy) / (dx * dx + dy * dy);
    const t = Math.min(1, Math.max(0, along));
    if (Math.hypot(point.xUm - a.xUm - t * dx, point.yUm - a.yUm - t * dy) <= 1) return true;
    if (a.yUm > point.yUm !== b.yUm > point.yUm && point.xUm < a.xUm + ((point.yUm - a.yUm) * dx) / dy) inside = !inside;
  }
  return inside;
}

/** Is a point, given from the middle of the area's box, inside the area grown by `scale` about that middle? */
function insideOf(area: Shape, box: Box, scale: number): (point: PointUm) => boolean {
  const halfWidthUm = (box.widthUm * scale) / 2 + 1;
  const halfHeightUm = (box.heightUm * scale) / 2 + 1;
  if (area.shape === 'rectangle') return (point) => Math.abs(point.xUm) <= halfWidthUm && Math.abs(point.yUm) <= halfHeightUm;
  if (area.shape === 'ellipse') return (point) => (point.xUm / halfWidthUm) ** 2 + (point.yUm / halfHeightUm) ** 2 <= 1;
  const corners = area.pointsMm.map(([x, y]) => ({ xUm: (x * 1000 - box.midXUm) * scale, yUm: (y * 1000 - box.midYUm) * scale }));
  return (point) => insidePolygon(corners, point);
}

function gridIn(area: Shape, box: Box, pattern: Pattern, spacingUm: number, scale: number): PointUm[] {
  return laidIn(pattern, { box, scale, inside: insideOf(area, box, scale) }, spacingUm);
}

/** Moves points from the middle of the box to the coordinates of the file. */
const placed = (points: readonly PointUm[], box: Box): PointUm[] =>
  points.map((point) => ({ xUm: point.xUm + Math.round(box.midXUm), yUm: point.yUm + Math.round(box.midYUm) }));

/** The points of an area, `spacingUm` apart. Empty when the area is thinner than its pattern. */
export function pointsIn(area: Area, pattern: Pattern, spacingUm: number): PointUm[] {
  if (isDrawn(area)) return drawnPoints(area, spacingUm);
  const box = boxOf(area);
  return placed(gridIn(area, box, pattern, spacingUm, 1), box);
}

export interface ScaledPoints {
  readonly points: PointUm[];
  /** How much the area was grown or shrunk about its middle. */
  readonly scale: number;
}

/** An area is never grown beyond this. Chosen: longer than a leg. */
const SCALED_MAX_UM = 1_200_000;

/**
 * `count` points: the area keeps its shape and grows or shrinks about its middle, in steps of half a percent at the
 * end, until it holds enough; surplus points, farthest from the middle first, are left out. Fewer when a shape is too thin.
 * Of points and paths the first `count`, where they were drawn.
 */
export function countedPointsIn(area: Area, pattern: Pattern, spacingUm: number, count: number): ScaledPoints {
  if (isDrawn(area)) return { points: drawnPoints(area, spacingUm).slice(0, count), scale: 1 };
  const box = boxOf(area);
  const largestUm = Math.max(box.widthUm, box.heightUm, 1);
  let scale = Math.min(1, SCALED_MAX_UM / largestUm) / 10;
  let points = gridIn(area, box, pattern, spacingUm, scale);
  while (points.length < count && scale * largestUm < SCALED_MAX_UM) {
    scale *= points.length < count / 2 ? 1.1 : 1.005;
    points = gridIn(area, box, pattern, spacingUm, scale);
  }
  const farness = (point: PointUm): number => point.xUm * point.xUm + point.yUm * point.yUm;
  const order = points.map((_, index) => index).sort((a, b) => farness(points[a] as PointUm) - farness(points[b] as PointUm) || a - b);
  const kept = new Set(order.slice(0, count));
  return {
    points: placed(
      points.filter((_, index) => kept.has(index)),
      box,
    ),
    scale,
  };
}

/** Length of the way through all points, µm. */
export function pathUm(points: readonly PointUm[]): number {
  let sumUm = 0;
  for (let i = 1; i < points.length; i++) sumUm += stepUm(points, i);
  return Math.round(sumUm);
}

/** Way from point i − 1 to point i, µm. */
export function stepUm(points: readonly PointUm[], i: number): number {
  const [from, to] = [points[i - 1] as PointUm, points[i] as PointUm];
  return Math.hypot(to.xUm - from.xUm, to.yUm - from.yUm);
}
