// Where the parts of a dose are laid, in the order of the steps: at a depth, or spread over a withdrawal. For drawings; the fluid's own
// account of them is in reflux.ts. Desk side.
import type { Technique } from './schema.ts';

/** Depths in skin, mm; the same twice where the needle stands still. */
export interface Laid {
  readonly fromMm: number;
  readonly toMm: number;
  readonly ul: number;
}

export function laidParts({ depthMm, doseUl, steps }: Technique): Laid[] {
  const parts: Laid[] = [];
  let atMm = depthMm;
  for (const step of steps) {
    if (step.do === 'insert') atMm = (depthMm * (step.depthPercent ?? 100)) / 100;
    if (step.do === 'dose') parts.push({ fromMm: atMm, toMm: atMm, ul: (doseUl * (step.dosePercent ?? 100)) / 100 });
    if (step.do === 'withdraw') {
      const toMm = (depthMm * (step.toDepthPercent ?? 0)) / 100;
      parts.push({ fromMm: atMm, toMm, ul: (doseUl * (step.dosePercent ?? 0)) / 100 });
      atMm = toMm;
    }
  }
  return parts.filter(({ ul }) => ul > 0);
}
