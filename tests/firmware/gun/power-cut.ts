// One short session of three pricks on the whole gun, its supply cut at one flash step; then what must hold after the reboot.
// Shared by the sampled spec and by the long campaign.
import * as P from '../../../firmware/core/program.ts';
import * as S from '../../../firmware/core/states.ts';
import { Rig, sum } from './rig.ts';

const threePricks = (words: Int32Array): Int32Array => {
  words[P.P_PRICKS] = 3;
  return words;
};

export const uncut = (): Rig => new Rig({ program: threePricks }).finish();

/** Flash steps of the session when nothing is cut. */
export const stepsOfSession = (): number => uncut().virtual.flash.stepsDone;

/** What went wrong after a cut at this flash step; '' for nothing. */
export const cutAt = (step: number): string => cutWhen(`flash-op=${String(step)}`);

/** What went wrong after a cut at this moment (`flash-op=N`, `prick=N,phase=…`); '' for nothing. */
export function cutWhen(when: string): string {
  const rig = new Rig({ program: threePricks, faults: [`power.cut@${when}`], limitS: 120 });
  rig.hostPresent = () => rig.virtual.bootCount === 1;
  rig.until(
    (gun) => rig.virtual.bootCount > 1 && (gun.session.state === S.IDLE || (gun.session.state === S.FAULT && gun.supervisor.safe === 1)),
  );
  const { journal } = rig.gun;
  const decoded = rig.journal();
  if (rig.gun.session.state !== S.IDLE) return `${when}: not idle after the reboot, fault ${String(rig.gun.supervisor.fault)}`;
  if (decoded.firstBreak) return `${when}: ${decoded.firstBreak.why}`;
  const results = sum(decoded.entries.filter((entry) => entry.kind === 'RESULT').map((entry) => entry.fields['countedNl'] ?? 0));
  const countedUl = (results + journal.uncertainNl) / 1000;
  const deliveredUl = rig.virtual.truth.tissueUl;
  if (deliveredUl > countedUl + 0.001) return `${when}: ${deliveredUl.toFixed(3)} µL in tissue, ${countedUl.toFixed(3)} µL counted`;
  if (!rig.virtual.atRest) return `${when}: the needle is not home`;
  const violation = rig.violations[0];
  return violation ? `${when}: ${violation.invariant} ${violation.says}` : '';
}
