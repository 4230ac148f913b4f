// The TMC5240 at register level: datagrams in, replies out, and the motion of its ramp generator for the world to read in closed
// form. Not the rotor: what is commanded here may be lost there. Runs in the simulator.
// Source: TMC5240 datasheet 19-101625 Rev 1 (4/24), SPI datagrams.
import * as R from '../../hal/drivers/tmc5240-registers.ts';
import type { DriverFault } from './tmc5240-power.ts';
import { readRegister, spiStatus } from './tmc5240-reads.ts';
import { ChipState } from './tmc5240-state.ts';
import { refreshSwitches, writeRegister } from './tmc5240-writes.ts';

export type Answer = 'ok' | 'stuck-0' | 'stuck-1' | 'missing';

export class Tmc5240Chip {
  /** Registers that were used but are not modelled, each once; they answer 0. */
  readonly unmodelled: number[];
  private readonly state: ChipState;
  private answer: Answer = 'ok';
  private flip = -1;
  // The pipeline: what the next datagram will bring.
  private replyWord = 0;
  private replyStatus = 0;

  constructor(options: { fclkHz?: number } = {}) {
    this.state = new ChipState(options.fclkHz ?? 12_500_000);
    this.unmodelled = this.state.unmodelled;
    this.powerCycle(0);
  }

  /** One datagram of exactly 5 bytes: address and data in; status, and the data of the datagram before, out in its place. */
  transfer(atUs: number, buffer: Uint8Array): void {
    if (this.answer === 'missing') {
      // Source: RP2040 datasheet, pads: the pull-down is on after reset, so a line that nobody drives reads 0.
      buffer.fill(0);
      return;
    }
    const { state } = this;
    const head = buffer[0] as number;
    const data = ((buffer[1] as number) << 24) | ((buffer[2] as number) << 16) | ((buffer[3] as number) << 8) | (buffer[4] as number);
    const reply = this.replyWord;
    buffer[0] = this.replyStatus;
    buffer[1] = reply >>> 24;
    buffer[2] = reply >>> 16;
    buffer[3] = reply >>> 8;
    buffer[4] = reply;
    state.ramp.sample(atUs);
    if (head >= R.WRITE) {
      writeRegister(state, atUs, head & 0x7f, data);
      this.replyWord = data;
    } else {
      this.replyWord = readRegister(state, atUs, head);
    }
    const deviation = state.registers[R.REG_ENC_DEVIATION] as number;
    if (deviation !== 0) state.encoder.check(atUs, state.ramp.xactual, deviation);
    this.replyStatus = spiStatus(state, atUs);
    if (this.answer !== 'ok') buffer.fill(this.answer === 'stuck-1' ? 0xff : 0);
    if (this.flip >= 0) this.flipBit(buffer);
  }

  /** What the next datagram will be answered, into `reply` of 5 bytes: on the wire it goes out while that one comes in. Changes nothing. */
  preview(reply: Uint8Array): void {
    if (this.answer !== 'ok') {
      reply.fill(this.answer === 'stuck-1' ? 0xff : 0);
      return;
    }
    reply[0] = this.replyStatus;
    for (let i = 1; i < 5; i++) reply[i] = this.replyWord >>> (32 - 8 * i);
    if (this.flip < 0) return;
    const index = this.flip >> 3;
    reply[index] = (reply[index] as number) ^ (0x80 >> (this.flip & 7));
  }

  // Motion as the world sees it: microsteps given to the coils since power-on, untouched by writes to XACTUAL, reversed by `shaft`.
  // Pure reads, good from the last access until the next.

  positionAt(atUs: number): number {
    return this.state.coilsAt(atUs);
  }

  /** µsteps/s. */
  velocityAt(atUs: number): number {
    return this.state.direction * this.state.ramp.plan.velocityAt(atUs) * 1e6;
  }

  /** µsteps/s² of the segment that covers `atUs`. */
  accelerationAt(atUs: number): number {
    return this.state.direction * (this.state.ramp.plan.a[this.state.ramp.plan.find(atUs)] as number) * 1e12;
  }

  /** End of the segment of constant acceleration that covers `atUs`; Infinity at rest for good or at speed for good. */
  segmentEndsAtUs(atUs: number): number {
    return this.state.ramp.plan.endsUs(this.state.ramp.plan.find(atUs));
  }

  /** First moment in (fromUs, toUs] at which the position meets or has passed `steps`, else Infinity. */
  crossesAtUs(steps: number, fromUs: number, toUs: number): number {
    return this.state.ramp.plan.crossesAtUs(this.state.rampOf(steps), fromUs, toUs);
  }

  /** Goes up whenever the motion is laid out anew: anything computed from the reads above is stale then. */
  get planCount(): number {
    return this.state.ramp.planCount;
  }

  get driving(): boolean {
    return this.state.power.driving;
  }

  get encoderCounts(): (atUs: number) => number {
    return this.state.encoder.counts;
  }

  set encoderCounts(counts: (atUs: number) => number) {
    this.state.encoder.counts = counts;
  }

  // Pins and mishaps, worked by the world.

  setReferenceLeft(atUs: number, level: 0 | 1): void {
    if (this.state.switches.pinLeft === level) return;
    this.state.switches.pinLeft = level;
    refreshSwitches(this.state, atUs);
  }

  setReferenceRight(atUs: number, level: 0 | 1): void {
    if (this.state.switches.pinRight === level) return;
    this.state.switches.pinRight = level;
    refreshSwitches(this.state, atUs);
  }

  setEnableN(atUs: number, level: 0 | 1): void {
    this.state.ramp.sample(atUs);
    this.state.power.setEnableN(level);
  }

  /** The StallGuard value has fallen to 0: with sg_stop set the ramp stands until the event is cleared. */
  stall(atUs: number): void {
    if (((this.state.registers[R.REG_SW_MODE] as number) & R.SW_SG_STOP) === 0) return;
    this.state.ramp.events |= R.RAMP_EVENT_STOP_SG;
    this.state.ramp.planner.stalled = true;
    this.state.ramp.replan(atUs);
  }

  /** Source of SG_RESULT, 0 to 1023, 0 = highest load; without one it reads 0. */
  setLoad(load: (atUs: number) => number): void {
    this.state.load = load;
  }

  /** The supply dips: every register back to its reset value, XACTUAL 0, bridges off. The rotor stays where it is. */
  brownOut(atUs: number): void {
    this.state.reset(atUs);
    this.replyWord = 0;
    this.replyStatus = spiStatus(this.state, atUs);
  }

  powerCycle(atUs: number): void {
    this.flip = -1;
    this.brownOut(atUs);
  }

  setSupplyMv(mv: number): void {
    this.state.power.setSupplyMv(mv);
  }

  setFault(name: DriverFault, on: boolean): void {
    this.state.power.setFault(name, on);
  }

  /** stuck: MISO only, datagrams still act. missing: nothing arrives either. */
  setAnswer(mode: Answer): void {
    this.answer = mode;
  }

  /** Inverts one bit of the next reply; 0 is the first on the wire (status bit 7), 39 the last. */
  flipNextBit(bitIndex: number): void {
    this.flip = bitIndex;
  }

  private flipBit(buffer: Uint8Array): void {
    const index = this.flip >> 3;
    buffer[index] = (buffer[index] as number) ^ (0x80 >> (this.flip & 7));
    this.flip = -1;
  }
}
