// Areas that are points themselves: a list of named points, or a path with one prick each spacing. Not responsible for
// shapes that a pattern fills (pattern.ts). Desk side.
import type { PointUm } from './area.ts';
import type { Problem } from './problems.ts';
import type { Area, Protocol } from './schema.ts';

type Drawn = Extract<Area, { shape: 'path' | 'points' }>;

export const isDrawn = (area: Area): area is Drawn => area.shape === 'path' || area.shape === 'points';

const distanceUm = (a: PointUm, b: PointUm): number => Math.hypot(a.xUm - b.xUm, a.yUm - b.yUm);

/** Finest step along a path in search of the next point, µm. */
const SEARCH_UM = 10;

/** Points along a path, each the first one that is a spacing away from all before it, so that corners and crossings stay free. */
function alongPath(cornersUm: readonly PointUm[], spacingUm: number): PointUm[] {
  const points = cornersUm.slice(0, 1);
  for (let i = 1; i < cornersUm.length; i++) {
    const [from, to] = [cornersUm[i - 1] as PointUm, cornersUm[i] as PointUm];
    const steps = Math.max(1, Math.round(distanceUm(from, to) / SEARCH_UM));
    for (let step = 1; step <= steps; step++) {
      const at = {
        xUm: Math.round(from.xUm + ((to.xUm - from.xUm) * step) / steps),
        yUm: Math.round(from.yUm + ((to.yUm - from.yUm) * step) / steps),
      };
      if (points.every((point) => distanceUm(point, at) >= spacingUm)) points.push(at);
    }
  }
  return points;
}

/** The points of a drawn area, in the order of the file. */
export function drawnPoints(area: Drawn, spacingUm: number): PointUm[] {
  if (area.shape === 'points')
    return area.points.map(({ name, xMm, yMm }) => ({ xUm: Math.round(xMm * 1000), yUm: Math.round(yMm * 1000), name }));
  return alongPath(
    area.pointsMm.map(([x, y]) => ({ xUm: Math.round(x * 1000), yUm: Math.round(y * 1000) })),
    spacingUm,
  );
}

/** Named points closer together than the spacing; a pattern where nothing is to be filled, or none where something is. */
export function drawnProblems({ area, pattern }: Protocol, spacingMm: number): Problem[] {
  const severity = 'error' as const;
  if (isDrawn(area) !== (pattern === 'as-drawn')) {
    const bound = isDrawn(area) ? 'as-drawn' : 'square, hexagonal, lines or a fan';
    const why = isDrawn(area) ? 'points and paths say themselves where pricks go' : 'an area needs a pattern to fill it';
    return [{ pointer: '/pattern', value: pattern, bound, why, nearest: isDrawn(area) ? 'as-drawn' : 'square', severity }];
  }
  if (area.shape !== 'points') return [];
  const points = drawnPoints(area, 0);
  return points.flatMap((point, index) => {
    const other = points.slice(0, index).find((before) => distanceUm(before, point) < spacingMm * 1000);
    if (other === undefined) return [];
    const away = `${(distanceUm(other, point) / 1000).toFixed(1)} mm from ${other.name ?? 'another'}`;
    const why = 'closer points would get two doses in one place';
    return [{ pointer: `/area/points/${index}`, value: away, bound: `≥ ${spacingMm} mm from every other point`, why, severity }];
  });
}
