// Which prick was given from which filling of the syringe, and so from which lot: the journal says when a syringe was changed, the
// form what was in it. Not responsible for how lots are named (lots.ts). Runs at the desk.
import { z } from 'zod';
import type { Journal } from '../journal.ts';
import type { SessionForm } from './form.ts';
import { lotSchema, lotsIn } from './lots.ts';

export const fillingSchema = z.strictObject({
  filling: z.int().min(1),
  /** What stood on its pack; null when nobody said. */
  syringe: z.string().nullable(),
  /** First and last prick; null when none was made from it. */
  from: z.int().nullable(),
  to: z.int().nullable(),
  pricks: z.int().min(0),
  /** Doses as estimated and uncertain ones in full. */
  givenNl: z.number(),
  lots: z.array(lotSchema),
});
export type Filling = z.infer<typeof fillingSchema>;

/** Filling of each prick, 1 for the first: one more after every change of syringe. */
export function fillingOfPricks(journal: Journal): Map<number, number> {
  const of = new Map<number, number>();
  let filling = 1;
  for (const { kind, prick } of journal.entries) {
    if (kind === 'RELOAD') filling += 1;
    if (kind === 'INTENT') of.set(prick, filling);
  }
  return of;
}

/** Every filling that the journal knows, in order. `givenNl` of each prick by its number. */
export function fillingsOf(journal: Journal, form: SessionForm, product: string, givenNl: ReadonlyMap<number, number>): Filling[] {
  const of = fillingOfPricks(journal);
  const count = 1 + journal.entries.filter(({ kind }) => kind === 'RELOAD').length;
  return Array.from({ length: count }, (_none, index) => {
    const filling = index + 1;
    const pricks = [...of].filter(([, its]) => its === filling).map(([prick]) => prick);
    return {
      ...{ filling, syringe: form.syringeIds[index] ?? form.syringeIds.at(-1) ?? null },
      ...{ from: pricks[0] ?? null, to: pricks.at(-1) ?? null, pricks: pricks.length },
      givenNl: pricks.reduce((sum, prick) => sum + (givenNl.get(prick) ?? 0), 0),
      lots: lotsIn(product, form.lots, filling),
    };
  });
}

/** A form for what is left of a session: its last filling becomes the first. */
export function formAfter(form: SessionForm, fillings: readonly Filling[]): SessionForm {
  const gone = Math.max(0, fillings.length - 1);
  const lots = form.lots.flatMap((lot) => {
    if (lot.filling === undefined) return [lot];
    return lot.filling > gone ? [{ ...lot, filling: lot.filling - gone }] : [];
  });
  return { ...form, lots, syringeIds: form.syringeIds.slice(Math.min(gone, Math.max(0, form.syringeIds.length - 1))) };
}
