// Parameters of the person and of how guns and syringes differ from their drawings, one row each, as the laws' own tables are.
// Not responsible for the draws (draws.ts, skill.ts, hand.ts). Simulator only.
import { parameter } from '../protocols/fluid.ts';
import type { Parameter } from '../protocols/fluid.ts';

export const HAND = {
  reactionMs: parameter(350, 200, 600, 'ms', 'estimate', 'Source: choice reaction of adults 0.3 to 0.5 s; median chosen'),
  reactionLnSd: parameter(0.25, 0.1, 0.4, '1', 'estimate', 'Chosen: logarithmic spread of reactions, paces and gliding'),
  aimSdUm: parameter(400, 200, 1200, 'µm', 'estimate', 'Chosen: assisted pointing; freehand 0.6 to 2.5 mm'),
  forceSdN: parameter(0.2, 0.1, 0.5, 'N', 'estimate', 'Chosen: half of the window that techniques leave round the target'),
  forceMostOffN: parameter(0.5, 0.3, 1, 'N', 'estimate', 'Source: ± 0.5 N of a device on skin; cut there'),
  glideUmPerS: parameter(25_000, 5000, 60_000, 'µm/s', 'estimate', 'Chosen: lognormal, a trained hand; untrained 20 mm/s'),
  tremorMm: parameter(
    0.1,
    0.038,
    0.2,
    'mm',
    'source',
    'Source: braced hand 38 to 49 µm, actuating 133 µm rms (Riviere); ring on skin chosen',
  ),
  tremorN: parameter(0.12, 0.05, 0.3, 'N', 'estimate', 'Chosen: a quarter of the ± 0.5 N of a free hand'),
} as const satisfies Record<string, Parameter>;

/** One standard deviation of one gun or one syringe against its type's data. */
export const BUILD = {
  barrelArea: parameter(0.003, 0.001, 0.01, '1', 'estimate', 'Chosen: within a lot; 1 % between makers'),
  compliance: parameter(0.1, 0.05, 0.3, '1', 'estimate', 'Chosen: within a lot; a factor of two between makers (Snijder 2015)'),
  friction: parameter(0.15, 0.05, 0.3, '1', 'estimate', 'Chosen: silicone oil and rest'),
  needleSeatMm: parameter(0.08, 0.03, 0.12, 'mm', 'estimate', 'Chosen: a third of the ± 0.25 mm of a hub'),
  wheel: parameter(0.003, 0.001, 0.01, '1', 'estimate', 'Chosen: size of a moulded wheel'),
} as const satisfies Record<string, Parameter>;
