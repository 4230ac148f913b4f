// Lays out the motion of the TMC5240's ramp generator as a MotionPlan, in closed form, from the parameters, the target and the
// stop conditions in force. Knows no register addresses, no driver stage, no rotor: positions are commanded. Runs in the simulator.
// Source: TMC5240 datasheet Rev 1, chapters ramp generator and reference switches.
import {
  RAMP_EVENT_POS_REACHED,
  RAMP_EVENT_STOP_L,
  RAMP_EVENT_STOP_R,
  RAMP_SECOND_MOVE,
  RAMP_T_ZEROWAIT_ACTIVE,
  RAMPMODE_HOLD,
  RAMPMODE_POSITION,
  RAMPMODE_VELOCITY_NEGATIVE,
} from '../../hal/drivers/tmc5240-registers.ts';
import { MotionPlan, timeToTravel } from './tmc5240-plan.ts';
import { peakDown, peakUp, SpeedZones, stoppingDistance } from './tmc5240-zones.ts';

/** Chosen: rounding of doubles; a braking way this much too long still lands. */
const LANDING_NOISE_STEPS = 1e-3;
/** Chosen: a position this little below a whole microstep is that microstep. */
export const STEP_NOISE = 1e-6;

/** Parameters in µsteps and µs. Whoever changes one has the motion laid out anew from that moment on. */
export class RampPlanner {
  mode = RAMPMODE_POSITION;
  target = 0;
  vstart = 0;
  vmax = 0;
  vstop = 0;
  /** AMAX: the one rate of the velocity modes. */
  amax = 0;
  readonly up = new SpeedZones();
  readonly down = new SpeedZones();
  zeroWaitUs = 0;
  /** D1 = 0 or VSTOP = 0, both forbidden in position mode. Chosen: the ramp ends one microstep short and never arrives. */
  neverArrives = false;
  softStop = false;
  stopLeft = false;
  stopRight = false;
  /** A StallGuard stop is latched. */
  stalled = false;
  /** Virtual stops; infinite when off. */
  virtualLeft = -Infinity;
  virtualRight = Infinity;

  /** What was laid out last. The flags of a segment are RAMP_STAT bits: events that happen as it begins, and t_zerowait_active. */
  readonly plan = new MotionPlan();
  private readonly peak = { speed: 0, restSteps: 0 };
  // The head of the plan while it is laid out.
  private atUs = 0;
  private x = 0;
  private v = 0;
  private pendingWaitUs = 0;
  private pendingFlags = 0;
  private ended = false;

  /** From position `x` and velocity `v` at `atUs`; `waitUs` is what is left of TZEROWAIT when standing. */
  layOut(atUs: number, x: number, v: number, waitUs: number): void {
    this.open(atUs, x, v, waitUs);
    if (this.stalled && v !== 0) this.standstill();
    while (!this.ended) {
      if (this.v !== 0 && this.blocked(Math.sign(this.v), this.x)) this.stopAtSwitch();
      else this.phase();
    }
  }

  private open(atUs: number, x: number, v: number, waitUs: number): void {
    this.plan.clear();
    this.atUs = atUs;
    this.x = x;
    this.v = v;
    this.pendingWaitUs = waitUs;
    this.pendingFlags = 0;
    this.ended = false;
  }

  /** Whether a switch, or a virtual stop as seen from `x`, forbids this direction. */
  blocked(direction: number, x: number): boolean {
    return direction > 0 ? this.stopRight || x >= this.virtualRight : this.stopLeft || x <= this.virtualLeft;
  }

  /** One phase up to the next standstill, or to the end of the plan. */
  private phase(): void {
    if (this.stalled) this.rest();
    else if (this.mode === RAMPMODE_POSITION) this.position();
    else if (this.mode !== RAMPMODE_HOLD) this.run(this.mode === RAMPMODE_VELOCITY_NEGATIVE ? -1 : 1);
    else if (this.v === 0) this.rest();
    else this.cruise(Infinity);
  }

  private position(): void {
    if (this.v === 0) this.depart();
    else this.proceed();
  }

  /** Position mode, from rest. */
  private depart(): void {
    const way = this.target - this.x;
    const direction = Math.sign(way);
    const cap = Math.max(this.vmax, this.vstart);
    const steps = Math.abs(way) - (this.neverArrives ? 1 : 0);
    // From rest the first jump never exceeds what can still be stopped.
    const canStop = stoppingDistance(this.down, this.vstop, this.vstart) <= steps;
    const first = canStop ? this.vstart : Math.min(this.vstart, this.vstop);
    if (steps <= 0 || this.blocked(direction, this.x) || cap === 0 || (first === 0 && this.up.above(0) === 0)) {
      this.rest();
      return;
    }
    this.wait();
    this.approach(direction, first, steps, cap);
  }

  /** Position mode, in motion: on to the target, or brake first because it lies behind or too near. */
  private proceed(): void {
    const direction = Math.sign(this.v);
    const speed = Math.abs(this.v);
    const cap = Math.max(this.vmax, this.vstart);
    const steps = (this.target - this.x) * direction - (this.neverArrives ? 1 : 0);
    const slack = steps - stoppingDistance(this.down, this.vstop, speed);
    if (steps > 0 && slack >= -LANDING_NOISE_STEPS) {
      this.approach(direction, speed, steps, cap);
    } else if (cap === 0) {
      if (this.slew(this.up, direction, 0)) this.finish();
    } else if (this.slew(this.down, direction, Math.min(speed, this.vstop))) {
      this.pendingFlags |= RAMP_SECOND_MOVE;
      this.standstill();
    }
  }

  /** Accelerates, cruises and brakes so as to land `steps` ahead. */
  private approach(direction: number, speed: number, steps: number, cap: number): void {
    const landing = this.x + direction * steps;
    const slack = Math.max(0, steps - stoppingDistance(this.down, this.vstop, speed));
    (speed > cap ? peakDown : peakUp)(this.up, this.down, this.vstop, speed, cap, slack, this.peak);
    const top = this.peak.speed;
    const cruise = this.peak.restSteps;
    this.v = direction * speed;
    if (!this.slew(this.up, direction, top)) return;
    if (top === 0) {
      this.finish();
      return;
    }
    if (cruise > STEP_NOISE && !this.cruise(cruise)) return;
    if (!this.slew(this.down, direction, Math.min(top, this.vstop))) return;
    this.x = landing;
    if (this.neverArrives) this.finish();
    else this.standstill();
  }

  /** Velocity modes: AMAX only. */
  private run(direction: number): void {
    const forward = this.v * direction;
    if (forward === 0 && (this.vmax === 0 || this.amax === 0 || this.blocked(direction, this.x))) {
      this.rest();
    } else if (this.amax === 0) {
      this.cruise(Infinity);
    } else if (forward < 0) {
      if (this.accelerate(-direction, 0, this.amax)) this.standstill();
    } else {
      this.wait();
      if (!this.accelerate(direction, this.vmax, this.amax)) return;
      if (this.vmax === 0) this.finish();
      else this.cruise(Infinity);
    }
  }

  /** A stop condition holds for the present direction: v := 0 at once, or by the D ramp, which no further stop cuts. */
  private stopAtSwitch(): void {
    const direction = Math.sign(this.v);
    this.pendingFlags |= direction > 0 ? RAMP_EVENT_STOP_R : RAMP_EVENT_STOP_L;
    let speed = Math.abs(this.v);
    while (this.softStop && speed > this.vstop && !this.ended) {
      const end = Math.max(this.vstop, this.down.floor(speed));
      const rate = this.down.below(speed);
      this.store(-direction * rate, (speed - end) / rate);
      this.v = direction * end;
      speed = end;
    }
    if (!this.ended) this.standstill();
  }

  // The primitives below answer false when the motion did not come to its end: a stop cut it, or it goes on for ever.

  /** Through the zones to another speed in the same direction. */
  private slew(zones: SpeedZones, direction: number, to: number): boolean {
    let speed = Math.abs(this.v);
    while (speed !== to) {
      const rising = to > speed;
      const end = rising ? Math.min(to, zones.ceiling(speed)) : Math.max(to, zones.floor(speed));
      const rate = rising ? zones.above(speed) : zones.below(speed);
      if (rate === 0) return this.cruise(Infinity);
      if (!this.accelerate(direction, end, rate)) return false;
      speed = end;
    }
    return true;
  }

  private accelerate(direction: number, to: number, rate: number): boolean {
    const change = to - Math.abs(this.v);
    if (change === 0) return true;
    if (!this.move(direction, direction * Math.sign(change) * rate, Math.abs(change) / rate)) return false;
    this.v = direction * to;
    return true;
  }

  private cruise(steps: number): boolean {
    return this.move(Math.sign(this.v), 0, steps / Math.abs(this.v));
  }

  /** One acceleration for so long, split where it passes the target and cut where it meets a virtual stop. */
  private move(direction: number, a: number, durationUs: number): boolean {
    let left = durationUs;
    for (;;) {
      const length = left === Infinity ? Infinity : (this.v + 0.5 * a * left) * left * direction;
      const limit = direction > 0 ? this.virtualRight : this.virtualLeft;
      const toLimit = (limit - this.x) * direction;
      const toTarget = (this.target - this.x) * direction;
      const passes = toTarget > STEP_NOISE && toTarget < length - STEP_NOISE && toTarget < toLimit;
      const meets = toLimit > 0 && toLimit !== Infinity && toLimit <= length;
      if (!passes && !meets) {
        this.store(a, left);
        return left !== Infinity;
      }
      const t = timeToTravel(passes ? toTarget : toLimit, this.v * direction, a * direction);
      this.store(a, t);
      this.v += a * t;
      this.x = passes ? this.target : limit;
      left -= t;
      if (passes) {
        this.pendingFlags |= RAMP_EVENT_POS_REACHED;
      } else {
        this.stopAtSwitch();
        return false;
      }
    }
  }

  private store(a: number, durationUs: number): void {
    this.plan.add(this.atUs, this.x, this.v, a, this.pendingFlags);
    this.pendingFlags = 0;
    this.ended = durationUs === Infinity;
    if (this.ended) return;
    this.x += (this.v + 0.5 * a * durationUs) * durationUs;
    this.atUs += durationUs;
  }

  /** Velocity 0 at a whole microstep, then TZEROWAIT. */
  private standstill(): void {
    this.x = Math.floor(this.x + STEP_NOISE);
    this.v = 0;
    this.pendingWaitUs = this.zeroWaitUs;
    this.wait();
  }

  private wait(): void {
    if (this.pendingWaitUs <= 0) return;
    this.plan.add(this.atUs, this.x, 0, 0, RAMP_T_ZEROWAIT_ACTIVE | this.pendingFlags);
    this.pendingFlags = 0;
    this.atUs += this.pendingWaitUs;
    this.pendingWaitUs = 0;
  }

  private finish(): void {
    this.standstill();
    this.rest();
  }

  private rest(): void {
    this.wait();
    this.x = Math.floor(this.x + STEP_NOISE);
    this.plan.add(this.atUs, this.x, 0, 0, this.pendingFlags);
    this.ended = true;
  }
}
