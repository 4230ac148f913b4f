// The plots of a certificate as inline SVG: points with their limits, and tolerance intervals against theirs. They print.
// Not responsible for the numbers. Runs at the desk.
import { escapeHtml, fixed } from '../report/format.ts';
import type { CalibrationRecord } from './calibration-record.ts';

type Plot = CalibrationRecord['plots'][number];
type Dose = CalibrationRecord['doses'][number];

const WIDTH = 520;
const HEIGHT = 240;
const BOX = { left: 54, right: 14, top: 14, bottom: 46 } as const;
const TICKS = 5;
/** Marks that differ without colour. */
const MARKS = ['circle', 'square', 'triangle', 'cross'] as const;

/** A round step that cuts a span into about so many parts. */
function roundStep(span: number, parts: number): number {
  const raw = span / parts;
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

interface Axis {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly digits: number;
}

function axisOf(values: readonly number[]): Axis {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const span = most - least || Math.abs(most) || 1;
  const step = roundStep(span, TICKS);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return { low: Math.floor(least / step + 1e-9) * step, high: Math.ceil(most / step - 1e-9) * step, step, digits };
}

const ticksOf = ({ low, high, step }: Axis): number[] =>
  Array.from({ length: Math.round((high - low) / step) + 1 }, (_each, index) => low + index * step);

const at = (value: number): string => value.toFixed(1);

/** From so many points on they are drawn small. */
const CROWD = 100;

function mark(kind: number, x: number, y: number, small = false): string {
  if (small) return `<circle class="p${kind} small" cx="${at(x)}" cy="${at(y)}" r="1.5"/>`;
  const shape = MARKS[kind % MARKS.length];
  if (shape === 'square') return `<rect class="p${kind}" x="${at(x - 3)}" y="${at(y - 3)}" width="6" height="6"/>`;
  if (shape === 'triangle') return `<path class="p${kind}" d="M${at(x)} ${at(y - 4)}l4 7h-8z"/>`;
  if (shape === 'cross') return `<path class="p${kind}" d="M${at(x - 3)} ${at(y - 3)}l6 6m0 -6l-6 6"/>`;
  return `<circle class="p${kind}" cx="${at(x)}" cy="${at(y)}" r="3"/>`;
}

function frame(
  xAxis: Axis,
  yAxis: Axis,
  xTitle: string,
  yTitle: string,
): { svg: string; x: (v: number) => number; y: (v: number) => number } {
  const wide = WIDTH - BOX.left - BOX.right;
  const tall = HEIGHT - BOX.top - BOX.bottom;
  const x = (value: number): number => BOX.left + ((value - xAxis.low) / (xAxis.high - xAxis.low)) * wide;
  const y = (value: number): number => BOX.top + tall - ((value - yAxis.low) / (yAxis.high - yAxis.low)) * tall;
  const grid = ticksOf(yAxis).map(
    (value) =>
      `<path class="grid" d="M${BOX.left} ${at(y(value))}h${wide}"/><text x="${BOX.left - 6}" y="${at(y(value) + 4)}" text-anchor="end">${fixed(value, yAxis.digits)}</text>`,
  );
  const foot = ticksOf(xAxis).map(
    (value) => `<text x="${at(x(value))}" y="${HEIGHT - BOX.bottom + 16}" text-anchor="middle">${fixed(value, xAxis.digits)}</text>`,
  );
  const titles = `<text x="${BOX.left + wide / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escapeHtml(xTitle)}</text><text transform="translate(12 ${BOX.top + tall / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(yTitle)}</text>`;
  return { svg: grid.join('') + foot.join('') + titles, x, y };
}

/** One plot of points; a legend where there are several series. */
export function pointPlot(plot: Plot): string {
  if (plot.points.length === 0) return '';
  const limits = plot.limit === null ? [] : [-plot.limit, plot.limit];
  const xAxis = axisOf(plot.points.map((point) => point.x));
  const yAxis = axisOf([0, ...limits, ...plot.points.map((point) => point.y)]);
  const { svg, x, y } = frame(xAxis, yAxis, plot.xTitle, plot.yTitle);
  const series = [...new Set(plot.points.map((point) => point.series))];
  const crowded = plot.points.length > CROWD;
  const marks = plot.points.map((point) => mark(series.indexOf(point.series), x(point.x), y(point.y), crowded));
  const zero = `<path class="zero" d="M${BOX.left} ${at(y(0))}H${WIDTH - BOX.right}"/>`;
  const lines = limits.map((value) => `<path class="limit" d="M${BOX.left} ${at(y(value))}H${WIDTH - BOX.right}"/>`);
  const legend =
    series.length < 2
      ? ''
      : `<p class="legend">${series.map((name, index) => `<span><svg viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true">${mark(index, 0, 0, crowded)}</svg>${escapeHtml(name)}</span>`).join(' ')}</p>`;
  const limitText = plot.limit === null ? '' : ` <small>dashed: ± ${plot.limit} allowed</small>`;
  return `<figure><figcaption>${escapeHtml(plot.title)}${limitText}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(`${plot.title}: ${plot.yTitle} over ${plot.xTitle}, ${plot.points.length} points`)}">${svg}${zero}${lines.join('')}${marks.join('')}</svg>${legend}</figure>`;
}

/** Mean and tolerance interval of each dose against its limits, as deviations in percent. */
export function intervalPlot(doses: readonly Dose[]): string {
  const shown = doses.filter((dose) => dose.lowNl !== null && dose.highNl !== null && dose.factor !== null);
  if (shown.length === 0) return '';
  const rowTall = 44;
  const tall = BOX.top + shown.length * rowTall + BOX.bottom;
  const percent = (dose: Dose, nl: number | null): number => (100 * ((nl ?? 0) - dose.doseNl)) / dose.doseNl;
  const ends = shown.flatMap((dose) => [
    percent(dose, dose.lowNl),
    percent(dose, dose.highNl),
    (100 * dose.limitNl) / dose.doseNl,
    (-100 * dose.limitNl) / dose.doseNl,
  ]);
  const axis = axisOf(ends);
  const wide = WIDTH - BOX.left - BOX.right;
  const x = (value: number): number => BOX.left + ((value - axis.low) / (axis.high - axis.low)) * wide;
  const bars = shown.map((dose, index) => {
    const y = BOX.top + index * rowTall + rowTall / 2;
    const limit = (100 * dose.limitNl) / dose.doseNl;
    const [low, high] = [x(percent(dose, dose.lowNl)), x(percent(dose, dose.highNl))];
    return `<text x="${BOX.left - 6}" y="${at(y + 4)}" text-anchor="end">${dose.doseNl / 1000} µL</text>
<rect class="allowed" x="${at(x(-limit))}" y="${at(y - 12)}" width="${at(x(limit) - x(-limit))}" height="24"/>
<path class="interval" d="M${at(low)} ${at(y - 7)}v14M${at(low)} ${at(y)}H${at(high)}M${at(high)} ${at(y - 7)}v14"/><circle class="p0" cx="${at(x(dose.biasPercent))}" cy="${at(y)}" r="3.5"/>`;
  });
  const foot = ticksOf(axis).map(
    (value) => `<text x="${at(x(value))}" y="${tall - BOX.bottom + 18}" text-anchor="middle">${fixed(value, axis.digits)}</text>`,
  );
  const zero = `<path class="zero" d="M${at(x(0))} ${BOX.top}V${tall - BOX.bottom}"/>`;
  const title = `<text x="${BOX.left + wide / 2}" y="${tall - 6}" text-anchor="middle">deviation, % of the dose</text>`;
  return `<figure><figcaption>Tolerance intervals <small>bar: 97.5 % of doses with 95 % confidence · box: allowed</small></figcaption><svg viewBox="0 0 ${WIDTH} ${tall}" role="img" aria-label="Tolerance intervals of ${shown.length} doses against their limits">${bars.join('')}${zero}${foot.join('')}${title}</svg></figure>`;
}
