// One short session of a library protocol on the virtual gun, judged by the plant's truth: done, dose within the technique's
// tolerance, in the technique's layer.
import * as S from '../../firmware/core/states.ts';
import { S_DONE, S_ESTIMATED_NL } from '../../firmware/link/control.ts';
import { checkId } from '../../protocols/check.ts';
import { find } from '../../protocols/library.ts';
import type { Technique } from '../../protocols/schema.ts';
import { DOSE_WITHIN_PERCENT } from '../../protocols/technique.ts';
import { Rig } from '../firmware/gun/rig.ts';

/** Share of pricks that end as planned: a hand that drifts off ends one early; the session counts it and goes on. */
const DONE_SHARE = 0.9;
export const MOST_PRICKS = 20;

export function techniqueOf(id: string): Technique {
  const named = find('protocol', id)?.technique;
  const technique = typeof named === 'string' ? find('technique', named) : named;
  if (!technique) throw new Error(`protocol ${id} has no technique`);
  return technique;
}

export interface Walked {
  readonly dosePart: number;
  readonly layerPart: number;
  /** What was not as it should be; empty for a good session. */
  readonly wrong: readonly string[];
}

/** At most 20 pricks of a protocol with a seed. */
export function walk(protocol: string, seed: number): Walked {
  const planned = Math.min(MOST_PRICKS, checkId(protocol)?.plan?.pricks ?? 0);
  const rig = new Rig({ protocol, set: { pricks: planned }, seed, limitS: 1500 }).finish();
  const { session } = rig.gun;
  const technique = techniqueOf(protocol);
  const doseUl = planned * rig.plan.doseUl;
  const { layerUl, deliveredUl, pricks } = rig.virtual.truth;
  const dosePart = doseUl === 0 ? 1 : deliveredUl / doseUl;
  const dryPart = pricks.filter((prick) => prick.skinMaxUm > 500).length / planned;
  const layerPart = doseUl === 0 ? dryPart : layerUl[technique.intendedLayer] / deliveredUl;
  const within = (technique.doseWithinPercent ?? DOSE_WITHIN_PERCENT) / 100;
  const least = doseUl === 0 ? 0.9 : (technique.inLayerPercent ?? 50) / 100;
  const judged: readonly (readonly [boolean, string])[] = [
    [S.STATE_NAMES[session.state] === 'COMPLETE', `ended in ${S.STATE_NAMES[session.state] ?? ''}`],
    [rig.violations.length === 0, 'broke an invariant'],
    [(session.status[S_DONE] ?? 0) >= planned * DONE_SHARE, `${session.status[S_DONE] ?? 0} of ${planned} done`],
    [(session.status[S_ESTIMATED_NL] ?? 0) >= doseUl * 1000 * DONE_SHARE, `${session.status[S_ESTIMATED_NL] ?? 0} nL estimated`],
    [Math.abs(dosePart - 1) <= within, `dose ${dosePart.toFixed(3)}, allowed ± ${within}`],
    [layerPart >= least, `${layerPart.toFixed(2)} in the ${technique.intendedLayer}, at least ${least}`],
  ];
  return { dosePart, layerPart, wrong: judged.filter(([right]) => !right).map(([, says]) => says) };
}
