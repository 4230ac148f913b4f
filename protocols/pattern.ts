// Patterns that fill an area of skin with points, in the order of a hand: square, hexagonal, lines, fan. Pure; µm from the
// middle of the area's box. Not responsible for shapes (area.ts) nor for limits. Desk side.
import type { Box, PointUm } from './area.ts';
import type { Pattern } from './schema.ts';

/** An area as a pattern sees it: its box, how much it is grown about the box's middle, and what lies inside. */
export interface Ground {
  readonly box: Box;
  readonly scale: number;
  readonly inside: (point: PointUm) => boolean;
}

/** Rows from top to bottom, every other one backwards. */
function gridIn(ground: Ground, isSquare: boolean, spacingUm: number): PointUm[] {
  const { box, scale, inside } = ground;
  const rowPitchUm = isSquare ? spacingUm : Math.ceil((spacingUm * Math.sqrt(3)) / 2);
  const columns = Math.floor((box.widthUm * scale) / spacingUm + 1e-6) + 2;
  const rows = Math.floor((box.heightUm * scale) / rowPitchUm + 1e-6) + 1;
  const points: PointUm[] = [];
  let backwards = false;
  for (let row = 0; row < rows; row++) {
    const yUm = Math.round((row - (rows - 1) / 2) * rowPitchUm);
    const shiftUm = isSquare ? 0 : row % 2 === 0 ? -spacingUm / 4 : spacingUm / 4;
    const line: PointUm[] = [];
    for (let column = 0; column < columns - 1; column++) {
      const point = { xUm: Math.round((column - (columns - 2) / 2) * spacingUm + shiftUm), yUm };
      if (inside(point)) line.push(point);
    }
    if (line.length === 0) continue;
    points.push(...(backwards ? line.reverse() : line));
    backwards = !backwards;
  }
  return points;
}

/** Lines `apartUm` from each other, turned clockwise about the middle; every other one backwards. */
function linesIn({ box, scale, inside }: Ground, apartUm: number, turnedDeg: number, spacingUm: number): PointUm[] {
  const halfUm = (Math.hypot(box.widthUm, box.heightUm) * scale) / 2;
  const [columns, rows] = [Math.floor(halfUm / spacingUm), Math.floor(halfUm / apartUm)];
  const [cos, sin] = [Math.cos((turnedDeg * Math.PI) / 180), Math.sin((turnedDeg * Math.PI) / 180)];
  const points: PointUm[] = [];
  let backwards = false;
  for (let row = -rows; row <= rows; row++) {
    const line: PointUm[] = [];
    for (let column = -columns; column <= columns; column++) {
      const [along, across] = [column * spacingUm, row * apartUm];
      const point = { xUm: Math.round(along * cos - across * sin), yUm: Math.round(along * sin + across * cos) };
      if (inside(point)) line.push(point);
    }
    if (line.length === 0) continue;
    points.push(...(backwards ? line.reverse() : line));
    backwards = !backwards;
  }
  return points;
}

type Fan = Extract<Pattern, { lay: 'fan' }>;

/** Rays out of one point, out and back in turn; near that point only as many as keep the spacing. */
function fanIn({ box, scale, inside }: Ground, fan: Fan, spacingUm: number): PointUm[] {
  const fromXUm = (fan.fromMm[0] * 1000 - box.midXUm) * scale;
  const fromYUm = (fan.fromMm[1] * 1000 - box.midYUm) * scale;
  const reachUm = Math.hypot(fromXUm, fromYUm) + Math.hypot(box.widthUm, box.heightUm) * scale;
  const points: PointUm[] = [];
  for (let ray = 0; ray < fan.rays; ray++) {
    const angle = ((fan.towardsDeg + fan.spreadDeg * (ray / (fan.rays - 1) - 0.5)) * Math.PI) / 180;
    const line: PointUm[] = [];
    for (let wayUm = spacingUm; wayUm <= reachUm; wayUm += spacingUm) {
      const point = { xUm: Math.round(fromXUm + wayUm * Math.cos(angle)), yUm: Math.round(fromYUm + wayUm * Math.sin(angle)) };
      const isFree = points.every((other) => Math.hypot(other.xUm - point.xUm, other.yUm - point.yUm) >= spacingUm - 2);
      if (isFree && inside(point)) line.push(point);
    }
    points.push(...(ray % 2 === 1 ? line.reverse() : line));
  }
  return points;
}

/** The points of a pattern on its ground. */
export function laidIn(pattern: Pattern, ground: Ground, spacingUm: number): PointUm[] {
  if (typeof pattern === 'string') return gridIn(ground, pattern !== 'hexagonal', spacingUm);
  if (pattern.lay === 'fan') return fanIn(ground, pattern, spacingUm);
  return linesIn(ground, Math.round(pattern.apartMm * 1000), pattern.turnedDeg ?? 0, spacingUm);
}

/** A pattern in words. */
export function patternText(pattern: Pattern): string {
  if (typeof pattern === 'string') return pattern === 'as-drawn' ? 'as drawn' : pattern;
  return pattern.lay === 'fan' ? `fan of ${pattern.rays} rays` : `lines ${pattern.apartMm} mm apart`;
}
