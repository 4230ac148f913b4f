// Where a piece of work spends its time, by folder of the project: the engine's own sampling profiler, summed.
// For the bench only. Sampling costs a few percent, so the figures of the bench come from runs without it.
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

export interface LayerShare {
  /** Folder of the project, or `engine` for garbage collection, built-ins and packages. */
  readonly layer: string;
  readonly ms: number;
}

const SAMPLE_EVERY_US = 200;
const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Waiting, and the profiler's own work: no layer's time. */
const NOT_WORK: readonly string[] = ['(idle)', 'dispatch'];

function layerOf(functionName: string, url: string): string | null {
  if (url === '' && NOT_WORK.includes(functionName)) return null;
  if (!url.startsWith('file:')) return 'engine';
  const path = fileURLToPath(url);
  if (!path.startsWith(ROOT) || path.includes('node_modules')) return 'engine';
  return path.slice(ROOT.length).split('/').slice(0, -1).join('/');
}

function sum(profile: Profiler.Profile): LayerShare[] {
  const layers = new Map(profile.nodes.map((node) => [node.id, layerOf(node.callFrame.functionName, node.callFrame.url)]));
  const total = new Map<string, number>();
  const deltas = profile.timeDeltas ?? [];
  (profile.samples ?? []).forEach((id, index) => {
    const layer = layers.get(id) ?? null;
    if (layer !== null) total.set(layer, (total.get(layer) ?? 0) + (deltas[index] ?? 0) / 1000);
  });
  return [...total].map(([layer, ms]) => ({ layer, ms })).sort((a, b) => b.ms - a.ms);
}

/** Own time of each folder while `work` ran, ms, most first. */
export async function timeByLayer(work: () => Promise<unknown>): Promise<LayerShare[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
    await session.post('Profiler.start');
    await work();
    const { profile } = await session.post('Profiler.stop');
    return sum(profile);
  } finally {
    session.disconnect();
  }
}
