// A plan as two drawings: the points on the skin in the order of the hand, and the stroke against the layers of the site.
// SVG text that stands alone or inside a page. Not responsible for words and sums (plan-page.ts). Runs at the desk.
import { siteOf } from '../protocols/depth.ts';
import type { Plan } from '../protocols/plan.ts';
import type { Treatment } from '../protocols/treatment.ts';
import { escapeHtml, fixed } from './report/format.ts';

const MARGIN_MM = 8;
/** Named points carry their name; of others every tenth its number. Chosen: readable at 200 pricks. */
const NUMBER_EVERY = 10;
const LAYERS = [
  ['epidermis', '#f2c9b3'],
  ['dermis', '#e9a58f'],
  ['hypodermis', '#f6e3a1'],
  ['deeper', '#c9c4bd'],
] as const;

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
    const text = `<text x="${x}" y="${y}" dy="-2.2" text-anchor="middle">${point.name === undefined ? String(index + 1) : name}</text>`;
    return `<circle cx="${x}" cy="${y}" r="${radius}"><title>${name}: ${x}, ${y} mm</title></circle>${label ? text : ''}`;
  });
  const title = escapeHtml(`${treatment.protocol.name}: ${plan.pricks} pricks, ${treatment.technique.spacingMm} mm apart`);
  const box = [left, top, width, height].map((value) => value.toFixed(2)).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="${box}" width="${width.toFixed(2)}mm" height="${height.toFixed(2)}mm" font-family="sans-serif" font-size="2.6">
<title>${title}</title><rect x="${left.toFixed(2)}" y="${top.toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}" fill="#fff"/>
<polyline points="${plan.points.map((_, index) => at(index)).join(' ')}" fill="none" stroke="#9aa5b1" stroke-width="0.3"/>
<g fill="#1f5f8b">${dots.join('\n')}</g>
</svg>`;
}

/** The deepest tip of one prick against the mean layers of the site; each layer with the share of pricks that the verdict gives it. */
export function strokeSvg({ treatment, plan }: { treatment: Treatment; plan: Plan }): string {
  const layers = siteOf(treatment.site).layersMm[treatment.protocol.sex];
  const depthMm = plan.depth.depthUm / 1000;
  const deepestMm = Math.max(depthMm * 1.3, layers.epidermis.mean + layers.dermis.mean + 0.5);
  const px = 260 / deepestMm;
  let fromMm = 0;
  const bands = LAYERS.map(([layer, colour]) => {
    const toMm = layer === 'deeper' ? deepestMm : Math.min(deepestMm, fromMm + layers[layer].mean);
    const share = Math.round(100 * plan.depth.layers[layer]);
    const [y, tall] = [20 + fromMm * px, Math.max(0, toMm - fromMm) * px];
    const text = tall < 9 ? '' : `<text x="150" y="${(y + Math.min(tall, 24) / 2 + 4).toFixed(1)}">${layer}, ${share} %</text>`;
    fromMm = toMm;
    return `<rect x="10" y="${y.toFixed(1)}" width="300" height="${tall.toFixed(1)}" fill="${colour}"/>${text}`;
  });
  const tip = (20 + depthMm * px).toFixed(1);
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 320 300" width="320" height="300" font-family="sans-serif" font-size="11">
<title>${escapeHtml(`${depthMm} mm deep at the ${treatment.site.name.toLowerCase()}`)}</title>${bands.join('')}
<path d="M78 2 L78 ${(Number(tip) - 8).toFixed(1)} L82 ${tip} L82 2 Z" fill="#39424e"/><text x="92" y="${tip}">${depthMm} mm</text></svg>`;
}
