// What the virtual world is made of for one session: seed, skin, syringe, needle, the marks on the skin, faults.
// It configures the world, never the gun: the gun gets its programme over the link. Simulator only.
import { z } from 'zod';
import { SITES } from '../protocols/layers.ts';
import type { SiteId } from '../protocols/layers.ts';
import { cellKeys, driveKeys, handKeys, skinKeys } from './plant-keys.ts';

const syringe = z.strictObject({
  capacityUl: z.number().positive().default(1000),
  fillUl: z.number().nonnegative().default(1000),
  boreMm: z.number().positive().default(4.78),
  complianceUlPerKpa: z.number().positive().default(0.045),
  rodNPerMm: z.number().positive().default(60),
  glideN: z.number().nonnegative().default(1.5),
  breakLooseN: z.number().nonnegative().default(3),
  backlashMm: z.number().nonnegative().default(0.05),
  /** Air left in the barrel, at atmospheric pressure. */
  bubbleUl: z.number().nonnegative().default(0),
});

const needle = z.strictObject({
  lengthMm: z.number().positive().default(4),
  outerMm: z.number().positive().default(0.311),
  innerMm: z.number().positive().default(0.159),
  /** Its bevel; 20° is intradermal, 12° the common one. */
  bevelDeg: z.number().min(8).max(60).default(20),
  /** How far its tip lies off its place, mm, positive further out; drawn for the seed when absent. */
  seatMm: z.number().optional(),
});

/** What the operator has been told of the technique: how pricks come, how far apart, how fast the hand may be, how hard to press. */
const technique = z.strictObject({
  permit: z.enum(['travel', 'cadence', 'trigger']).default('trigger'),
  spacingUm: z.number().positive().default(10_000),
  periodMs: z.number().nonnegative().default(0),
  handUmPerS: z.number().positive().default(40_000),
  ringN: z.number().positive().default(2),
});

/** The syringe with its needle as the demo calibration knows it: the words of the programme's own library values. */
const kit = z.strictObject({
  id: z.int(),
  nlPerMm: z.int(),
  complianceNlPerMpa: z.int(),
  glideMn: z.int(),
  breakLooseMn: z.int(),
  rodMnPerMm: z.int(),
  backlashUm: z.int(),
});

/** Habits of the operator beyond what faults ask of them. */
const operator = z.strictObject({
  /** 0 = hands off: the test moves the hands itself. */
  present: z.boolean().default(true),
  neverReleases: z.boolean().default(false),
  /** Does not see what the lamp asks any more from this prick on. */
  leavesAtPrick: z.int().positive().optional(),
  /** Runs a session at the panel, without a host: chooses the programme of this name there, primes, arms and ends. */
  programme: z.string().max(16).optional(),
});

export const worldSchema = z.strictObject({
  seed: z.int().default(1),
  /** Planned marks on the skin, µm. Only the operator sees them. */
  points: z
    .array(z.tuple([z.number(), z.number()]))
    .max(400)
    .default([]),
  site: z.enum(Object.keys(SITES) as [SiteId, ...SiteId[]]).default('cheek'),
  sex: z.enum(['f', 'm']).default('f'),
  syringe: syringe.prefault({}),
  needle: needle.prefault({}),
  viscosityMpas: z.number().positive().default(1),
  /** Above 0 the liquid is hyaluronic acid of this strength, which thins with shear, whatever the viscosity says. */
  hyaluronicMgPerMl: z.number().nonnegative().max(30).default(0),
  ringDiameterMm: z.number().positive().default(15),
  technique: technique.prefault({}),
  operator: operator.prefault({}),
  skin: skinKeys.prefault({}),
  hand: handKeys.prefault({}),
  drive: driveKeys.prefault({}),
  cells: cellKeys.prefault({}),
  kit: kit.optional(),
  /** False: the gun came without a service key; it takes the first one that it is given. */
  keyed: z.boolean().default(true),
  /** False: the gun came without any calibration. */
  calibrated: z.boolean().default(true),
  /** Number of a gun with the wide tolerances of one that nobody has calibrated (hidden-tolerances.ts); absent: mild ones, by the seed. */
  gun: z.int().nonnegative().optional(),
  /** True: the gun is a technician's, its service switch closed. */
  technician: z.boolean().default(false),
  /** Every draw at its nominal value: no scatter, no noise, no bounce. For exact tests. */
  exact: z.boolean().default(false),
  faults: z.array(z.string()).max(50).default([]),
});

/** A complete world. */
export type WorldSetup = z.infer<typeof worldSchema>;
/** A world as written: what is left out has its usual value. */
export type WorldRequest = z.input<typeof worldSchema>;

/** Fills in what is left out. Throws a ZodError that names every wrong field. */
export const completeWorld = (request: WorldRequest): WorldSetup => worldSchema.parse(request);
