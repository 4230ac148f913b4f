// Believes a weight only in the form in which weights have come before: a digit lost on the wire must not become a lighter load.
// Not responsible for lines (mt-sics-codec.ts).
import { BalanceError } from './balance.ts';
import type { Weighing } from './balance.ts';
import { MASS_UNITS, mgIn, toMg } from './mass.ts';
import type { Reply } from './mt-sics-codec.ts';

export type WeightReply = Extract<Reply, { kind: 'weight' }>;

export class WeightShape {
  private known = '';
  private odd = '';

  /**
   * A weight in mg; undefined when its form (width, decimals, unit) is new: one that comes twice in a row is believed from then on.
   * Throws BalanceError `unit` for what is not a mass.
   */
  take(reply: WeightReply, atMs: number): Weighing | undefined {
    const shape = `${reply.width}/${reply.decimals}/${reply.unit}`;
    if (shape !== this.known && shape !== this.odd) {
      this.odd = shape;
      return undefined;
    }
    this.known = shape;
    this.odd = '';
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
