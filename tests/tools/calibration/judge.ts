// Judges a gun in the plant's truth on fresh doses and depths: what really left its needle, where its tip really stood. Sees what a
// calibration must not see; used by the table and by specs only.
import { benchGun } from '../../../sim/bench.ts';
import { plainSection } from '../../../tools/calibration/dose-conclusion.ts';
import type { DoseTrial } from '../../../tools/calibration/dose-conclusion.ts';
import type { DepthTrial } from '../../../tools/calibration/depth-procedure.ts';
import { kitOf, librarySyringeData } from '../../../tools/calibration/kit.ts';
import { RecordStore } from '../../../tools/calibration/record-store.ts';
import { sampleOf } from '../../../tools/calibration/sample.ts';
import { openBench } from '../../../tools/open-bench.ts';
import type { OpenBench } from '../../../tools/open-bench.ts';
import { recordingDesk } from '../recording-desk.ts';

export interface DoseJudgement {
  readonly biasPercent: number;
  readonly cvPercent: number;
}
export interface DepthJudgement {
  readonly worstUm: number;
}

const KIT = { syringe: '1ml', needle: '30g-13mm' };
const DOSE_NL = 10_000;
const DOSES = 40;
const DEPTHS_UM = [1200, 2100, 3300, 4800, 6200, 7700, 9200, 10_000];
/** Another day, another seed of noise: the gun is the same, its readings are not. */
const OTHER_SEED = 100_000;

const open = (gun: number): Promise<OpenBench> =>
  openBench({ ...kitOf(KIT.syringe, KIT.needle), gun, seed: OTHER_SEED + gun }, recordingDesk());

/** What a calibration left in the folder for this gun; null when it left nothing. */
function sectionIn(folder: string | null, gun: number, kind: 'dose' | 'depth'): Readonly<Record<string, unknown>> | null {
  if (folder === null) return null;
  const found = new RecordStore(folder).recordsOf(String(gun)).find(({ record, active }) => active && record.kind === kind);
  return found?.record.section ?? null;
}

/** 40 doses of 10 µL in air, with what a folder holds for the gun; null: by the library alone. */
export async function judgeDose(gun: number, folder: string | null): Promise<DoseJudgement> {
  const bench = await open(gun);
  const device = bench.virtual();
  if (device === null) throw new Error('only a virtual gun has a truth');
  const { syringe, needle } = kitOf(KIT.syringe, KIT.needle);
  const plain = plainSection({ syringe, needle, syringeData: librarySyringeData(syringe) });
  const section = (sectionIn(folder, gun, 'dose') as DoseTrial | null) ?? plain;
  const truth = benchGun(device.world);
  await bench.gun.enter();
  await bench.gun.home();
  await bench.gun.trial(section);
  await bench.gun.prime(30_000);
  await bench.gun.shoot({ doseNl: DOSE_NL, rateNlPerS: 20_000, count: 2, gapMs: 1000 });
  const doses: number[] = [];
  for (let shot = 0; shot < DOSES; shot++) {
    const beforeUl = truth.outUl();
    await bench.gun.shoot({ doseNl: DOSE_NL, rateNlPerS: 20_000, count: 1, gapMs: 1000 });
    doses.push(1000 * (truth.outUl() - beforeUl));
  }
  await bench.close();
  const { mean, sd } = sampleOf(doses);
  return { biasPercent: (100 * (mean - DOSE_NL)) / DOSE_NL, cvPercent: (100 * sd) / mean };
}

/** Eight depths reached from above, with what a folder holds for the gun; null: as it was built. */
export async function judgeDepth(gun: number, folder: string | null): Promise<DepthJudgement> {
  const bench = await open(gun);
  const device = bench.virtual();
  if (device === null) throw new Error('only a virtual gun has a truth');
  const truth = benchGun(device.world);
  const section = sectionIn(folder, gun, 'depth') as DepthTrial | null;
  await bench.gun.enter();
  if (section !== null) await bench.gun.trial(section);
  await bench.gun.home();
  await bench.gun.probe();
  let worstUm = 0;
  for (const depthUm of DEPTHS_UM) {
    await bench.gun.needleTo(depthUm - 300, 5000);
    await bench.gun.needleTo(depthUm, 5000);
    await bench.gun.wait(200);
    worstUm = Math.max(worstUm, Math.abs(1000 * truth.tipMm() - depthUm));
  }
  await bench.close();
  return { worstUm };
}
