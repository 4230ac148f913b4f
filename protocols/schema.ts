// The file formats of a protocol author: technique, protocol, site, syringe, needle, product. Version 1, strict: a
// mistyped key is refused by name. Numbers are authored in mm, µL, s, N and say so in their names; bounds are in
// bounds.ts. Not responsible for what only makes sense together (check.ts). Desk side.
import { z } from 'zod';
import type { BoundName } from './bounds.ts';
import { BOUNDS, boundOf } from './bounds.ts';

/** Version of all file kinds here; a file of another version is refused. */
export const FORMAT_VERSION = 1;

/** A number in the bounds of its name, described for editors. */
function bounded(name: BoundName) {
  const bound = boundOf(name) ?? BOUNDS.pricks;
  const number = bound.whole === true ? z.int() : z.number();
  return number
    .min(bound.min)
    .max(bound.max)
    .meta({ description: `${bound.unit}, ${bound.min} to ${bound.max}: ${bound.why}` });
}

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
  .meta({ description: 'lower-case letters, digits and hyphens, at most 40' });
const text = z.string().min(1).max(400);
const texts = z.array(text).min(1).max(20);

/** Where a figure comes from. `grade`: S read in the source, C computed, R recalled from a standard, E engineering estimate. */
const provenance = z
  .array(z.strictObject({ what: text, source: text, grade: z.enum(['S', 'C', 'R', 'E']) }))
  .min(1)
  .meta({ description: 'where the figures come from: S read in a source, C computed, R recalled from a standard, E estimate' });

const head = <K extends string>(kind: K) => ({
  $schema: z.string().optional(),
  mesogun: z.literal(FORMAT_VERSION),
  kind: z.literal(kind),
  id,
  name: z.string().min(1).max(60),
});

const INTENDED_LAYERS = ['epidermis', 'dermis', 'hypodermis'] as const;
export type IntendedLayer = (typeof INTENDED_LAYERS)[number];

/** Steps of one prick, in order. Depths and doses are shares of the technique's, so that both can be set in one place. */
const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('press') }),
  z.strictObject({
    do: z.literal('insert'),
    insertionMmPerS: bounded('insertionMmPerS'),
    depthPercent: bounded('depthPercent').optional(),
  }),
  z.strictObject({ do: z.literal('dose'), rateUlPerS: bounded('rateUlPerS'), dosePercent: bounded('dosePercent').optional() }),
  z.strictObject({ do: z.literal('dwell'), dwellMs: bounded('dwellMs') }),
  z.strictObject({
    do: z.literal('withdraw'),
    withdrawalMmPerS: bounded('withdrawalMmPerS'),
    toDepthPercent: bounded('toDepthPercent').optional(),
    dosePercent: bounded('dosePercent').optional(),
  }),
  z.strictObject({ do: z.literal('decompress') }),
  z.strictObject({ do: z.literal('release') }),
]);
export type Step = z.infer<typeof step>;

/** What the literature gives for work by hand, lowest and highest; not bounds of the gun. */
const span = (most: number) => z.tuple([z.number().min(0).max(most), z.number().min(0).max(most)]);
const literature = z
  .strictObject({ depthMm: span(50), doseUl: span(1000).optional(), spacingMm: span(100).optional(), angleDeg: span(90).optional() })
  .meta({ description: 'what the literature gives, lowest and highest; the technique itself says what the gun does' });

const range = (name: BoundName) => z.strictObject({ min: bounded(name), max: bounded(name) }).optional();

export const techniqueSchema = z.strictObject({
  ...head('technique'),
  summary: text,
  intendedLayer: z.enum(INTENDED_LAYERS),
  inLayerPercent: bounded('inLayerPercent').optional(),
  /** Tolerance of the mean dose that stays in the skin of one person; 10 when it does not say. */
  doseWithinPercent: bounded('doseWithinPercent').optional(),
  literature: literature.optional(),
  permit: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('travel') }),
    z.strictObject({ mode: z.literal('cadence'), periodMs: bounded('periodMs') }),
    z.strictObject({ mode: z.literal('trigger') }),
  ]),
  handMmPerS: bounded('handMmPerS'),
  stamp: z.strictObject({
    mode: z.enum(['passive', 'driven', 'manual']),
    targetN: bounded('targetN'),
    minN: bounded('minN'),
    maxN: bounded('maxN'),
  }),
  depthMm: bounded('depthMm'),
  doseUl: bounded('doseUl'),
  spacingMm: bounded('spacingMm'),
  limits: z.strictObject({ depthMm: range('depthMm'), doseUl: range('doseUl'), spacingMm: range('spacingMm') }).optional(),
  steps: z.array(step).min(2).max(16),
  needles: z.array(id).min(1).optional(),
  syringes: z.array(id).min(1).optional(),
  provenance,
});
export type Technique = z.infer<typeof techniqueSchema>;

export const siteSchema = z.strictObject({ ...head('site'), layers: id, note: text.optional(), provenance });
export type SiteFile = z.infer<typeof siteSchema>;

export const syringeSchema = z.strictObject({
  ...head('syringe'),
  capacityUl: bounded('capacityUl'),
  boreMm: bounded('boreMm'),
  complianceUlPerKpa: bounded('complianceUlPerKpa'),
  glideN: bounded('glideN'),
  breakLooseN: bounded('breakLooseN'),
  rodNPerMm: bounded('rodNPerMm'),
  deadSpaceUl: bounded('deadSpaceUl'),
  calibrated: z.boolean(),
  provenance,
});
export type Syringe = z.infer<typeof syringeSchema>;

export const needleSchema = z.strictObject({
  ...head('needle'),
  gauge: z.int().min(23).max(34),
  lengthMm: bounded('lengthMm'),
  outerMm: bounded('outerMm'),
  innerMm: bounded('innerMm'),
  provenance,
});
export type Needle = z.infer<typeof needleSchema>;

/** Of any substance, in its unit. Chosen: no cocktail comes near. */
const MOST = 1e6;
/** One substance of a product. Amounts are in its own unit; its limits are of that substance, whatever product it comes in. */
const componentSchema = z.strictObject({
  name: z.string().min(1).max(60),
  unit: z.enum(['mg', 'µg', 'U']),
  perMl: z.number().positive().max(MOST),
  maxSession: z.number().positive().max(MOST),
  /** All sessions of one day together; `maxSession` where it is not given. */
  maxDay: z.number().positive().max(MOST).optional(),
  maxCourse: z.number().positive().max(MOST),
});
export type Component = z.infer<typeof componentSchema>;

export const productSchema = z.strictObject({
  ...head('product'),
  viscosityMpas: bounded('viscosityMpas'),
  densityGPerMl: bounded('densityGPerMl'),
  maxSessionUl: bounded('maxSessionUl'),
  rheology: text.optional(),
  components: z.array(componentSchema).min(1).max(20).optional(),
  note: text.optional(),
  provenance,
});
export type Product = z.infer<typeof productSchema>;

const coordinate = z.number().min(-600).max(600);
const area = z.discriminatedUnion('shape', [
  z.strictObject({ shape: z.literal('rectangle'), widthMm: bounded('widthMm'), heightMm: bounded('heightMm') }),
  z.strictObject({ shape: z.literal('ellipse'), widthMm: bounded('widthMm'), heightMm: bounded('heightMm') }),
  z.strictObject({
    shape: z.literal('polygon'),
    pointsMm: z
      .array(z.tuple([coordinate, coordinate]))
      .min(3)
      .max(100),
  }),
  z.strictObject({
    shape: z.literal('path'),
    pointsMm: z
      .array(z.tuple([coordinate, coordinate]))
      .min(2)
      .max(100),
  }),
  z.strictObject({
    shape: z.literal('points'),
    points: z
      .array(z.strictObject({ name: z.string().min(1).max(40), xMm: coordinate, yMm: coordinate }))
      .min(1)
      .max(200),
  }),
]);
export type Area = z.infer<typeof area>;

const whole = (least: number, most: number) => z.int().min(least).max(most);
const degrees = z.number().min(-360).max(360);
/** How points are laid into an area; `as-drawn` for areas that are points or a path themselves. */
const pattern = z.union([
  z.enum(['square', 'hexagonal', 'as-drawn']),
  z.discriminatedUnion('lay', [
    z.strictObject({ lay: z.literal('lines'), apartMm: bounded('apartMm'), turnedDeg: degrees.optional() }),
    z.strictObject({
      lay: z.literal('fan'),
      fromMm: z.tuple([coordinate, coordinate]),
      rays: whole(2, 40),
      spreadDeg: z.number().min(1).max(360),
      towardsDeg: degrees,
    }),
  ]),
]);
export type Pattern = z.infer<typeof pattern>;

/** Sessions in order: each phase goes on where the one before ended, its interval before each of its sessions. */
const courseSchema = z.strictObject({
  phases: z
    .array(z.strictObject({ sessions: whole(1, 20), everyDays: whole(1, 366) }))
    .min(1)
    .max(5),
  maintenance: z.strictObject({ everyDays: whole(7, 732) }).optional(),
});
export type Course = z.infer<typeof courseSchema>;

/** What `set` in a protocol and `--set key=value` may change. */
export const settingsSchema = z.strictObject({
  depthMm: bounded('depthMm').optional(),
  doseUl: bounded('doseUl').optional(),
  spacingMm: bounded('spacingMm').optional(),
  pricks: bounded('pricks').optional(),
  periodMs: bounded('periodMs').optional(),
  insertionMmPerS: bounded('insertionMmPerS').optional(),
  withdrawalMmPerS: bounded('withdrawalMmPerS').optional(),
  rateUlPerS: bounded('rateUlPerS').optional(),
  dwellMs: bounded('dwellMs').optional(),
  handMmPerS: bounded('handMmPerS').optional(),
  targetN: bounded('targetN').optional(),
  fillUl: bounded('fillUl').optional(),
  primeUl: bounded('primeUl').optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const protocolSchema = z.strictObject({
  ...head('protocol'),
  summary: text,
  technique: z.union([id, techniqueSchema]),
  set: settingsSchema.optional(),
  site: z.union([id, siteSchema]),
  sex: z.enum(['f', 'm']),
  area,
  pattern,
  syringe: z.union([id, syringeSchema]),
  fillUl: bounded('fillUl'),
  needle: z.union([id, needleSchema]),
  product: z.union([id, productSchema]),
  prime: z.strictObject({ primeUl: bounded('primeUl'), primeRateUlPerS: bounded('primeRateUlPerS') }),
  residualUl: bounded('residualUl'),
  session: z.strictObject({ pricks: bounded('pricks'), volumeUl: bounded('volumeUl') }),
  course: courseSchema.optional(),
  requires: texts.optional(),
  before: texts.optional(),
  after: texts.optional(),
  notes: texts.optional(),
  provenance: provenance.optional(),
});
export type Protocol = z.infer<typeof protocolSchema>;

/** One schema a kind of file. */
export const SCHEMAS = {
  technique: techniqueSchema,
  protocol: protocolSchema,
  site: siteSchema,
  syringe: syringeSchema,
  needle: needleSchema,
  product: productSchema,
} as const;
export type Kind = keyof typeof SCHEMAS;
export const KINDS = Object.keys(SCHEMAS) as Kind[];
/** A file of a kind. */
export type FileOf<K extends Kind> = z.infer<(typeof SCHEMAS)[K]>;
export type AnyFile = Technique | Protocol | SiteFile | Syringe | Needle | Product;
