// Believes a weight only in the form in which weights have come before: a digit lost on the wire must not become a lighter load.
// Not responsible for lines (mt-sics-codec.ts).
import { BalanceError } from './balance.ts';
import type { Weighing } from './balance.ts';
import { MASS_UNITS, mgIn, toMg } from './mass.ts';
import type { Reply } from './mt-sics-codec.ts';

export type WeightReply = Extract<Reply, { kind: 'weight' }>;

/** How often in a row a form must come to be believed: at first, and in the place of one that is known. Chosen. */
const FIRST_BELIEVED = 2;
const NEXT_BELIEVED = 4;

export class WeightShape {
  private known = '';
  private odd = '';
  private oddCount = 0;

  /**
   * A weight in mg; undefined when its form (width, decimals, unit) is new: believed are two in a row at first, four later.
   * Throws BalanceError `unit` for what is not a mass.
   */
  take(reply: WeightReply, atMs: number): Weighing | undefined {
    const shape = `${reply.width}/${reply.decimals}/${reply.unit}`;
    if (shape !== this.known) {
      this.oddCount = shape === this.odd ? this.oddCount + 1 : 1;
      this.odd = shape;
      if (this.oddCount < (this.known === '' ? FIRST_BELIEVED : NEXT_BELIEVED)) return undefined;
    }
    this.known = shape;
    this.odd = '';
    this.oddCount = 0;
    const mgPerUnit = mgIn(reply.unit);
    if (mgPerUnit === undefined) {
      throw new BalanceError(
        'unit',
        `the balance weighs in '${reply.unit}'`,
        'that is no unit of mass that I know',
        `set its host unit to ${MASS_UNITS}`,
      );
    }
    return { mg: toMg(reply.value, mgPerUnit), stable: reply.status === 'S', atMs };
  }
}
