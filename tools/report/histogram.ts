// Two histograms: how far the tip was from its depth, and how much each prick gave. As inline SVG, so that they print.
// Not responsible for choosing the pricks' values beyond «as it really was, else as the gun knows it». Runs at the desk.
import { fixed } from './format.ts';
import type { SessionRecord } from './record.ts';
import { tissueNl } from './strokes.ts';

const WIDTH = 520;
const HEIGHT = 210;
const PLOT = { left: 44, right: 10, top: 12, bottom: 44 } as const;
const BINS_MOST = 40;
/** Bins shown on both sides of the goal, however narrow the spread. */
const BINS_BESIDE = 5;
const TICKS_MOST = 9;

interface Histogram {
  readonly title: string;
  readonly axis: string;
  readonly values: readonly number[];
  /** What the value should be. */
  readonly goal: number;
  readonly goalName: string;
  /** Lines at ± so much around the goal; 0 for none. */
  readonly within: number;
  /** Least width of a bin; the true one is a small multiple of it. */
  readonly binLeast: number;
  readonly digits: number;
}

interface Bins {
  readonly start: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** Bins of one width on round numbers that hold all values and the goal with its lines. */
export function binsOf(values: readonly number[], { goal, within, binLeast }: Pick<Histogram, 'goal' | 'within' | 'binLeast'>): Bins {
  const around = Math.max(within, BINS_BESIDE * binLeast);
  const least = Math.min(...values, goal - around);
  const most = Math.max(...values, goal + around);
  let width = binLeast;
  for (const step of [2, 5, 10, 20, 50, 100, 200, 500]) if ((most - least) / width > BINS_MOST) width = binLeast * step;
  const first = Math.floor(least / width + 1e-9);
  const count = Math.floor(most / width + 1e-9) - first + 1;
  const counts = new Array<number>(count).fill(0);
  for (const value of values) {
    const at = Math.min(count - 1, Math.max(0, Math.floor(value / width + 1e-9) - first));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { start: first * width, width, counts };
}

function draw(histogram: Histogram): string {
  const { title, axis, values, goal, goalName, within, digits } = histogram;
  if (values.length === 0) return `<figure><figcaption>${title}</figcaption><p class="note">No prick has this value.</p></figure>`;
  const { start, width, counts } = binsOf(values, histogram);
  const [innerWidth, innerHeight] = [WIDTH - PLOT.left - PLOT.right, HEIGHT - PLOT.top - PLOT.bottom];
  const tallest = Math.max(...counts);
  const x = (value: number): number => PLOT.left + ((value - start) / (width * counts.length)) * innerWidth;
  const y = (count: number): number => PLOT.top + innerHeight * (1 - count / tallest);
  const at = (value: number): string => value.toFixed(1);
  const bars = counts.map((count, bin) => {
    const left = x(start + bin * width);
    return count === 0
      ? ''
      : `<rect x="${at(left + 1)}" y="${at(y(count))}" width="${at(innerWidth / counts.length - 2)}" height="${at(innerHeight * (count / tallest))}"><title>${fixed(start + bin * width, digits)} to ${fixed(start + (bin + 1) * width, digits)}: ${count}</title></rect>`;
  });
  const lines = within > 0 ? [goal - within, goal + within] : [];
  const limits = lines.map((value) => `<path class="limit" d="M${at(x(value))} ${PLOT.top}v${at(innerHeight)}"/>`);
  const every = [1, 2, 5, 10, 20].find((step) => counts.length / step <= TICKS_MOST) ?? 50;
  const first = Math.round(start / width);
  const ticks = counts.flatMap((_count, bin) =>
    (first + bin) % every === 0
      ? [`<text x="${at(x(start + bin * width))}" y="${HEIGHT - 26}" text-anchor="middle">${fixed(start + bin * width, digits)}</text>`]
      : [],
  );
  const foot = `<text x="${at(PLOT.left + innerWidth / 2)}" y="${HEIGHT - 6}" text-anchor="middle">${axis}</text>`;
  const side = `<text x="${PLOT.left - 6}" y="${PLOT.top + 9}" text-anchor="end">${tallest}</text><text x="${PLOT.left - 6}" y="${PLOT.top + innerHeight}" text-anchor="end">0</text>`;
  const goalLine = `<path class="goal" d="M${at(x(goal))} ${PLOT.top}v${at(innerHeight)}"/>`;
  const caption = `${title} <small>${values.length} pricks; solid line: ${goalName}${within > 0 ? '; dashed: allowed' : ''}</small>`;
  return `<figure><figcaption>${caption}</figcaption><svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${values.length} pricks">
<path class="base" d="M${PLOT.left} ${PLOT.top + innerHeight}h${innerWidth}"/>${bars.join('')}${goalLine}${limits.join('')}${ticks.join('')}${foot}${side}</svg></figure>`;
}

/** Section of the page. Pricks that were broken off are left out. */
export function histograms(record: SessionRecord): string {
  const done = record.strokes.filter((stroke) => stroke.ending === 'done');
  const real = record.truth !== null;
  const errors = done.flatMap(({ truth, tipUm, encoderTipUm }) => {
    const reached = truth === null ? encoderTipUm : truth.tipMaxUm;
    return reached === null || tipUm === null ? [] : [(reached - tipUm) / 1000];
  });
  const doses = done.flatMap(({ truth, estimatedNl }) =>
    truth !== null ? [tissueNl(truth) / 1000] : estimatedNl === null ? [] : [estimatedNl / 1000],
  );
  const commanded = done[0]?.commandedNl ?? 0;
  const tip = {
    title: `Tip depth error, ${real ? 'as it really was' : 'by the encoder'}`,
    axis: 'tip from the ring, reached less asked, mm',
    values: errors,
  };
  const dose = { title: `Dose, ${real ? 'that stayed in tissue' : 'as the gun estimates it'}`, axis: 'µL a prick', values: doses };
  return `<section id="spread"><h2>Spread over the pricks</h2><div class="pair">
${draw({ ...tip, goal: 0, goalName: 'asked', within: 0.1, binLeast: 0.01, digits: 2 })}
${draw({ ...dose, goal: commanded / 1000, goalName: `commanded ${fixed(commanded / 1000, 2)} µL`, within: 0, binLeast: 0.1, digits: 1 })}</div></section>`;
}
