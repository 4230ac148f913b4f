// The library that ships with the gun: every file by kind and id. Imported as JSON, so that it also works in a browser.
// Not responsible for files of the user: tools read those and hand the text to check.ts. Desk side.
import type { AnyFile, FileOf, Kind } from './schema.ts';
import { KINDS, SCHEMAS } from './schema.ts';
import nappage from './library/techniques/nappage.json' with { type: 'json' };
import papule from './library/techniques/papule.json' with { type: 'json' };
import deepHypodermic from './library/techniques/deep-hypodermic.json' with { type: 'json' };
import dry from './library/techniques/dry.json' with { type: 'json' };
import epidermalStroking from './library/techniques/epidermal-stroking.json' with { type: 'json' };
import linearRetrograde from './library/techniques/linear-retrograde.json' with { type: 'json' };
import mesoperfusion from './library/techniques/mesoperfusion.json' with { type: 'json' };
import microdroplet from './library/techniques/microdroplet.json' with { type: 'json' };
import micropapule from './library/techniques/micropapule.json' with { type: 'json' };
import multiLevel from './library/techniques/multi-level.json' with { type: 'json' };
import pointByPoint from './library/techniques/point-by-point.json' with { type: 'json' };
import superficialNappage from './library/techniques/superficial-nappage.json' with { type: 'json' };
import mesoliftFace from './library/protocols/mesolift-face.json' with { type: 'json' };
import alopeciaScalp from './library/protocols/alopecia-scalp.json' with { type: 'json' };
import bioFacelift from './library/protocols/bio-facelift.json' with { type: 'json' };
import celluliteButtock from './library/protocols/cellulite-buttock.json' with { type: 'json' };
import celluliteThigh from './library/protocols/cellulite-thigh.json' with { type: 'json' };
import hydrationHa from './library/protocols/hydration-ha.json' with { type: 'json' };
import hyperhidrosisAxilla from './library/protocols/hyperhidrosis-axilla.json' with { type: 'json' };
import localizedFat from './library/protocols/localized-fat.json' with { type: 'json' };
import mesoBotoxFace from './library/protocols/meso-botox-face.json' with { type: 'json' };
import painLocal from './library/protocols/pain-local.json' with { type: 'json' };
import painPerfusion from './library/protocols/pain-perfusion.json' with { type: 'json' };
import reflexDry from './library/protocols/reflex-dry.json' with { type: 'json' };
import rejuvenationDecollete from './library/protocols/rejuvenation-decollete.json' with { type: 'json' };
import rejuvenationFace from './library/protocols/rejuvenation-face.json' with { type: 'json' };
import rejuvenationHands from './library/protocols/rejuvenation-hands.json' with { type: 'json' };
import rejuvenationNeck from './library/protocols/rejuvenation-neck.json' with { type: 'json' };
import stretchMarks from './library/protocols/stretch-marks.json' with { type: 'json' };
import abdomen from './library/sites/abdomen.json' with { type: 'json' };
import axilla from './library/sites/axilla.json' with { type: 'json' };
import buttock from './library/sites/buttock.json' with { type: 'json' };
import cheek from './library/sites/cheek.json' with { type: 'json' };
import chin from './library/sites/chin.json' with { type: 'json' };
import decollete from './library/sites/decollete.json' with { type: 'json' };
import forehead from './library/sites/forehead.json' with { type: 'json' };
import hand from './library/sites/hand.json' with { type: 'json' };
import neck from './library/sites/neck.json' with { type: 'json' };
import scalp from './library/sites/scalp.json' with { type: 'json' };
import temple from './library/sites/temple.json' with { type: 'json' };
import thigh from './library/sites/thigh.json' with { type: 'json' };
import syringe1 from './library/syringes/1ml.json' with { type: 'json' };
import syringe3 from './library/syringes/3ml.json' with { type: 'json' };
import syringe5 from './library/syringes/5ml.json' with { type: 'json' };
import syringe10 from './library/syringes/10ml.json' with { type: 'json' };
import needle27 from './library/needles/27g-4mm.json' with { type: 'json' };
import needle30 from './library/needles/30g-4mm.json' with { type: 'json' };
import needle30long from './library/needles/30g-13mm.json' with { type: 'json' };
import needle32 from './library/needles/32g-4mm.json' with { type: 'json' };
import saline from './library/products/saline.json' with { type: 'json' };
import vitaminCocktail from './library/products/vitamin-cocktail.json' with { type: 'json' };
import drainage from './library/products/drainage.json' with { type: 'json' };
import haLight from './library/products/ha-light.json' with { type: 'json' };
import hairCocktail from './library/products/hair-cocktail.json' with { type: 'json' };
import lidocaine1 from './library/products/lidocaine-1.json' with { type: 'json' };
import lipolytic from './library/products/lipolytic.json' with { type: 'json' };
import toxinDilute from './library/products/toxin-dilute.json' with { type: 'json' };

const FILES: readonly unknown[] = [
  ...[nappage, papule, mesoliftFace],
  ...[
    deepHypodermic,
    dry,
    epidermalStroking,
    linearRetrograde,
    mesoperfusion,
    microdroplet,
    micropapule,
    multiLevel,
    pointByPoint,
    superficialNappage,
  ],
  ...[
    alopeciaScalp,
    bioFacelift,
    celluliteButtock,
    celluliteThigh,
    hydrationHa,
    hyperhidrosisAxilla,
    localizedFat,
    mesoBotoxFace,
    painLocal,
    painPerfusion,
    reflexDry,
    rejuvenationDecollete,
    rejuvenationFace,
    rejuvenationHands,
    rejuvenationNeck,
    stretchMarks,
  ],
  ...[drainage, haLight, hairCocktail, lidocaine1, lipolytic, toxinDilute],
  ...[abdomen, axilla, buttock, cheek, chin, decollete, forehead, hand, neck, scalp, temple, thigh],
  ...[syringe1, syringe3, syringe5, syringe10, needle27, needle30, needle30long, needle32, saline, vitaminCocktail],
];

type Shelves = { readonly [K in Kind]: Map<string, FileOf<K>> };
const shelves: Shelves = {
  technique: new Map(),
  protocol: new Map(),
  site: new Map(),
  syringe: new Map(),
  needle: new Map(),
  product: new Map(),
};

for (const raw of FILES) {
  const kind = (raw as { kind: Kind }).kind;
  const file: AnyFile = SCHEMAS[kind].parse(raw);
  (shelves[kind] as Map<string, AnyFile>).set(file.id, file);
}

/** The file of this kind with this id, or null. */
export function find<K extends Kind>(kind: K, id: string): FileOf<K> | null {
  return shelves[kind].get(id) ?? null;
}

/** All ids of a kind, sorted. */
export function idsOf(kind: Kind): string[] {
  return [...shelves[kind].keys()].sort();
}

/** All files of a kind, sorted by id. */
export function allOf<K extends Kind>(kind: K): FileOf<K>[] {
  return idsOf(kind).map((id) => shelves[kind].get(id) as FileOf<K>);
}

export interface LibraryEntry {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  /** One line; empty for equipment without a summary. */
  readonly summary: string;
}

/** What is on the shelves, protocols first, in the order in which a person asks for it. */
export function listLibrary(): LibraryEntry[] {
  const order: Kind[] = ['protocol', 'technique', ...KINDS.filter((kind) => kind !== 'protocol' && kind !== 'technique')];
  return order.flatMap((kind) =>
    allOf(kind).map((file) => ({ kind, id: file.id, name: file.name, summary: 'summary' in file ? file.summary : '' })),
  );
}
