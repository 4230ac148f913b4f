// The points of a plan on the skin, in the order of the hand, to scale. SVG text that stands alone or inside a page.
// Not responsible for the stroke (stroke-drawing.ts) nor for words and sums (plan-page.ts). Runs at the desk.
import type { Plan } from '../protocols/plan.ts';
import type { Treatment } from '../protocols/treatment.ts';
import { escapeHtml, fixed } from './report/format.ts';

const MARGIN_MM = 8;
/** Named points carry their name; of others every tenth its number. Chosen: readable at 200 pricks. */
const NUMBER_EVERY = 10;
const GRID_MM = 10;

/** Lines 10 mm apart, and the bar that says so. */
function gridLines(left: number, top: number, width: number, height: number): string {
  const lines: string[] = [];
  for (let x = Math.ceil(left / GRID_MM) * GRID_MM; x <= left + width; x += GRID_MM)
    lines.push(`M${x} ${top.toFixed(2)}v${height.toFixed(2)}`);
  for (let y = Math.ceil(top / GRID_MM) * GRID_MM; y <= top + height; y += GRID_MM)
    lines.push(`M${left.toFixed(2)} ${y}h${width.toFixed(2)}`);
  const [x, y] = [left + 2, top + height - 2];
  return `<path d="${lines.join('')}" stroke="#e8ecf0" stroke-width="0.2" fill="none"/>
<path d="M${x.toFixed(2)} ${(y - 1).toFixed(2)}v1h${GRID_MM}v-1" stroke="#4a5766" stroke-width="0.3" fill="none"/><text x="${(x + GRID_MM / 2).toFixed(2)}" y="${(y - 1).toFixed(2)}" text-anchor="middle" fill="#4a5766">${GRID_MM} mm</text>`;
}

/** Points with their order and the outline of what one prick keeps free, to scale in millimetres; north of the area is up. */
export function pointsSvg({ treatment, plan }: { treatment: Treatment; plan: Plan }): string {
  const xs = plan.points.map((point) => point.xUm / 1000);
  const ys = plan.points.map((point) => point.yUm / 1000);
  const [left, top] = [Math.min(...xs, 0) - MARGIN_MM, Math.min(...ys, 0) - MARGIN_MM];
  const [width, height] = [Math.max(...xs, 0) + MARGIN_MM - left, Math.max(...ys, 0) + MARGIN_MM - top];
  const at = (index: number): string => `${fixed(xs[index] ?? 0, 2).replace('−', '-')},${fixed(ys[index] ?? 0, 2).replace('−', '-')}`;
  const radius = fixed(Math.min(2, treatment.technique.spacingMm / 6), 2);
  const dots = plan.points.map((point, index) => {
    const [x = '', y = ''] = at(index).split(',');
    const name = escapeHtml(point.name ?? `prick ${index + 1}`);
    const label = point.name !== undefined || (index + 1) % NUMBER_EVERY === 0 || index === 0;
    const text = `<text x="${x}" y="${y}" dy="-2.2" text-anchor="middle" paint-order="stroke" stroke="#fff" stroke-width="0.8">${point.name === undefined ? String(index + 1) : name}</text>`;
    return `<circle cx="${x}" cy="${y}" r="${radius}"><title>${name}: ${x}, ${y} mm</title></circle>${label ? text : ''}`;
  });
  const title = escapeHtml(`${treatment.protocol.name}: ${plan.pricks} pricks, ${treatment.technique.spacingMm} mm apart`);
  const box = [left, top, width, height].map((value) => value.toFixed(2)).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="${box}" width="${width.toFixed(2)}mm" height="${height.toFixed(2)}mm" font-family="sans-serif" font-size="2.6">
<title>${title}</title><rect x="${left.toFixed(2)}" y="${top.toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}" fill="#fff"/>
${gridLines(left, top, width, height)}
<polyline points="${plan.points.map((_, index) => at(index)).join(' ')}" fill="none" stroke="#9aa5b1" stroke-width="0.3"/>
<g fill="#1f5f8b">${dots.join('\n')}</g>
</svg>`;
}
