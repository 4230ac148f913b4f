// What a campaign is: a protocol, seeds, settings and plant that are fixed or swept, faults, a shard; and which session each seed is.
// The session of a seed depends on nothing but the campaign and the seed. Not responsible for running it (session.ts).
import { parameters } from '../../protocols/set.ts';
import { draw } from '../../sim/random.ts';
import { nearestWord } from '../../protocols/nearest-word.ts';
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import { plantKeys } from '../plant.ts';

export interface Sweep {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** Both ends were written as whole numbers: so are the draws. */
  readonly whole: boolean;
}

export interface Campaign {
  readonly protocol: string;
  readonly set: readonly string[];
  readonly fault: readonly string[];
  /** `key=value` pairs of the plant (plant.ts). */
  readonly plant: readonly string[];
  readonly sweeps: readonly Sweep[];
}

/** One session of a campaign: what `mesogun run` is told for it. */
export interface SessionOrder {
  readonly protocol: string;
  readonly seed: number;
  readonly set: readonly string[];
  readonly fault: readonly string[];
  readonly plant: readonly string[];
}

const usage = (what: string, next: string): MesogunError => new MesogunError({ exit: EXIT_USAGE, what, next });

/** `key=a..b`. Throws MesogunError (usage). */
export function parseSweep(text: string): Sweep {
  const match = /^([\w.]+)=(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/.exec(text);
  const [, key = '', fromText = '', toText = ''] = match ?? [];
  const known = [...parameters().map((each) => each.key), ...plantKeys()];
  if (match === null || !known.includes(key)) {
    const nearest = nearestWord(key, known);
    const hint = nearest === undefined ? '' : `did you mean ${nearest}? `;
    throw usage(`--sweep ${text} cannot be read`, `${hint}write --sweep key=a..b with key one of ${known.join(', ')}`);
  }
  const [from, to] = [Number(fromText), Number(toText)];
  if (from > to) throw usage(`--sweep ${text} runs backwards`, `write --sweep ${key}=${to}..${from}`);
  return { key, from, to, whole: !`${fromText}${toText}`.includes('.') };
}

/** `i/n`, 1/1 for all. Throws MesogunError (usage). */
export function parseShard(text: string): { index: number; count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || index > count)
    throw usage(`--shard ${text} cannot be read`, 'write --shard 1/4 to --shard 4/4, for example');
  return { index, count };
}

/** The seeds of a shard: of `count` from `first` on, every `shard.count`-th. */
export function seedsOf(first: number, count: number, shard: { index: number; count: number }): number[] {
  const seeds: number[] = [];
  for (let i = shard.index - 1; i < count; i += shard.count) seeds.push(first + i);
  return seeds;
}

/** The value a sweep takes for a seed: uniform, to a thousandth, or whole. */
function valueOf(sweep: Sweep, seed: number): number {
  const u = draw(seed, `sweep.${sweep.key}`, 0);
  if (sweep.whole) return sweep.from + Math.floor(u * (sweep.to - sweep.from + 1));
  return Math.round((sweep.from + u * (sweep.to - sweep.from)) * 1000) / 1000;
}

/** What the session of a seed is told. */
export function orderOf(campaign: Campaign, seed: number): SessionOrder {
  const ofPlant = plantKeys();
  const swept = (plant: boolean): string[] =>
    campaign.sweeps.filter(({ key }) => ofPlant.includes(key) === plant).map((sweep) => `${sweep.key}=${valueOf(sweep, seed)}`);
  return {
    protocol: campaign.protocol,
    seed,
    set: [...campaign.set, ...swept(false)],
    fault: campaign.fault,
    plant: [...campaign.plant, ...swept(true)],
  };
}

/** The command that runs a session again by itself, with its report. */
export const commandOf = ({ protocol, seed, set, fault, plant }: SessionOrder): string =>
  [
    'mesogun run',
    protocol,
    '--seed',
    String(seed),
    ...set.map((pair) => `--set ${pair}`),
    ...fault.map((text) => `--fault '${text}'`),
    ...plant.map((pair) => `--plant ${pair}`),
  ].join(' ');
