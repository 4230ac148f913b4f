// Skin by body site: layer thickness by sex and quasi-static stiffness. Data only; the laws are in protocols/layers.ts.
// Faces and neck: Meng 2022 (PMC9205051) Table 2, Iyengar 2018. Trunk and limbs: Gibney 2010, Laurent 2007. Axilla: de Almeida.
// Where only a range is published, its width / 4 stands for the standard deviation (Chosen).

export type Sex = 'f' | 'm';
export type SiteId =
  'forehead' | 'cheek' | 'temple' | 'chin' | 'neck' | 'decollete' | 'scalp' | 'abdomen' | 'thigh' | 'buttock' | 'axilla' | 'hand';

/** Thickness in mm over a population. */
export interface Thickness {
  readonly mean: number;
  readonly sd: number;
}
export interface SkinLayers {
  readonly epidermis: Thickness;
  readonly dermis: Thickness;
  readonly hypodermis: Thickness;
}
export interface Site {
  readonly id: SiteId;
  readonly layersMm: Readonly<Record<Sex, SkinLayers>>;
  /** Quasi-static, before ring tension and rate. */
  readonly stiffnessNPerMm: number;
  readonly source: string;
}

type Pair = readonly [mean: number, sd: number];
const layers = (epidermis: Pair, dermis: Pair, hypodermis: Pair): SkinLayers => ({
  epidermis: { mean: epidermis[0], sd: epidermis[1] },
  dermis: { mean: dermis[0], sd: dermis[1] },
  hypodermis: { mean: hypodermis[0], sd: hypodermis[1] },
});
const site = (id: SiteId, f: SkinLayers, m: SkinLayers, stiffnessNPerMm: number, source: string): Site => ({
  id,
  layersMm: { f, m },
  stiffnessNPerMm,
  source,
});

const TRUNK_EPIDERMIS: Pair = [0.1, 0.015];
const both = (epidermis: Pair, dermis: Pair, hypodermis: Pair): [SkinLayers, SkinLayers] => {
  const one = layers(epidermis, dermis, hypodermis);
  return [one, one];
};

/** All sites. Stiffness: Chosen within 0.15 to 0.8 N/mm (bone close by: 0.6; abdomen: 0.2). */
export const SITES: Readonly<Record<SiteId, Site>> = {
  forehead: site(
    'forehead',
    layers([0.2, 0.03], [0.86, 0.16], [2, 0.4]),
    layers([0.22, 0.03], [1.17, 0.28], [2, 0.4]),
    0.6,
    'Source: Meng 2022, Iyengar 2018',
  ),
  cheek: site(
    'cheek',
    layers([0.2, 0.03], [0.87, 0.35], [4, 1.3]),
    layers([0.2, 0.03], [1.14, 0.21], [4, 1.3]),
    0.3,
    'Source: Meng 2022 (zygoma), Iyengar 2018',
  ),
  temple: site(
    'temple',
    layers([0.18, 0.03], [0.8, 0.16], [6, 1.2]),
    layers([0.18, 0.03], [1.06, 0.21], [6, 1.2]),
    0.35,
    'Source: Meng 2022, Iyengar 2018; spread chosen',
  ),
  chin: site(
    'chin',
    layers([0.2, 0.03], [0.91, 0.18], [5.5, 1]),
    layers([0.2, 0.03], [1.02, 0.2], [5.5, 1]),
    0.3,
    'Source: Meng 2022, Iyengar 2018; spread chosen',
  ),
  neck: site(
    'neck',
    layers([0.17, 0.03], [0.99, 0.2], [4, 1.3]),
    layers([0.19, 0.03], [0.98, 0.22], [4, 1.3]),
    0.25,
    'Source: Meng 2022; fat chosen',
  ),
  decollete: site('decollete', ...both([0.15, 0.03], [1.3, 0.18], [6, 2]), 0.3, 'Chosen: range 1.0 to 1.7 mm of dermis, 3 to 12 mm of fat'),
  scalp: site(
    'scalp',
    ...both([0.09, 0.015], [2, 0.25], [4, 0.5]),
    0.6,
    'Chosen: range 1.5 to 2.5 mm of dermis; histometry (Oltulu 2018) gives more',
  ),
  abdomen: site('abdomen', ...both(TRUNK_EPIDERMIS, [2.1, 0.3], [13.9, 2.3]), 0.2, 'Source: Gibney 2010'),
  thigh: site('thigh', ...both(TRUNK_EPIDERMIS, [1.8, 0.3], [10.4, 2.5]), 0.25, 'Source: Gibney 2010, Laurent 2007'),
  buttock: site('buttock', ...both(TRUNK_EPIDERMIS, [2.3, 0.3], [15.4, 3]), 0.2, 'Source: Gibney 2010'),
  axilla: site('axilla', ...both(TRUNK_EPIDERMIS, [3, 0.4], [6, 2]), 0.2, 'Source: de Almeida (centre); fat chosen'),
  hand: site(
    'hand',
    ...both([0.12, 0.02], [1, 0.15], [3.3, 0.6]),
    0.3,
    'Chosen: dorsum, dermis 0.7 to 1.3 mm; fat 4.3 mm in the twenties, 2.3 mm past sixty',
  ),
};

/** Sites where bone lies right below the fat or a thin muscle: periosteum is what comes after the hypodermis. Source: anatomy. */
export const OVER_BONE: readonly SiteId[] = ['forehead', 'cheek', 'temple', 'chin', 'decollete', 'scalp', 'hand'];
