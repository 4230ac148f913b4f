// Where a needle that is pushed in to the hub ends, site by site: what an author ought to know before choosing a length.
// The laws of depth are in layers.ts. Not responsible for a treatment's own depth (depth.ts). Desk side.
import { RING_DIAMETER_MM } from './gun.ts';
import type { Layer } from './fluid.ts';
import { SITES, layerProbabilities, tipForDepth } from './layers.ts';
import type { Needle } from './schema.ts';
import type { Sex, SiteId } from './sites.ts';

export interface Reach {
  readonly site: SiteId;
  readonly sex: Sex;
  readonly layers: Readonly<Record<Layer, number>>;
}

/** Light ring and a quick insertion, as most techniques have them. Chosen; they change the spread only. */
const RING_MN = 1200;
const SPEED_UM_PER_S = 100_000;
/** The gun goes no deeper. */
const DEEPEST_UM = 10_000;

/** Layers at full stroke for every site and sex. */
export function reachOf(needle: Needle): Reach[] {
  const depthUm = Math.min(DEEPEST_UM, Math.round(needle.lengthMm * 1000));
  return (Object.keys(SITES) as SiteId[]).flatMap((id) =>
    (['f', 'm'] as const).map((sex) => {
      const { spreadUm } = tipForDepth(SITES[id], sex, depthUm, SPEED_UM_PER_S, RING_MN, RING_DIAMETER_MM, needle.outerMm * 1000);
      return { site: id, sex, layers: layerProbabilities(SITES[id], sex, depthUm, spreadUm) };
    }),
  );
}

/** Shares of half a percent and more, deepest last. */
const sharesText = (layers: Reach['layers']): string =>
  (['epidermis', 'dermis', 'hypodermis', 'deeper'] as const)
    .filter((layer) => layers[layer] >= 0.005)
    .map((layer) => `${layer} ${Math.round(layers[layer] * 100)} %`)
    .join(', ');

/** Lines for the page of a needle, with the verdict first. */
export function reachLines(needle: Needle): string[] {
  const reaches = reachOf(needle);
  const inDermis = reaches.filter(({ layers }) => layers.epidermis + layers.dermis >= 0.5);
  const depth = `${Math.min(DEEPEST_UM / 1000, needle.lengthMm)} mm deep`;
  const verdict =
    inDermis.length === 0
      ? `At full stroke, ${depth}, this needle is hypodermic at every site of the table, or deeper still where fat is thin`
      : `At full stroke, ${depth}, this needle ends in the dermis at: ${inDermis.map(({ site, sex }) => `${site} (${sex})`).join(', ')}`;
  return ['', verdict, ...reaches.map(({ site, sex, layers }) => `  ${`${site} (${sex})`.padEnd(16)}${sharesText(layers)}`)];
}
