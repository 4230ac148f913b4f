// `npm run table:dose`: bias and spread of what stayed in the skin, and of the depth it went to, over many simulated pricks for
// syringe × dose × layer × liquid, as the table in sim/README.md. Not responsible for one session (campaign/session.ts). At the desk.
import { checkValue } from '../protocols/check.ts';
import { find } from '../protocols/library.ts';
import type { Layer } from '../protocols/fluid.ts';
import { makeSyringe } from '../sim/gun-build.ts';
import { completeWorld } from '../sim/setup.ts';
import type { WorldRequest } from '../sim/setup.ts';
import type { TruePrick } from '../sim/truth.ts';
import { Guide } from './guide.ts';
import { Link } from './link.ts';
import type { Ready } from './source.ts';
import { spreadOf } from './statistics.ts';
import { VirtualLine } from './virtual-line.ts';
import { worldFor } from './world.ts';

export interface DoseCase {
  readonly syringe: string;
  readonly doseUl: number;
  readonly layer: Layer;
  readonly product: string;
  readonly needle: string;
}

export interface DoseCell {
  readonly of: DoseCase;
  /** Why nothing ran; '' when it did. */
  readonly refused: string;
  readonly pricks: number;
  readonly biasPercent: number;
  readonly cvPercent: number;
  readonly depthBiasMm: number;
  readonly depthSdMm: number;
}

/** Intradermal where the dermis is thick, so that the layer is certain; subcutaneous where fat is. Chosen. */
const PLACES = { dermis: { site: 'scalp', depthMm: 1.8 }, hypodermis: { site: 'abdomen', depthMm: 5 } } as const;
const PRICKS_A_SESSION = 100;
const TIMEOUT_MS = 7_200_000;

/** A papule at this place: one trigger press, one dose; without the limits of a technique, so that only the gun's stand. */
function protocolOf({ syringe, doseUl, layer, product, needle }: DoseCase, pricks: number): unknown {
  const place = layer === 'hypodermis' ? PLACES.hypodermis : PLACES.dermis;
  const technique = structuredClone(find('technique', 'micropapule')) as unknown as Record<string, unknown>;
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

async function pricksOf(ready: Ready, seed: number): Promise<readonly TruePrick[]> {
  const virtual = new VirtualLine({ world: calibrated(worldFor(ready, seed, [])), trace: false });
  const link = new Link(virtual.connect());
  try {
    const hello = await link.connect();
    const guide = new Guide(link, { words: ready.plan.program, lastSeq: hello.journal, timeoutMs: TIMEOUT_MS, onEvent: () => undefined });
    await guide.run();
    return virtual.truth?.pricks ?? [];
  } finally {
    await link.close();
  }
}

/** One cell over at least so many pricks, seeds from 1 on. */
export async function doseCell(of: DoseCase, pricks: number): Promise<DoseCell> {
  const aSession = Math.min(PRICKS_A_SESSION, pricks);
  const { treatment, plan, problems } = checkValue(protocolOf(of, aSession));
  const error = problems.find((problem) => problem.severity === 'error');
  const none = { of, pricks: 0, biasPercent: 0, cvPercent: 0, depthBiasMm: 0, depthSdMm: 0 };
  if (treatment === null || plan === null || error !== undefined) return { ...none, refused: error?.why ?? 'no plan' };
  const doses: number[] = [];
  const depths: number[] = [];
  for (let seed = 1; doses.length < pricks; seed++) {
    const done = await pricksOf({ treatment, plan, warnings: [] }, seed);
    if (done.length === 0) return { ...none, refused: 'the gun gave no prick' };
    for (const prick of done) {
      doses.push(prick.tissueUl - prick.refluxUl);
      if (prick.skinMaxUm > 0) depths.push(prick.skinMaxUm / 1000);
    }
  }
  const dose = spreadOf(doses);
  const depth = spreadOf(depths);
  return {
    ...{ of, refused: '', pricks: doses.length },
    biasPercent: 100 * (dose.mean / of.doseUl - 1),
    cvPercent: (100 * dose.sd) / dose.mean,
    depthBiasMm: depth.mean - treatment.technique.depthMm,
    depthSdMm: depth.sd,
  };
}

const NEEDLES: Readonly<Partial<Record<Layer, string>>> = { dermis: '32g-4mm', hypodermis: '30g-13mm' };
const CASES: readonly DoseCase[] = (['dermis', 'hypodermis'] as const).flatMap((layer) =>
  (['saline', 'vitamin-cocktail'] as const).flatMap((product) =>
    (['1ml', '5ml', '10ml'] as const).flatMap((syringe) =>
      (product === 'saline' ? [5, 10, 50] : [5, 10]).map((doseUl) => ({ syringe, doseUl, layer, product, needle: NEEDLES[layer] ?? '' })),
    ),
  ),
);

const signed = (value: number, digits: number): string => `${value > 0 ? '+' : ''}${value.toFixed(digits)}`;

/** One line of Markdown. */
export function doseRow({ of, refused, biasPercent, cvPercent, depthBiasMm, depthSdMm }: DoseCell): string {
  const head = `| ${of.layer} | ${of.product} | ${of.syringe} | ${of.doseUl} |`;
  if (refused !== '') return `${head} refused: ${refused} | | | |\n`;
  return `${head} ${signed(biasPercent, 1)} | ${cvPercent.toFixed(1)} | ${signed(depthBiasMm, 2)} | ${depthSdMm.toFixed(2)} |\n`;
}

async function main(pricks: number): Promise<void> {
  process.stdout.write(
    '| layer | liquid | syringe | dose µL | bias % | CV % | depth bias mm | depth sd mm |\n|---|---|---|---|---|---|---|---|\n',
  );
  for (const of of CASES) process.stdout.write(doseRow(await doseCell(of, pricks)));
}

if (process.argv[1]?.endsWith('dose-table.ts') === true) void main(Number(process.argv[2] ?? 10_000));
