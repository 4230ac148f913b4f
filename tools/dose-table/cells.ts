// The cells of the dose table: syringe × dose × layer × liquid, the session that each seed runs of one, and why the firmware refuses
// others. Not responsible for the table (table.ts) nor for files and threads (main.ts). At the desk.
import { checkValue } from '../../protocols/check.ts';
import { find } from '../../protocols/library.ts';
import type { Layer } from '../../protocols/fluid.ts';
import { makeSyringe } from '../../sim/gun-build.ts';
import { completeWorld } from '../../sim/setup.ts';
import type { WorldRequest } from '../../sim/setup.ts';
import type { Moments } from '../campaign/result.ts';
import { momentsOf } from '../campaign/result.ts';
import { MesogunError } from '../errors.ts';
import { Guide } from '../guide.ts';
import { Link } from '../link.ts';
import type { Ready } from '../source.ts';
import { VirtualLine } from '../virtual-line.ts';
import { worldFor } from '../world.ts';

export interface DoseCase {
  readonly syringe: string;
  readonly doseUl: number;
  readonly layer: Layer;
  readonly product: string;
  readonly needle: string;
}

/** One session of one case. */
export interface CellOrder {
  readonly of: DoseCase;
  readonly seed: number;
  readonly pricks: number;
}

export interface CellResult extends CellOrder {
  readonly ending: string;
  /** What stayed in tissue, and the deepest in skin, over the pricks. */
  readonly doseNl: Moments;
  readonly depthUm: Moments;
}

/** Intradermal where the dermis is thick, so that the layer is certain; subcutaneous where fat is. Chosen. */
export const PLACES = { dermis: { site: 'scalp', depthMm: 1.8 }, hypodermis: { site: 'abdomen', depthMm: 5 } } as const;
export const PRICKS_A_SESSION = 100;
const TIMEOUT_MS = 7_200_000;

/** The liquids that thin with shear: the plan counts with the product's one viscosity, the virtual syringe holds the gel. mg/mL. */
const GELS: Readonly<Record<string, number>> = { 'ha-light': 5 };

export const isGel = ({ product }: DoseCase): boolean => Object.hasOwn(GELS, product);

/** A papule at this place: one trigger press, one dose; without the limits of a technique, so that only the gun's stand. */
function protocolOf({ syringe, doseUl, layer, product, needle }: DoseCase, pricks: number): unknown {
  const place = layer === 'hypodermis' ? PLACES.hypodermis : PLACES.dermis;
  const technique: Record<string, unknown> = { ...structuredClone(find('technique', 'micropapule')) };
  for (const key of ['limits', 'needles', 'syringes']) Reflect.deleteProperty(technique, key);
  const steps = [
    { do: 'press' },
    { do: 'insert', insertionMmPerS: 80 },
    { do: 'dose', rateUlPerS: 20 },
    { do: 'dwell', dwellMs: 300 },
    { do: 'withdraw', withdrawalMmPerS: 80 },
    { do: 'release' },
  ];
  const fillUl = find('syringe', syringe)?.capacityUl ?? 1000;
  return {
    ...structuredClone(find('protocol', 'alopecia-scalp')),
    ...{
      technique: { ...technique, steps, depthMm: place.depthMm, doseUl, intendedLayer: layer },
      site: place.site,
      syringe,
      needle,
      product,
      fillUl,
    },
    set: { pricks },
    session: { pricks: 200, volumeUl: 10_000 },
  };
}

/** The world of a seed, its gun calibrated for the syringe that it holds: what calibration cannot know stays unknown. */
function calibrated(world: WorldRequest): WorldRequest {
  if (world.kit === undefined) return world;
  const setup = completeWorld(world);
  const drawn = makeSyringe(setup, 0);
  const rodUlPerKpa = (1e-3 * drawn.areaMm2 ** 2) / setup.syringe.rodNPerMm;
  const kit = {
    ...world.kit,
    nlPerMm: Math.round(drawn.areaMm2 * 1000),
    complianceNlPerMpa: Math.round((drawn.complianceUlPerKpa + rodUlPerKpa) * 1e6),
    glideMn: Math.round((drawn.glideN ?? 0) * 1000),
    breakLooseMn: Math.round((drawn.breakLooseN ?? 0) * 1000),
  };
  return { ...world, kit };
}

/** The plan of a case, or why the desk and the gun refuse it. */
export function readyFor(of: DoseCase, pricks: number): Ready | string {
  const { treatment, plan, problems } = checkValue(protocolOf(of, pricks));
  const error = problems.find((problem) => problem.severity === 'error');
  if (treatment === null || plan === null || error !== undefined) return error?.why ?? 'no plan';
  return { treatment, plan, warnings: [] };
}

/** Runs one session. Throws for a case that is refused. */
export async function runCell(order: CellOrder): Promise<CellResult> {
  const ready = readyFor(order.of, order.pricks);
  if (typeof ready === 'string') throw new Error(ready);
  const gel = GELS[order.of.product] ?? 0;
  const world = { ...calibrated(worldFor(ready, order.seed, [])), hyaluronicMgPerMl: gel };
  const virtual = new VirtualLine({ world, trace: false });
  const link = new Link(virtual.connect());
  try {
    const hello = await link.connect();
    const guide = new Guide(link, { words: ready.plan.program, lastSeq: hello.journal, timeoutMs: TIMEOUT_MS, onEvent: () => undefined });
    const { ending } = await guide.run();
    const pricks = virtual.truth?.pricks ?? [];
    return {
      ...{ ...order, ending },
      doseNl: momentsOf(pricks.map((prick) => 1000 * (prick.tissueUl - prick.refluxUl))),
      depthUm: momentsOf(pricks.filter((prick) => prick.skinMaxUm > 0).map((prick) => prick.skinMaxUm)),
    };
  } catch (error) {
    // What this gun's calibration says of its syringe can be too much where the library's values are just not.
    if (error instanceof MesogunError) return { ...order, ending: 'refused', doseNl: momentsOf([]), depthUm: momentsOf([]) };
    throw error;
  } finally {
    await link.close();
  }
}

const NEEDLES: Readonly<Partial<Record<Layer, string>>> = { dermis: '32g-4mm', hypodermis: '30g-13mm' };
export const CASES: readonly DoseCase[] = (['dermis', 'hypodermis'] as const).flatMap((layer) =>
  (['saline', 'vitamin-cocktail', 'ha-light'] as const).flatMap((product) =>
    (['1ml', '3ml', '5ml', '10ml'] as const).flatMap((syringe) =>
      (product === 'saline' ? [5, 10, 50] : [5, 10]).map((doseUl) => ({ syringe, doseUl, layer, product, needle: NEEDLES[layer] ?? '' })),
    ),
  ),
);

export const nameOfCase = ({ layer, product, syringe, doseUl }: DoseCase): string => `${layer} ${product} ${syringe} ${doseUl} µL`;
