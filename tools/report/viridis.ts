// A colour scale that keeps its order in grey, in print and for colour-blind eyes.
// Source: viridis by Nathaniel J. Smith and Stéfan van der Walt, released under CC0; nine of its 256 stops.

const STOPS = ['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#fde725'] as const;

const channel = (color: string, at: number): number => parseInt(color.slice(1 + at * 2, 3 + at * 2), 16);

/** Colour at 0 … 1; beyond the ends the end. */
export function viridis(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(place));
  const [from, to] = [STOPS[low] ?? STOPS[0], STOPS[low + 1] ?? STOPS[8]];
  const mixed = [0, 1, 2].map((at) => Math.round(channel(from, at) + (channel(to, at) - channel(from, at)) * (place - low)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** The scale as a CSS gradient from left to right. */
export const VIRIDIS_GRADIENT = `linear-gradient(to right, ${STOPS.join(', ')})`;
