// Every protocol of the library, from check to the end of a short session on the virtual gun.
import { describe, expect, it } from 'vitest';
import * as S from '../../firmware/core/states.ts';
import { S_DONE, S_ESTIMATED_NL } from '../../firmware/link/control.ts';
import { checkId } from '../../protocols/check.ts';
import { allOf, find, idsOf, listLibrary } from '../../protocols/library.ts';
import type { Technique } from '../../protocols/schema.ts';
import { Rig } from '../firmware/gun/rig.ts';
import { errorsOf } from './files.ts';

/** Share of the session's dose that the plant may find elsewhere than in tissue: pricks whose tip did not pierce. */
const DOSE_SHARE = 0.1;
/** Share of pricks that end as planned: a hand that drifts off ends one early; the session counts it and goes on. */
const DONE_SHARE = 0.9;
const MOST_PRICKS = 20;

describe('library', () => {
  it.each(listLibrary().map(({ kind, id }) => [kind, id]))('passes its own check: %s %s', (_kind, id) => {
    const checked = checkId(id);
    expect(checked && errorsOf(checked)).toEqual([]);
  });

  it.each(idsOf('protocol'))(
    `runs %s to completion with seed 1 and at most ${MOST_PRICKS} pricks: its dose in tissue within a tenth, in its own layer by the plant's truth`,
    (protocol) => {
      const planned = Math.min(MOST_PRICKS, checkId(protocol)?.plan?.pricks ?? 0);
      const rig = new Rig({ protocol, set: { pricks: planned }, seed: 1, limitS: 1500 }).finish();
      const { session } = rig.gun;
      expect(S.STATE_NAMES[session.state]).toBe('COMPLETE');
      expect(rig.violations).toEqual([]);
      expect(session.status[S_DONE]).toBeGreaterThanOrEqual(planned * DONE_SHARE);
      expect(session.status[S_ESTIMATED_NL]).toBeGreaterThanOrEqual(planned * rig.plan.doseUl * 1000 * DONE_SHARE);
      const { layerUl, deliveredUl, pricks } = rig.virtual.truth;
      expect(Math.abs(deliveredUl - planned * rig.plan.doseUl)).toBeLessThanOrEqual(DOSE_SHARE * planned * rig.plan.doseUl);
      const technique = techniqueOf(protocol);
      const least = (technique.inLayerPercent ?? 50) / 100;
      if (rig.plan.doseUl > 0) expect(layerUl[technique.intendedLayer] / deliveredUl).toBeGreaterThanOrEqual(least);
      else expect(pricks.filter((prick) => prick.skinMaxUm > 500).length).toBeGreaterThanOrEqual(planned * 0.9);
    },
  );

  it('shows every technique in at least one protocol, so that the walk runs them all', () => {
    const used = new Set(allOf('protocol').map((protocol) => protocol.technique));
    expect(idsOf('technique').filter((id) => !used.has(id))).toEqual([]);
  });

  it('states for every technique what the literature gives, its own limits and where each figure comes from', () => {
    const bare = allOf('technique').filter(
      ({ literature, limits, provenance }) =>
        literature === undefined || limits?.depthMm === undefined || limits.doseUl === undefined || provenance.length < 4,
    );
    expect(bare.map((technique) => technique.id)).toEqual([]);
  });

  it('gives every protocol a course, a checklist before, care after and what it requires', () => {
    const bare = allOf('protocol').filter(
      ({ course, before, after, requires }) =>
        course === undefined || before === undefined || after === undefined || requires === undefined,
    );
    expect(bare.map((protocol) => protocol.id)).toEqual([]);
  });
});

function techniqueOf(id: string): Technique {
  const named = find('protocol', id)?.technique;
  const technique = typeof named === 'string' ? find('technique', named) : named;
  if (!technique) throw new Error(`protocol ${id} has no technique`);
  return technique;
}
