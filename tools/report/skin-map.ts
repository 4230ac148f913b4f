// The map of the treated skin: every prick where the ring really stood, in millimetres, coloured by depth in skin or by
// dose in tissue; the planned points as outlines only. A real gun does not know where it was: then only the outlines.
// Not responsible for what happens when a prick is pointed at (page.js). Runs at the desk.
import { escapeHtml, fixed, mmText, ulText } from './format.ts';
import type { SessionRecord } from './record.ts';
import type { Stroke } from './strokes.ts';
import { mainLayer, missedSkin, tissueNl } from './strokes.ts';
import { VIRIDIS_GRADIENT, viridis } from './viridis.ts';

/** Radii as shares of the planned spacing. Chosen: dots and outlines of neighbours stay apart. */
const DOT_SHARE = 0.25;
const OUTLINE_SHARE = 0.32;
const MARGIN_MM = 9;
/** A small area is not blown up beyond this. Chosen: ten pricks fit a screen with the rest of the section. */
const PX_PER_MM_MOST = 7;
/** Every so many pricks carry their number. Chosen: readable at 200 pricks. */
const NUMBER_EVERY = 10;

interface Range {
  readonly least: number;
  readonly most: number;
}

function rangeOf(values: readonly number[], step: number): Range {
  if (values.length === 0) return { least: 0, most: step };
  const least = Math.floor(Math.min(...values) / step) * step;
  return { least, most: Math.max(least + step, Math.ceil(Math.max(...values) / step) * step) };
}

const shareIn = (value: number, { least, most }: Range): number => (value - least) / (most - least);

/** Where a stroke is drawn, what it is worth and how it looks. */
interface Mark {
  readonly stroke: Stroke;
  readonly xMm: number;
  readonly yMm: number;
  readonly skinUm: number;
  readonly doseNl: number;
  readonly shape: 'done' | 'missed' | 'failed' | 'uncertain';
}

function marksOf(strokes: readonly Stroke[]): Mark[] {
  return strokes.flatMap((stroke) => {
    const { truth } = stroke;
    if (truth === null) return [];
    const shape = stroke.ending === 'done' && missedSkin(truth) ? 'missed' : stroke.ending;
    return [{ stroke, xMm: truth.xUm / 1000, yMm: truth.yUm / 1000, skinUm: truth.skinMaxUm, doseNl: tissueNl(truth), shape }];
  });
}

const SHAPE_TEXT = {
  done: 'done',
  missed: 'done, but the skin was not pierced',
  failed: 'broken off',
  uncertain: 'uncertain, counted in full',
} as const;

function markText({ stroke, skinUm, doseNl, shape }: Mark): string {
  const layer = stroke.truth === null ? '' : mainLayer(stroke.truth);
  const reached = `${mmText(skinUm)} mm deep in skin, ${ulText(doseNl)} µL in tissue${layer === '' ? '' : `, mostly ${layer}`}`;
  return `Prick ${stroke.prick}: ${SHAPE_TEXT[shape]}; ${reached}${stroke.ending === 'failed' ? `; ${stroke.result}` : ''}`;
}

/** The shape of a mark around 0,0 with half width r. */
function shapePath(shape: Mark['shape'], r: number): string {
  const at = (value: number): string => value.toFixed(2);
  if (shape === 'failed') return `<path d="M0 ${at(-1.35 * r)}L${at(1.35 * r)} 0L0 ${at(1.35 * r)}L${at(-1.35 * r)} 0Z"/>`;
  if (shape === 'uncertain') return `<path d="M0 ${at(-1.4 * r)}L${at(1.3 * r)} ${at(r)}L${at(-1.3 * r)} ${at(r)}Z"/>`;
  const circle = `<circle r="${at(r)}"/>`;
  return shape === 'done'
    ? circle
    : `${circle}<path class="cross" d="M${at(-r)} ${at(-r)}L${at(r)} ${at(r)}M${at(r)} ${at(-r)}L${at(-r)} ${at(r)}"/>`;
}

function drawMark(mark: Mark, r: number, depth: Range, dose: Range): string {
  const text = escapeHtml(markText(mark));
  const { prick } = mark.stroke;
  const place = `translate(${mark.xMm.toFixed(2)} ${mark.yMm.toFixed(2)})`;
  const hollow = mark.shape === 'missed' || mark.stroke.ending === 'uncertain';
  const colors = hollow ? '' : `--depth:${viridis(shareIn(mark.skinUm, depth))};--dose:${viridis(shareIn(mark.doseNl, dose))}`;
  const numbered = prick === 1 || prick % NUMBER_EVERY === 0;
  const number = numbered ? `<text y="${(-1.5 * r).toFixed(2)}" aria-hidden="true">${prick}</text>` : '';
  return (
    `<g class="mark ${mark.shape}" data-prick="${prick}" role="button" tabindex="-1" aria-label="${text}" ` +
    `transform="${place}" style="${colors}"><title>${text}</title>${shapePath(mark.shape, r)}${number}</g>`
  );
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function frameOf(points: readonly { readonly xMm: number; readonly yMm: number }[]): Frame {
  const xs = points.map((point) => point.xMm);
  const ys = points.map((point) => point.yMm);
  const left = Math.min(...xs, 0) - MARGIN_MM;
  const top = Math.min(...ys, 0) - MARGIN_MM;
  return { left, top, width: Math.max(...xs, 0) + MARGIN_MM - left, height: Math.max(...ys, 0) + MARGIN_MM * 1.6 - top };
}

function scaleBar(frame: Frame): string {
  const lengthMm = [50, 20, 10, 5].find((mm) => mm <= frame.width / 3) ?? 5;
  const x = frame.left + 2;
  const y = frame.top + frame.height - 3;
  return (
    `<g class="scale" aria-hidden="true"><path d="M${x} ${y - 1.2}v2.4M${x} ${y}h${lengthMm}m0 -1.2v2.4"/>` +
    `<text x="${x + lengthMm + 1.5}" y="${y + 1}">${lengthMm} mm</text></g>`
  );
}

function svgOf(record: SessionRecord, marks: readonly Mark[], depth: Range, dose: Range): string {
  const planned = record.ready.plan.points.map(({ xUm, yUm }) => ({ xMm: xUm / 1000, yMm: yUm / 1000 }));
  const frame = frameOf([...planned, ...marks]);
  const spacingMm = record.ready.treatment.technique.spacingMm;
  const rings = planned.map(
    ({ xMm, yMm }) => `<circle cx="${xMm.toFixed(2)}" cy="${yMm.toFixed(2)}" r="${(spacingMm * OUTLINE_SHARE).toFixed(2)}"/>`,
  );
  const way = marks.map(({ xMm, yMm }, at) => `${at === 0 ? 'M' : 'L'}${xMm.toFixed(2)} ${yMm.toFixed(2)}`).join('');
  const dots = marks.map((mark) => drawMark(mark, spacingMm * DOT_SHARE, depth, dose));
  const box = [frame.left, frame.top, frame.width, frame.height].map((value) => value.toFixed(2)).join(' ');
  const label =
    marks.length > 0 ? `Map of ${marks.length} pricks on the skin; arrow keys go from prick to prick` : 'Map of the planned points';
  return (
    `<svg id="skin-map" class="by-depth" viewBox="${box}" style="max-width:${Math.round(frame.width * PX_PER_MM_MOST)}px" role="group" aria-label="${label}">` +
    `<g class="planned" aria-hidden="true">${rings.join('')}</g><path class="way" d="${way}" aria-hidden="true"/>${dots.join('')}${scaleBar(frame)}</svg>`
  );
}

function bar(kind: string, name: string, range: Range, digits: number, unit: string): string {
  const ends = [range.least, (range.least + range.most) / 2, range.most].map((value) => `<span>${fixed(value / 1000, digits)}</span>`);
  return (
    `<div class="color-bar ${kind}"><span>${name}, ${unit}</span>` +
    `<div class="gradient" style="background:${VIRIDIS_GRADIENT}"></div><div class="ends">${ends.join('')}</div></div>`
  );
}

function shapesLegend(marks: readonly Mark[]): string {
  const icon = (inner: string, className: string): string =>
    `<svg viewBox="-5 -5 10 10" class="${className}" aria-hidden="true">${inner}</svg>`;
  const shown = (['done', 'missed', 'failed', 'uncertain'] as const).filter((shape) => marks.some((mark) => mark.shape === shape));
  const items = shown.map((shape) => {
    const count = marks.filter((mark) => mark.shape === shape).length;
    return `<li>${icon(`<g class="mark ${shape}">${shapePath(shape, 3)}</g>`, 'icon')}<span>${SHAPE_TEXT[shape]} (${count})</span></li>`;
  });
  return `<ul class="shapes">${items.join('')}<li>${icon('<g class="planned"><circle r="3.6"/></g>', 'icon')}<span>planned point</span></li></ul>`;
}

const TOGGLE = `<fieldset class="toggle"><legend>Colour by</legend>
<label><input type="radio" name="color" value="by-depth" checked> depth in skin</label>
<label><input type="radio" name="color" value="by-dose"> dose in tissue</label></fieldset>`;

/** Section of the page. Dots are not to scale; places are. */
export function skinMap(record: SessionRecord): string {
  const marks = marksOf(record.strokes);
  const pierced = marks.filter((mark) => mark.shape !== 'missed');
  const depth = rangeOf(
    pierced.map((mark) => mark.skinUm),
    100,
  );
  const dose = rangeOf(
    pierced.map((mark) => mark.doseNl),
    500,
  );
  const legend =
    marks.length > 0
      ? `${TOGGLE}${bar('for-depth', 'Deepest depth in skin', depth, 2, 'mm')}${bar('for-dose', 'Dose that stayed in tissue', dose, 2, 'µL')}`
      : '<p class="note">This gun does not know where it stood on the skin, nor how deep in it the needle was: the outlines are the plan, nothing else.</p>';
  return `<section id="map"><h2>Skin map</h2><div class="map-grid"><figure>${svgOf(record, marks, depth, dose)}<p id="map-says"></p></figure>
<div class="map-side">${legend}${shapesLegend(marks)}<p class="note">Places are to scale, dots are not${marks.length > 0 ? '; the thin line is the way of the hand' : ''}.</p></div></div></section>`;
}
