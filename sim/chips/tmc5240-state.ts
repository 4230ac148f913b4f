// Everything one TMC5240 model holds: registers, ramp, power stage, switches, encoder, and how XACTUAL maps to the rotor's side.
// Decides nothing: tmc5240-writes.ts and tmc5240-reads.ts do. Runs in the simulator. Source: TMC5240 datasheet Rev 1.
import * as R from '../../hal/drivers/tmc5240-registers.ts';
import { EncoderUnit } from './tmc5240-encoder.ts';
import { RESET } from './tmc5240-map.ts';
import { PowerStage } from './tmc5240-power.ts';
import { Ramp } from './tmc5240-ramp.ts';
import { ReferenceSwitches } from './tmc5240-switches.ts';

export class ChipState {
  readonly registers = new Int32Array(128);
  readonly power = new PowerStage();
  readonly switches = new ReferenceSwitches();
  readonly encoder = new EncoderUnit();
  readonly ramp: Ramp;
  readonly unmodelled: number[] = [];
  /** SG_RESULT, 0 to 1023, 0 = highest load; without a source it reads 0. */
  load: ((atUs: number) => number) | null = null;
  readonly clocksPerUs: number;
  /** V counts per µstep/µs, A counts per µstep/µs². */
  readonly velocityUnits: number;
  readonly accelerationUnits: number;
  private readonly tickUs: number;
  // Steps given to the coils = sign · ramp position + offset: writing XACTUAL moves the offset, never the rotor.
  private coilSign = 1;
  private coilOffset = 0;

  constructor(fclkHz: number) {
    this.clocksPerUs = fclkHz / 1e6;
    this.velocityUnits = R.VELOCITY_SCALE / this.clocksPerUs;
    this.accelerationUnits = R.ACCELERATION_SCALE / (this.clocksPerUs * this.clocksPerUs);
    this.tickUs = R.RAMP_TICK_CLOCKS / this.clocksPerUs;
    this.ramp = new Ramp(this.tickUs);
  }

  note(address: number): void {
    if (!this.unmodelled.includes(address)) this.unmodelled.push(address);
  }

  coilsOf(rampSteps: number): number {
    return this.coilSign * rampSteps + this.coilOffset;
  }

  rampOf(coilSteps: number): number {
    return (coilSteps - this.coilOffset) * this.coilSign;
  }

  get direction(): number {
    return this.coilSign;
  }

  coilsAt(atUs: number): number {
    return this.coilsOf(this.ramp.plan.positionAt(atUs));
  }

  /** XACTUAL written: the counter jumps under a rotor that does not. */
  place(atUs: number, steps: number): void {
    const rotor = this.coilsAt(atUs);
    this.ramp.place(atUs, steps);
    this.coilOffset = rotor - this.coilSign * steps;
  }

  /** The shaft bit: same counter, other way round. */
  setDirection(atUs: number, sign: number): void {
    if (sign === this.coilSign) return;
    const rotor = this.coilsAt(atUs);
    this.coilSign = sign;
    this.coilOffset = rotor - sign * this.ramp.plan.positionAt(atUs);
    this.ramp.planCount++;
  }

  reset(atUs: number): void {
    const rotor = this.coilsAt(atUs);
    this.registers.set(RESET);
    this.power.reset();
    this.encoder.reset(atUs);
    this.switches.update(0);
    this.switches.latches = 0;
    this.ramp.planner.stalled = false;
    this.ramp.planner.stopLeft = false;
    this.ramp.planner.stopRight = false;
    this.loadParameters();
    this.ramp.reset(atUs);
    this.coilSign = 1;
    this.coilOffset = rotor;
  }

  /** Hands the registers over to the planner in µsteps and µs. */
  loadParameters(): void {
    const r = this.registers;
    const planner = this.ramp.planner;
    const v = 1 / this.velocityUnits;
    const a = 1 / this.accelerationUnits;
    const mode = r[R.REG_SW_MODE] as number;
    planner.mode = r[R.REG_RAMPMODE] as number;
    planner.target = r[R.REG_XTARGET] as number;
    planner.vstart = (r[R.REG_VSTART] as number) * v;
    planner.vmax = Math.min(r[R.REG_VMAX] as number, R.VELOCITY_MAX) * v;
    planner.vstop = (r[R.REG_VSTOP] as number) * v;
    planner.amax = (r[R.REG_AMAX] as number) * a;
    planner.up.setBounds((r[R.REG_V1] as number) * v, (r[R.REG_V2] as number) * v);
    planner.down.setBounds((r[R.REG_V1] as number) * v, (r[R.REG_V2] as number) * v);
    planner.up.rates[0] = (r[R.REG_A1] as number) * a;
    planner.up.rates[1] = (r[R.REG_A2] as number) * a;
    planner.up.rates[2] = (r[R.REG_AMAX] as number) * a;
    const d1 = r[R.REG_D1] as number;
    const d2 = r[R.REG_D2] as number;
    const dmax = r[R.REG_DMAX] as number;
    planner.down.rates[0] = (d1 !== 0 ? d1 : d2 !== 0 ? d2 : dmax) * a;
    planner.down.rates[1] = d2 * a;
    planner.down.rates[2] = dmax * a;
    planner.neverArrives = d1 === 0 || r[R.REG_VSTOP] === 0;
    planner.zeroWaitUs = (r[R.REG_TZEROWAIT] as number) * this.tickUs;
    planner.softStop = (mode & R.SW_EN_SOFTSTOP) !== 0;
    planner.virtualLeft = (mode & R.SW_EN_VIRTUAL_STOP_L) !== 0 ? (r[R.REG_VIRTUAL_STOP_L] as number) : -Infinity;
    planner.virtualRight = (mode & R.SW_EN_VIRTUAL_STOP_R) !== 0 ? (r[R.REG_VIRTUAL_STOP_R] as number) : Infinity;
  }
}
