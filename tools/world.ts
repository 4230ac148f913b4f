// The virtual world that stands around a simulated gun in a session: skin, syringe, needle, marks and the operator's
// instructions, from the plan. It never reaches a gun: a real one has its own world.
import type { WorldRequest } from '../sim/setup.ts';
import * as P from '../firmware/core/program.ts';
import { RING_DIAMETER_MM } from '../protocols/gun.ts';
import type { Ready } from './source.ts';

/** World for this treatment with a seed and faults (`part.kind@when`). */
export function worldFor({ treatment, plan }: Ready, seed: number, faults: readonly string[]): WorldRequest {
  const { technique, syringe, needle, product, site, protocol } = treatment;
  const word = (index: number): number => plan.program[index] ?? 0;
  return {
    seed,
    points: plan.points.map((point) => [point.xUm, point.yUm]),
    site: site.layers as NonNullable<WorldRequest['site']>,
    sex: protocol.sex,
    syringe: {
      capacityUl: syringe.capacityUl,
      fillUl: treatment.fillUl,
      boreMm: syringe.boreMm,
      complianceUlPerKpa: syringe.complianceUlPerKpa,
      rodNPerMm: syringe.rodNPerMm,
      glideN: syringe.glideN,
      breakLooseN: syringe.breakLooseN,
    },
    needle: { lengthMm: needle.lengthMm, outerMm: needle.outerMm, innerMm: needle.innerMm },
    viscosityMpas: product.viscosityMpas,
    ringDiameterMm: RING_DIAMETER_MM,
    technique: {
      permit: technique.permit.mode,
      spacingUm: word(P.P_SPACING_UM),
      periodMs: word(P.P_PERIOD_MS),
      handUmPerS: word(P.P_HAND_UM_PER_S),
      ringN: technique.stamp.targetN,
    },
    kit: {
      id: word(P.P_KIT),
      nlPerMm: word(P.P_NL_PER_MM),
      complianceNlPerMpa: word(P.P_COMPLIANCE_NL_PER_MPA),
      glideMn: word(P.P_GLIDE_MN),
      breakLooseMn: word(P.P_BREAK_LOOSE_MN),
      rodMnPerMm: word(P.P_ROD_MN_PER_MM),
      backlashUm: word(P.P_BACKLASH_UM),
    },
    faults: [...faults],
  };
}
