// The parts of a page that are about a person rather than a stroke: literature against the gun, what must be checked before,
// care after, course, substances. Plain text. Not responsible for plans and strokes (describe.ts). Desk side.
import type { ComponentTotal } from './components.ts';
import { courseText } from './course.ts';
import type { Protocol, Technique } from './schema.ts';

const span = ([least, most]: readonly [number, number], unit: string): string =>
  least === most ? `${least} ${unit}` : `${least} to ${most} ${unit}`;

/** Needle length that reaches a depth at an angle to the skin, mm: depth = sin(angle) × length. */
export const lengthForDepthMm = (depthMm: number, angleDeg: number): number => depthMm / Math.sin((angleDeg * Math.PI) / 180);

/** What the literature gives for this technique by hand, and what its angle would mean; empty when it gives nothing. */
export function literatureRows({ literature, depthMm }: Technique): (readonly [string, string])[] {
  if (literature === undefined) return [];
  const { angleDeg, doseUl, spacingMm } = literature;
  const figures = [`depth ${span(literature.depthMm, 'mm')}`];
  if (doseUl !== undefined) figures.push(`dose ${span(doseUl, 'µL')}`);
  if (spacingMm !== undefined) figures.push(`spacing ${span(spacingMm, 'mm')}`);
  const rows: (readonly [string, string])[] = [['by hand', `${figures.join(', ')} in the literature`]];
  if (angleDeg !== undefined && angleDeg[0] > 0) {
    const lengths = angleDeg.map((angle) => lengthForDepthMm(depthMm, angle).toFixed(1));
    const needle = lengths[0] === lengths[1] ? `${lengths[0] ?? ''} mm` : `${lengths[0] ?? ''} to ${lengths[1] ?? ''} mm`;
    rows.push([
      'angle',
      `90° with the gun; by hand ${span(angleDeg, '°').replaceAll(' °', '°')}, where ${depthMm} mm deep takes ${needle} of needle`,
    ]);
  }
  return rows;
}

/** Substances of a session and of the course against their most. */
export const componentRows = (totals: readonly ComponentTotal[]): (readonly [string, string])[] =>
  totals
    .filter((total) => total.session > 0)
    .map(({ name, unit, session, maxSession, course, maxCourse }, index) => [
      index === 0 ? 'components' : '',
      `${name} ${session} of at most ${maxSession} ${unit} a session, ${course} of ${maxCourse} ${unit} a course`,
    ]);

const list = (title: string, lines: readonly string[] | undefined): string[] =>
  lines === undefined ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

/** Course, what it requires, checklist before, care after. */
export function careText({ course, requires, before, after }: Protocol): string[] {
  return [
    ...list('Course', course && [courseText(course)]),
    ...list('Requires', requires),
    ...list('Ask and check before', before),
    ...list('The two days after', after),
  ];
}
