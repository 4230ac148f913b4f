// One prick as a drawing: needle and ring against the mean layers of the site, where each part of the dose is laid, and how far tips
// spread. SVG text that stands alone or inside a page. Not responsible for the figures (protocols/depth.ts). Runs at the desk.
import { LAYERS } from '../protocols/fluid.ts';
import { laidParts } from '../protocols/laid.ts';
import type { Laid } from '../protocols/laid.ts';
import { siteOf, tipOf } from '../protocols/depth.ts';
import type { Plan } from '../protocols/plan.ts';
import type { Treatment } from '../protocols/treatment.ts';
import { escapeHtml } from './report/format.ts';

const COLOURS = { epidermis: '#e8b9a2', dermis: '#f3cdbd', hypodermis: '#f8e7b3', deeper: '#cfcac3' } as const;
const [WIDE, TALL, TOP, LEFT, RIGHT, NEEDLE] = [550, 350, 74, 46, 340, 150] as const;
/** Labels closer than this would overlap. */
const LINE = 30;

const one = (value: number): string => value.toFixed(1);

/** Pushes labels down until each has its line; all stay in the drawing where they can. */
function spaced(ys: readonly number[]): number[] {
  const out: number[] = [];
  for (const y of ys) out.push(Math.max(y, (out.at(-1) ?? -Infinity) + LINE));
  const over = Math.max(0, (out.at(-1) ?? 0) - (TALL - 12));
  return out.map((y) => y - over);
}

interface Scale {
  readonly y: (mm: number) => number;
  readonly deepestMm: number;
}

function layerParts({ treatment, plan }: { treatment: Treatment; plan: Plan }, { y, deepestMm }: Scale): string {
  const layers = siteOf(treatment.site).layersMm[treatment.protocol.sex];
  let fromMm = 0;
  const bands = LAYERS.map((layer) => {
    const toMm = layer === 'deeper' ? deepestMm : Math.min(deepestMm, fromMm + layers[layer].mean);
    const band = { layer, fromMm, toMm, thick: layer === 'deeper' ? '' : `${layers[layer].mean} ± ${layers[layer].sd} mm` };
    fromMm = toMm;
    return band;
  }).filter((band) => band.toMm > band.fromMm);
  const labels = spaced(bands.map((band) => (y(band.fromMm) + y(band.toMm)) / 2));
  const rects = bands.map((band, index) => {
    const [top, middle, at] = [y(band.fromMm), (y(band.fromMm) + y(band.toMm)) / 2, labels[index] ?? 0];
    const share = Math.round(100 * plan.depth.layers[band.layer]);
    return (
      `<rect x="${LEFT}" y="${one(top)}" width="${RIGHT - LEFT}" height="${one(y(band.toMm) - top)}" fill="${COLOURS[band.layer]}"/>` +
      `<path d="M${RIGHT} ${one(middle)}L${RIGHT + 10} ${one(at - 6)}" stroke="#8a96a3" fill="none"/>` +
      `<text x="${RIGHT + 14}" y="${one(at - 2)}"><tspan font-weight="600">${band.layer}</tspan>, ${share} % of tips</text>` +
      `<text x="${RIGHT + 14}" y="${one(at + 11)}" fill="#4a5766" font-size="11">${band.thick}</text>`
    );
  });
  return rects.join('\n');
}

/** Millimetres at the left; steps that leave room for their figures. */
function ruler({ y, deepestMm }: Scale): string {
  const stepMm = [0.2, 0.5, 1, 2].find((step) => y(step) - y(0) >= 22) ?? 5;
  const marks: string[] = [];
  for (let at = 0; at * stepMm <= deepestMm + 1e-9; at++) {
    const mm = at * stepMm;
    marks.push(
      `<path d="M${LEFT - 6} ${one(y(mm))}H${LEFT}" stroke="#4a5766"/><text x="${LEFT - 9}" y="${one(y(mm) + 4)}" text-anchor="end" fill="#4a5766" font-size="11">${Number(mm.toFixed(1))}</text>`,
    );
  }
  return `${marks.join('')}<text x="${LEFT - 9}" y="${TOP - 12}" text-anchor="end" fill="#4a5766" font-size="11">mm</text>`;
}

/** The bell of where tips end, beside the needle. */
function bell(meanMm: number, spreadMm: number, { y, deepestMm }: Scale): string {
  if (spreadMm <= 0) return '';
  const points: string[] = [];
  for (let step = -30; step <= 30; step++) {
    const mm = meanMm + (spreadMm * step) / 10;
    if (mm >= 0 && mm <= deepestMm) points.push(`${one(NEEDLE + 60 + 56 * Math.exp(-((step / 10) ** 2) / 2))} ${one(y(mm))}`);
  }
  const [first = '', last = ''] = [points[0], points.at(-1)].map((point) => (point ?? '').split(' ')[1]);
  return `<path d="M${NEEDLE + 60} ${first}L${points.join('L')}L${NEEDLE + 60} ${last}Z" fill="#075985" fill-opacity=".2" stroke="#075985" stroke-width="1"/>
<text x="${NEEDLE + 122}" y="${one(y(meanMm) + 4)}" fill="#075985" font-size="11">± ${spreadMm.toFixed(2)} mm</text>`;
}

function laid(parts: readonly Laid[], { y }: Scale): string {
  const most = Math.max(...parts.map((part) => part.ul), 1e-9);
  return parts
    .map(({ fromMm, toMm, ul }) => {
      const radius = 5 + 9 * Math.cbrt(ul / most);
      const title = `<title>${Number(ul.toFixed(2))} µL</title>`;
      return fromMm === toMm
        ? `<ellipse cx="${NEEDLE}" cy="${one(y(fromMm))}" rx="${one(radius * 1.5)}" ry="${one(radius * 0.8)}" fill="#0b7a5b" fill-opacity=".5">${title}</ellipse>`
        : `<path d="M${NEEDLE} ${one(y(fromMm))}V${one(Math.max(y(0), y(toMm)))}" stroke="#0b7a5b" stroke-opacity=".5" stroke-width="${one(radius)}" stroke-linecap="round">${title}</path>`;
    })
    .join('');
}

/** The deepest tip of one prick against the mean layers of the site; each layer with the share of pricks that the verdict gives it. */
export function strokeSvg(ready: { treatment: Treatment; plan: Plan }): string {
  const { treatment, plan } = ready;
  const { technique, site, protocol, needle } = treatment;
  const layers = siteOf(site).layersMm[protocol.sex];
  const depthMm = plan.depth.depthUm / 1000;
  const deepestMm = Math.max(depthMm * 1.35, layers.epidermis.mean + layers.dermis.mean + 0.5);
  const px = (TALL - TOP - 8) / deepestMm;
  const scale: Scale = { y: (mm) => TOP + mm * px, deepestMm };
  const { spreadUm, shortUm } = tipOf(treatment, plan.depth.depthUm);
  const tip = scale.y(depthMm);
  const bevel = Math.min(9, tip - TOP);
  const ring = (x: number): string => `<rect x="${x}" y="${TOP - 26}" width="26" height="27" rx="4" fill="#5b6470"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${WIDE} ${TALL}" width="${WIDE}" height="${TALL}" font-family="system-ui,sans-serif" font-size="13">
<title>${escapeHtml(`${depthMm} mm deep at the ${site.name.toLowerCase()}`)}</title>
${layerParts(ready, scale)}
${ruler(scale)}
${ring(LEFT + 8)}${ring(RIGHT - 34)}<text x="${RIGHT - 42}" y="${TOP - 9}" text-anchor="end" fill="#4a5766" font-size="11">ring ${technique.stamp.targetN} N</text>
${bell((plan.depth.depthUm - shortUm) / 1000, spreadUm / 1000, scale)}
${laid(laidParts(technique), scale)}
<rect x="${NEEDLE - 9}" y="4" width="18" height="22" rx="3" fill="#8a96a3"/><path d="M${NEEDLE - 2.5} 26V${one(tip - bevel)}L${NEEDLE + 2.5} ${one(tip)}V26Z" fill="#17202a"/>
<text x="${NEEDLE + 16}" y="19" font-size="11" fill="#4a5766">${escapeHtml(needle.name)}</text>
<text x="${NEEDLE - 26}" y="${one(tip + 4)}" text-anchor="end" font-weight="600">${depthMm} mm</text>
</svg>`;
}
