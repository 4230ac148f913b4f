// Counter-based random streams: a draw is a pure function of (seed, channel, index), so the order of asking does not matter
// and one quantity's draws never shift another's. 32-bit integer hash, the same on every engine; no Math.random. Simulator only.

const GOLDEN = 0x9e3779b9;

/** Finaliser of MurmurHash3, 32 bit. Source: Appleby, public domain. */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const channelHashes = new Map<string, number>();

/** FNV-1a over the channel's name, remembered. */
function channelHash(channel: number | string): number {
  if (typeof channel === 'number') return channel >>> 0;
  const known = channelHashes.get(channel);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (let i = 0; i < channel.length; i++) hash = Math.imul(hash ^ channel.charCodeAt(i), 0x01000193);
  channelHashes.set(channel, hash >>> 0);
  return hash >>> 0;
}

/** exp and log may differ in the last bit between engines: results are rounded to 1e-9. */
const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

/** Uniform in [0, 1), 53 bits. `seed` and `index` count as integers modulo 2^32. */
export function draw(seed: number, channel: number | string, index: number): number {
  const stream = mix(mix(seed >>> 0) ^ channelHash(channel));
  const high = mix(Math.imul(index + 1, GOLDEN) ^ stream);
  const low = mix((high + GOLDEN) ^ mix(stream ^ index));
  return ((high >>> 5) * 0x4000000 + (low >>> 6)) / 0x20000000000000;
}

/** Standard normal. Source: Box–Muller, on two draws of its own. */
export function gauss(seed: number, channel: number | string, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - draw(seed, channel, 2 * index)));
  return rounded(radius * Math.cos(2 * Math.PI * draw(seed, channel, 2 * index + 1)));
}

/** Log-normal with a given median and geometric standard deviation (≥ 1). */
export function logNormal(seed: number, channel: number | string, index: number, median: number, geometricSd: number): number {
  return rounded(median * Math.exp(Math.log(geometricSd) * gauss(seed, channel, index)));
}
