// The programmes kept on a gun for its panel: list, load, remove. The gun judges each again when it is chosen.
// Not responsible for planning (protocols/) nor for running one. Runs at the desk.
import * as P from '../../firmware/core/program.ts';
import { SHELF_INTS } from '../../firmware/link/messages.ts';
import { PROGRAM_SLOTS } from '../../firmware/store/record.ts';
import { readProgram } from '../../protocols/read-program.ts';
import { EXIT_DEVICE, EXIT_USAGE, MesogunError } from '../errors.ts';
import type { Asking } from '../link-calls.ts';
import { loadProgram } from '../link-calls.ts';
import { refusalTrouble } from '../refusal.ts';

export interface KeptProgramme {
  /** 1 to 8, as the panel shows it. */
  readonly slot: number;
  readonly name: string;
  readonly pricks: number;
  readonly doseUl: number;
  readonly depthMm: number;
  readonly spacingMm: number;
  readonly fillUl: number;
}

async function wordsFrom(link: Asking, slot: number, at: number): Promise<{ count: number; ints: number[] }> {
  const answer = await link.request('shelf', { slot: slot - 1, at });
  if (answer.no !== undefined) throw new MesogunError(refusalTrouble('shelf', answer));
  const ints = answer['ints'];
  return { count: Number(answer['count']), ints: Array.isArray(ints) ? ints.map(Number) : [] };
}

/** What a slot keeps, null for nothing that this gun can read. Asks only for the words that a list shows. */
async function readSlot(link: Asking, slot: number): Promise<KeptProgramme | null> {
  const words = new Int32Array(P.PROGRAM_WORDS_MAX);
  for (const at of [P.P_SPACING_UM, P.P_FILL_NL, P.P_NAME]) {
    const { count, ints } = await wordsFrom(link, slot, at);
    if (count === 0) return null;
    words.set(ints.slice(0, SHELF_INTS), at);
  }
  const word = (index: number): number => words[index] ?? 0;
  return {
    slot,
    name: readProgram(words.fill(0, P.P_STEP_COUNT, P.P_STEP_COUNT + 1)).name,
    pricks: word(P.P_PRICKS),
    doseUl: word(P.P_DOSE_NL) / 1000,
    depthMm: word(P.P_DEPTH_UM) / 1000,
    spacingMm: word(P.P_SPACING_UM) / 1000,
    fillUl: word(P.P_FILL_NL) / 1000,
  };
}

/** Slots 1 to 8; null = empty. Throws MesogunError when the gun is not at IDLE. */
export async function readShelf(link: Asking): Promise<(KeptProgramme | null)[]> {
  const slots: (KeptProgramme | null)[] = [];
  for (let slot = 1; slot <= PROGRAM_SLOTS; slot += 1) slots.push(await readSlot(link, slot));
  return slots;
}

async function shelve(link: Asking, slot: number, on: 0 | 1): Promise<void> {
  const answer = await link.request('shelve', { slot: slot - 1, on });
  if (answer.no !== undefined) throw new MesogunError(refusalTrouble('shelve', answer));
}

/** Keeps a programme: in `slot`, else where one of its name is, else in the first empty slot. Answers the slot. */
export async function keepProgramme(link: Asking, words: Int32Array, slot?: number): Promise<number> {
  const { name } = readProgram(words);
  const place = slot ?? placeFor(name, await readShelf(link));
  const answer = await loadProgram(link, words);
  if (answer.no !== undefined) throw new MesogunError(refusalTrouble('load', answer));
  await shelve(link, place, 1);
  return place;
}

function placeFor(name: string, kept: readonly (KeptProgramme | null)[]): number {
  const same = kept.findIndex((each) => each?.name === name);
  const place = same >= 0 ? same : kept.indexOf(null);
  if (place >= 0) return place + 1;
  throw new MesogunError({
    exit: EXIT_DEVICE,
    what: `all ${PROGRAM_SLOTS} slots are taken`,
    why: kept.map((each) => each?.name).join(', '),
    next: 'mesogun device programmes remove SLOT, or load --slot SLOT over one',
  });
}

/** Empties a slot, named by its number or by the programme in it. Answers what was there. */
export async function removeProgramme(link: Asking, which: string): Promise<KeptProgramme> {
  const kept = await readShelf(link);
  const found = kept.find((each, index) => each !== null && (each.name === which || String(index + 1) === which));
  if (!found) {
    const there = kept.flatMap((each) => (each === null ? [] : [`${each.slot} ${each.name}`]));
    const why = there.length === 0 ? 'it keeps none' : `it keeps ${there.join(', ')}`;
    throw new MesogunError({
      exit: EXIT_USAGE,
      what: `the gun keeps no programme '${which}'`,
      why,
      next: 'name a slot from 1 to 8 or a programme',
    });
  }
  await shelve(link, found.slot, 0);
  return found;
}

/** Rows for people. */
export function shelfRows(kept: readonly (KeptProgramme | null)[]): string[][] {
  const rows = kept.flatMap((each) =>
    each === null
      ? []
      : [
          [
            String(each.slot),
            each.name,
            `${each.pricks} pricks`,
            `${each.doseUl} µL`,
            `${each.depthMm} mm deep`,
            `${each.spacingMm} mm apart`,
            `${each.fillUl} µL in the syringe`,
          ],
        ],
  );
  return rows.length === 0 ? [['no programme is kept; mesogun device programmes load PROTOCOL']] : rows;
}
