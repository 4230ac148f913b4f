// One session of a campaign in this thread: plan, virtual gun, guide, truth, one result. Same order, same result, anywhere.
// Not responsible for files, threads or people (run.ts, worker.ts).
import type { TruePrick } from '../../sim/truth.ts';
import { depthSourcesOf } from '../depth-budget.ts';
import { MesogunError } from '../errors.ts';
import { Guide } from '../guide.ts';
import type { Outcome } from '../guide.ts';
import { Link } from '../link.ts';
import { lossesOf } from '../losses.ts';
import type { Ready } from '../source.ts';
import { withPlant } from '../plant.ts';
import { readyToRun } from '../source.ts';
import { VirtualLine } from '../virtual-line.ts';
import { worldFor } from '../world.ts';
import type { SessionOrder } from './plan.ts';
import type { Result } from './result.ts';
import { momentsOf } from './result.ts';

/** Any day that the demo calibration holds on: a session must not hang on the date, yet be asked what `run` asks. */
const DAY = 20_000;
/** Device time a session may take. Chosen: the usual of `mesogun run`. */
const TIMEOUT_MS = 7_200_000;

interface Ran {
  readonly outcome: Outcome;
  readonly pricks: readonly TruePrick[];
  readonly simulatedMs: number;
}

async function runOn(ready: Ready, order: SessionOrder): Promise<Ran> {
  const world = withPlant(worldFor(ready, order.seed, order.fault), order.plant);
  const virtual = new VirtualLine({ world, trace: false });
  const link = new Link(virtual.connect());
  try {
    const hello = await link.connect();
    const guide = new Guide(link, {
      words: ready.plan.program,
      lastSeq: hello.journal,
      day: DAY,
      timeoutMs: TIMEOUT_MS,
      onEvent: () => undefined,
    });
    const outcome = await guide.run();
    if (virtual.crash !== null) throw virtual.crash instanceof Error ? virtual.crash : new Error('the gun threw what is no error');
    return { outcome, pricks: virtual.truth?.pricks ?? [], simulatedMs: Math.round((virtual.device?.nowUs ?? 0) / 1000) };
  } finally {
    await link.close();
  }
}

const refusal = (order: SessionOrder, error: MesogunError): Result => ({
  ...order,
  set: [...order.set],
  fault: [...order.fault],
  plant: [...order.plant],
  ending: 'refused',
  faultCode: 0,
  why: [error.message, error.why].filter((text) => text !== undefined).join(': '),
  ...{ planned: 0, done: 0, missed: 0, doseNl: 0, depthUm: 0 },
  doseErrorNl: momentsOf([]),
  depthErrorUm: momentsOf([]),
  tipErrorUm: momentsOf([]),
  bulgeErrorUm: momentsOf([]),
  indentationErrorUm: momentsOf([]),
  marginUm: 0,
  layerNl: {},
  ...{ refluxNl: 0, exposedNl: 0, airNl: 0, lagNl: 0, stopperNl: 0, simulatedMs: 0 },
});

/** Runs one session. What the desk or the gun refuses is a result too; a defect is thrown. */
export async function runOrder(order: SessionOrder): Promise<Result> {
  try {
    const ready = readyToRun(order.protocol, order.set);
    return resultOf(order, ready, await runOn(ready, order));
  } catch (error) {
    if (error instanceof MesogunError) return refusal(order, error);
    throw error;
  }
}

const nl = (pricks: readonly TruePrick[], ulOf: (prick: TruePrick) => number): number =>
  Math.round(pricks.reduce((sum, prick) => sum + ulOf(prick), 0) * 1000);

function resultOf(order: SessionOrder, { treatment, plan }: Ready, { outcome, pricks, simulatedMs }: Ran): Result {
  const { technique } = treatment;
  const doseNl = technique.doseUl * 1000;
  const depthUm = technique.depthMm * 1000;
  const sources = depthSourcesOf(pricks, treatment);
  const layers = ['epidermis', 'dermis', 'hypodermis', 'deeper'] as const;
  return {
    ...order,
    set: [...order.set],
    fault: [...order.fault],
    plant: [...order.plant],
    ending: outcome.ending,
    faultCode: outcome.faultCode,
    why: '',
    planned: plan.pricks,
    done: pricks.length,
    missed: pricks.length - sources.errorUm.length,
    doseNl,
    depthUm,
    doseErrorNl: momentsOf(pricks.map((prick) => (prick.tissueUl - prick.refluxUl) * 1000 - doseNl)),
    depthErrorUm: momentsOf(sources.errorUm),
    tipErrorUm: momentsOf(sources.tipUm),
    bulgeErrorUm: momentsOf(sources.bulgeUm),
    indentationErrorUm: momentsOf(sources.indentationUm),
    marginUm: sources.marginUm,
    layerNl: Object.fromEntries(layers.map((layer) => [layer, nl(pricks, (prick) => prick.layerUl[layer])])),
    refluxNl: nl(pricks, (prick) => prick.refluxUl),
    exposedNl: nl(pricks, (prick) => prick.exposedUl),
    airNl: nl(pricks, (prick) => prick.airUl),
    lagNl: Math.round(1000 * pricks.length * (lossesOf({ pricks: [...pricks] }, doseNl * pricks.length)?.lagUl ?? 0)),
    stopperNl: nl(pricks, (prick) => prick.stopperUl),
    simulatedMs,
  };
}
