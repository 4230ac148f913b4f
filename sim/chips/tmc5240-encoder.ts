// The encoder unit of the TMC5240: X_ENC = counts · ENC_CONST + what writes made of it, and the deviation flag. The counts come
// from the world; the N channel is not modelled. Runs in the simulator. Source: TMC5240 datasheet Rev 1, encoder registers.
import { ENC_DEVIATION_WARN, ENCMODE_IGNORE_AB, ENCMODE_SEL_DECIMAL, RESET_ENC_CONST } from '../../hal/drivers/tmc5240-registers.ts';

/** Chosen: rounding of doubles. */
const COUNT_NOISE = 1e-6;

export class EncoderUnit {
  counts: (atUs: number) => number = () => 0;
  /** ENC_STATUS, write 1 to clear. */
  status = 0;
  latch = 0;
  private constant = RESET_ENC_CONST;
  private mode = 0;
  private factor = 1;
  private offset = 0;

  /** X_ENC, signed 32 bit. */
  value(atUs: number): number {
    return Math.floor(this.counts(atUs) * this.factor + this.offset + COUNT_NOISE) | 0;
  }

  place(atUs: number, value: number): void {
    this.offset = value - this.counts(atUs) * this.factor;
  }

  /** ENC_CONST: s16.16, or with enc_sel_decimal whole and ten-thousandths. X_ENC itself does not jump. */
  setConstant(atUs: number, constant: number): void {
    this.constant = constant;
    this.rescale(atUs);
  }

  setMode(atUs: number, mode: number): void {
    this.mode = mode;
    this.rescale(atUs);
  }

  reset(atUs: number): void {
    this.constant = RESET_ENC_CONST;
    this.mode = 0;
    this.status = 0;
    this.latch = 0;
    this.rescale(atUs);
    this.place(atUs, 0);
  }

  /** deviation_warn latches when X_ENC and XACTUAL are further apart than ENC_DEVIATION; 0 switches the check off. */
  check(atUs: number, xactual: number, deviation: number): void {
    if (deviation !== 0 && Math.abs(this.value(atUs) - xactual) > deviation) this.status |= ENC_DEVIATION_WARN;
  }

  private rescale(atUs: number): void {
    const counts = this.counts(atUs);
    const exact = counts * this.factor + this.offset;
    const decimal = (this.mode & ENCMODE_SEL_DECIMAL) !== 0;
    const factor = decimal ? (this.constant >> 16) + (this.constant & 0xffff) / 10_000 : this.constant / 65_536;
    this.factor = (this.mode & ENCMODE_IGNORE_AB) !== 0 ? 0 : factor;
    this.offset = exact - counts * this.factor;
  }
}
