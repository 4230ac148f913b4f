// The NAU7802 load-cell converter at register level: power-up, conversions at their rate, the data register. Not the cell and not
// its noise: the world gives the counts. Runs in the simulator. Source: Nuvoton NAU7802 datasheet V1.7, register map.
import * as N from '../../hal/drivers/nau7802-registers.ts';

export type CellAnswer = 'ok' | 'missing' | 'stuck';

const ACKNOWLEDGED = 0;
const NOT_ACKNOWLEDGED = 1;
/** Source: datasheet, PUR: about 200 µs after PUD. */
const READY_AFTER_US = 200;
/** Samples a second by CTRL2.CRS; codes 4 to 6 are reserved. */
const RATE_HZ = [10, 20, 40, 80, 0, 0, 0, 320];
/** Conversions after a start or a change of rate before the filter has settled. Source: datasheet, settling time of the ADC. */
const SETTLING_CONVERSIONS = 4;
const COUNTS_MAX = 8_388_607;
const COUNTS_MIN = -8_388_608;

const storesWhatIsWritten = (register: number): boolean =>
  register <= N.NAU_GCAL2_B0 ||
  register === N.NAU_I2C_CONTROL ||
  register === N.NAU_ADC ||
  register === N.NAU_PGA ||
  register === N.NAU_POWER;

export class Nau7802Chip {
  /** Registers that were used but are not modelled, each once. */
  readonly unmodelled: number[] = [];
  private readonly countsAt: (atUs: number) => number;
  private readonly registers = new Uint8Array(32);
  private answer: CellAnswer = 'ok';
  private poweredAtUs = 0;
  /** Start of the running conversions; NaN while there are none. */
  private startedAtUs = NaN;
  private readIndex = 0;
  private latched = 0;

  /** `countsAt` answers the bridge in converter counts at gain 128; asked for moments up to one conversion ago. */
  constructor(options: { countsAt: (atUs: number) => number }) {
    this.countsAt = options.countsAt;
    this.powerCycle();
  }

  powerCycle(): void {
    this.registers.fill(0);
    this.registers[N.NAU_REVISION] = N.REVISION_NIBBLE;
    this.startedAtUs = NaN;
    this.readIndex = 0;
    this.latched = 0;
  }

  /** stuck: converts on, but the data register keeps its value. */
  setAnswer(mode: CellAnswer): void {
    this.answer = mode;
  }

  /** Register byte, then data for it and those after it. Returns 0, or 1 when nobody acknowledged. */
  write(atUs: number, bytes: Uint8Array, length: number): 0 | 1 {
    if (this.answer === 'missing') return NOT_ACKNOWLEDGED;
    let register = bytes[0] as number;
    for (let i = 1; i < length; i++) this.writeByte(atUs, register++, bytes[i] as number);
    return ACKNOWLEDGED;
  }

  readRegister(atUs: number, register: number, into: Uint8Array, length: number): 0 | 1 {
    if (this.answer === 'missing') return NOT_ACKNOWLEDGED;
    for (let i = 0; i < length; i++) into[i] = this.readByte(atUs, register + i);
    return ACKNOWLEDGED;
  }

  private writeByte(atUs: number, register: number, value: number): void {
    if (register === N.NAU_PU_CTRL) this.power(atUs, value);
    else if (storesWhatIsWritten(register)) {
      const rateBefore = this.rateHz;
      this.registers[register] = value;
      if (register === N.NAU_CTRL2 && (this.rateHz !== rateBefore || value & N.CTRL2_CALIBRATE)) this.begin(atUs);
      if (register === N.NAU_CTRL2 && value & (N.CTRL2_CALIBRATE | N.CTRL2_CHANNEL_2)) this.report(register);
    } else this.report(register);
  }

  private power(atUs: number, value: number): void {
    const before = this.stored(N.NAU_PU_CTRL);
    if (value & N.PU_REGISTER_RESET) this.powerCycle();
    const written = N.PU_REGISTER_RESET | N.PU_DIGITAL | N.PU_ANALOG | N.PU_CYCLE_START | N.PU_AVDD_INTERNAL;
    this.registers[N.NAU_PU_CTRL] = value & written;
    if (value & N.PU_DIGITAL && !(before & N.PU_DIGITAL && !(before & N.PU_REGISTER_RESET))) this.poweredAtUs = atUs;
    const on = N.PU_DIGITAL | N.PU_ANALOG | N.PU_CYCLE_START;
    if ((value & on) !== on || value & N.PU_REGISTER_RESET) this.startedAtUs = NaN;
    else if ((before & on) !== on) this.begin(atUs);
  }

  private begin(atUs: number): void {
    if ((this.stored(N.NAU_PU_CTRL) & N.PU_CYCLE_START) === 0) return;
    this.startedAtUs = Math.max(atUs, this.poweredAtUs + READY_AFTER_US);
    this.readIndex = SETTLING_CONVERSIONS - 1;
  }

  private get rateHz(): number {
    return RATE_HZ[(this.stored(N.NAU_CTRL2) & N.CTRL2_RATE_MASK) >> N.CTRL2_RATE_SHIFT] as number;
  }

  /** Number of conversions complete at `atUs` since the start. */
  private completed(atUs: number): number {
    return Number.isNaN(this.startedAtUs) ? 0 : Math.max(0, Math.floor(((atUs - this.startedAtUs) * this.rateHz) / 1e6));
  }

  private readByte(atUs: number, register: number): number {
    if (register === N.NAU_PU_CTRL) return this.powerState(atUs);
    if (register === N.NAU_ADCO_B2) this.latch(atUs);
    if (register >= N.NAU_ADCO_B2 && register <= N.NAU_ADCO_B0) return (this.latched >> (8 * (N.NAU_ADCO_B0 - register))) & 0xff;
    if (!storesWhatIsWritten(register) && register !== N.NAU_REVISION) this.report(register);
    return this.stored(register);
  }

  private powerState(atUs: number): number {
    let state = this.stored(N.NAU_PU_CTRL);
    const up = state & N.PU_DIGITAL && !(state & N.PU_REGISTER_RESET);
    if (up && atUs >= this.poweredAtUs + READY_AFTER_US) state |= N.PU_READY;
    if (this.completed(atUs) > this.readIndex) state |= N.PU_CYCLE_READY;
    return state;
  }

  /** Reading the top byte takes the newest conversion and clears CR. */
  private latch(atUs: number): void {
    const index = this.completed(atUs);
    if (index <= this.readIndex) return;
    this.readIndex = index;
    if (this.answer === 'stuck') return;
    const gain = 1 << (this.stored(N.NAU_CTRL1) & N.CTRL1_GAIN_MASK);
    const counts = Math.round((this.countsAt(this.startedAtUs + (index * 1e6) / this.rateHz) * gain) / 128);
    this.latched = Math.max(COUNTS_MIN, Math.min(COUNTS_MAX, counts));
  }

  private stored(register: number): number {
    return this.registers[register & 31] as number;
  }

  private report(register: number): void {
    if (!this.unmodelled.includes(register)) this.unmodelled.push(register);
  }
}
