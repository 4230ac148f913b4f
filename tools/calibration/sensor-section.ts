// What a count of the gun's sensors is: of load cells and travel wheel, as the gun uses it before anybody has measured it, and as it
// is stored. Runs at the desk. Not responsible for measuring (force-procedure.ts, travel-procedure.ts).
import { PUSHER_CELL_COUNTS_PER_N, RING_CELL_COUNTS_PER_N } from '../../hal/drivers/nau7802-cell.ts';
import { WHEEL_NM_PER_COUNT } from '../../hal/drivers/plunger-axis.ts';
import type { GunSection, SectionHead, SensorSection } from './gun-record.ts';

export type SensorTrial = Omit<SensorSection, keyof SectionHead>;

/** By the drivers' data sheets, as a gun without such a section counts. */
const USUAL: SensorTrial = {
  kind: 'sensors',
  ringCountsPerN: RING_CELL_COUNTS_PER_N,
  pusherCountsPerN: PUSHER_CELL_COUNTS_PER_N,
  wheelNmPerCount: WHEEL_NM_PER_COUNT,
};

/** What the gun uses now: the stored section, else the usual figures. */
export function sensorsOf(sections: readonly GunSection[]): SensorTrial {
  const stored = sections.find((each): each is SensorSection => each.kind === 'sensors');
  if (stored === undefined) return USUAL;
  const { kind, ringCountsPerN, pusherCountsPerN, wheelNmPerCount } = stored;
  return { kind, ringCountsPerN, pusherCountsPerN, wheelNmPerCount };
}
