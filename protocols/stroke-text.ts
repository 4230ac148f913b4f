// One prick as a drawing of characters: the needle in the mean layers of a site, and where the dose is laid. For a terminal; the page has
// its own (tools/stroke-drawing.ts). Desk side.
import { siteOf } from './depth.ts';
import type { Layer } from './fluid.ts';
import { laidParts } from './laid.ts';
import type { SiteFile, Technique } from './schema.ts';
import type { Sex } from './sites.ts';

/** Ground of a layer, as wide as the drawing. */
const GROUND: Readonly<Record<Layer, string>> = {
  epidermis: '▒▒▒▒▒▒▒▒▒▒▒▒▒',
  dermis: '░░░░░░░░░░░░░',
  hypodermis: '· · · · · · ·',
  deeper: '▓▓▓▓▓▓▓▓▓▓▓▓▓',
};
const MIDDLE = 6;
/** Finest step that keeps the drawing within this many lines. */
const LINES_MOST = 16;

const put = (ground: string, at: number, text: string): string => ground.slice(0, at) + text + ground.slice(at + text.length);

/** `shares`: how many tips end in each layer, 0 to 1; absent where nothing was planned. */
export function strokeDrawing(technique: Technique, site: SiteFile, sex: Sex, shares?: Readonly<Record<Layer, number>>): string[] {
  const layers = siteOf(site).layersMm[sex];
  const { depthMm } = technique;
  const toDermis = layers.epidermis.mean + layers.dermis.mean;
  const ends: readonly (readonly [Layer, number])[] = [
    ['epidermis', layers.epidermis.mean],
    ['dermis', toDermis],
    ['hypodermis', toDermis + layers.hypodermis.mean],
    ['deeper', Infinity],
  ];
  const deepestMm = Math.max(depthMm + 0.3, Math.min(toDermis + 0.3, depthMm * 2));
  const stepMm = [0.1, 0.2, 0.5, 1].find((step) => deepestMm / step <= LINES_MOST) ?? 1;
  const parts = laidParts(technique);
  const lines = [`           ▄▄    ║    ▄▄  ring, ${technique.stamp.targetN} N`];
  let before: Layer | null = null;
  for (let at = 1; (at - 1) * stepMm < deepestMm; at++) {
    const mm = at * stepMm;
    const middleMm = mm - stepMm / 2;
    const [layer, endMm] = ends.find(([, end]) => middleMm <= end) ?? ['deeper', Infinity];
    const isTip = depthMm <= mm + 1e-9 && depthMm > mm - stepMm + 1e-9;
    const here = parts.filter(({ fromMm, toMm }) =>
      fromMm === toMm ? fromMm <= mm + 1e-9 && fromMm > mm - stepMm + 1e-9 : middleMm <= fromMm && middleMm >= toMm,
    );
    let row = GROUND[layer];
    if (here.length > 0) row = put(row, MIDDLE - 2, '●●●●●');
    if (mm < depthMm + stepMm - 1e-9) row = put(row, MIDDLE, isTip ? '▼' : '║');
    const says: string[] = [];
    if (layer !== before) {
      const share = shares === undefined ? '' : `, ${Math.round(100 * shares[layer])} % of tips`;
      says.push(`${layer}${endMm === Infinity ? '' : ` to ${endMm.toFixed(2)} mm`}${share}`);
    }
    const starts = here.filter(({ fromMm }) => fromMm <= mm + 1e-9 && fromMm > mm - stepMm + 1e-9);
    for (const { ul, fromMm, toMm } of starts)
      says.push(`${Number(ul.toFixed(2))} µL${fromMm === toMm ? '' : ` on the way up to ${toMm.toFixed(2)} mm`}`);
    if (isTip) says.push(`tip ${depthMm} mm`);
    lines.push(`  ${mm.toFixed(1).padStart(5)} mm ${row}  ${says.join('; ')}`.trimEnd());
    before = layer;
  }
  return lines;
}
