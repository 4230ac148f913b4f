// What the virtual gun's flash holds when it leaves its factory: a service key that everybody knows, and a calibration that says
// of itself that nobody measured it. Written with the gun's own store. Simulator only; a real gun's flash is erased.
import * as C from '../firmware/core/calibration.ts';
import { RECORD_CALIBRATION, RECORD_SECTORS, RECORD_SETTINGS, Records } from '../firmware/store/record.ts';
import { PUSHER_CELL_COUNTS_PER_N, RING_CELL_COUNTS_PER_N } from '../hal/drivers/nau7802-cell.ts';
import { WHEEL_NM_PER_COUNT } from '../hal/drivers/plunger-axis.ts';
import { NorFlashChip } from './chips/nor-flash.ts';
import type { WorldSetup } from './setup.ts';

/** Key of every virtual gun, 32 bytes: no secret, and no real gun has it. */
export const DEMO_KEY: Uint8Array = new TextEncoder().encode('mesogun demo key: simulator only');

/** Chosen: the last day that the link can say; a simulation does not age. */
const FOREVER_DAY = 99_999;

/** Contents of the first sectors of the store, of a gun with this id. */
export function demoStore(setup: WorldSetup, deviceId: number): Uint8Array {
  const chip = new NorFlashChip({ sectorCount: RECORD_SECTORS });
  const records = new Records(chip, 0, deviceId);
  if (setup.keyed) records.save(RECORD_SETTINGS, new Int32Array(DEMO_KEY.slice().buffer), DEMO_KEY.length / 4);
  if (!setup.calibrated) return chip.bytes;
  const words = new Int32Array(C.CALIBRATION_WORDS);
  const put = (index: number, kind: number, values: readonly number[], kit: number): void => {
    const at = index * C.SECTION_WORDS;
    words[at + C.C_KIND] = kind;
    words.set(values, at + 1);
    words[at + C.C_KIT] = kit;
    words[at + C.C_DEMO] = 1;
    words[at + C.C_UNTIL_DAY] = FOREVER_DAY;
  };
  put(0, C.SECTION_DEPTH, [], 0);
  put(1, C.SECTION_SENSORS, [RING_CELL_COUNTS_PER_N, PUSHER_CELL_COUNTS_PER_N, WHEEL_NM_PER_COUNT], 0);
  const { kit } = setup;
  if (kit) {
    const fluid = [kit.nlPerMm, kit.complianceNlPerMpa, kit.glideMn, kit.breakLooseMn, kit.rodMnPerMm, kit.backlashUm];
    put(2, C.SECTION_DOSE, fluid, kit.id);
  }
  records.save(RECORD_CALIBRATION, words, C.CALIBRATION_WORDS);
  return chip.bytes;
}
