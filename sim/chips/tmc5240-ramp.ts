// The ramp generator of the TMC5240 as its registers show it: whole microsteps, velocity renewed every 512 clocks, events latched.
// Has the motion laid out anew (tmc5240-planner.ts) when something changes. Positions are commanded, not the rotor's. Runs in the simulator.
// Source: TMC5240 datasheet Rev 1, RAMP_STAT; chapter ramp generator.
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
import type { MotionPlan } from './tmc5240-plan.ts';
import { RampPlanner, STEP_NOISE } from './tmc5240-planner.ts';

const EVENTS = RAMP_EVENT_POS_REACHED | RAMP_SECOND_MOVE | RAMP_EVENT_STOP_L | RAMP_EVENT_STOP_R;

export class Ramp {
  readonly planner = new RampPlanner();
  readonly plan: MotionPlan = this.planner.plan;
  /** Latched RAMP_STAT events; the chip clears them. */
  events = RAMP_EVENT_POS_REACHED;
  planCount = 0;
  // As of the last sample(): whole microsteps as they are counted, velocity on the 512-clock grid.
  xactual = 0;
  velocity = 0;
  acceleration = 0;
  waiting = false;
  /** Since when the ramp stands; meaningful while it does. */
  restSinceUs = -Infinity;
  private readonly tickUs: number;
  private cursor = 0;
  private reached = true;

  constructor(tickUs: number) {
    this.tickUs = tickUs;
    this.plan.add(0, 0, 0, 0, 0);
  }

  /** Follows the plan to `atUs`: latches what happened on the way and samples what the registers show. */
  sample(atUs: number): void {
    const plan = this.plan;
    while (this.cursor + 1 < plan.count && atUs >= (plan.startsUs[this.cursor + 1] as number)) {
      this.cursor++;
      this.events |= (plan.flags[this.cursor] as number) & EVENTS;
      if (plan.rests(this.cursor) && !plan.rests(this.cursor - 1)) this.restSinceUs = plan.startsUs[this.cursor] as number;
    }
    const i = this.cursor;
    const v = plan.v[i] as number;
    const a = plan.a[i] as number;
    const t = Math.max(0, atUs - (plan.startsUs[i] as number));
    this.xactual = Math.floor((v === 0 && a === 0 ? 0 : (v + 0.5 * a * t) * t) + (plan.x[i] as number) + STEP_NOISE);
    this.velocity = a === 0 ? v : v + a * Math.floor(t / this.tickUs) * this.tickUs;
    this.acceleration = a;
    this.waiting = ((plan.flags[i] as number) & RAMP_T_ZEROWAIT_ACTIVE) !== 0;
    const reached = this.xactual === this.planner.target;
    if (reached && !this.reached) this.events |= RAMP_EVENT_POS_REACHED;
    this.reached = reached;
  }

  /** A parameter or a stop condition has changed. */
  replan(atUs: number): void {
    this.sample(atUs);
    this.layOut(atUs, this.plan.positionAt(atUs), this.plan.velocityAt(atUs));
  }

  /** XACTUAL is overwritten: the counter jumps, the velocity stays. */
  place(atUs: number, steps: number): void {
    this.sample(atUs);
    this.layOut(atUs, steps, this.plan.velocityAt(atUs));
  }

  /** Standing at 0 with the events of power-on; the parameters are the caller's to reset before. */
  reset(atUs: number): void {
    this.waiting = false;
    this.layOut(atUs, 0, 0);
    this.events = RAMP_EVENT_POS_REACHED;
    this.reached = true;
    this.restSinceUs = -Infinity;
  }

  private layOut(atUs: number, x: number, v: number): void {
    const i = this.plan.find(atUs);
    const waitUs = this.waiting ? Math.max(0, this.plan.endsUs(i) - atUs) : 0;
    if (!this.plan.rests(i)) this.restSinceUs = atUs;
    this.refreshStopEvents(x, v);
    this.planner.layOut(atUs, x, v, waitUs);
    this.planCount++;
    this.cursor = 0;
    this.events |= (this.plan.flags[0] as number) & EVENTS;
    this.sample(atUs);
  }

  /** event_stop_l/r are live: gone with hold mode, with an order the other way, or with the condition itself. */
  private refreshStopEvents(x: number, v: number): void {
    const mode = this.planner.mode;
    const velocityMode = mode === RAMPMODE_VELOCITY_NEGATIVE ? -1 : 1;
    const wanted = mode === RAMPMODE_POSITION ? Math.sign(this.planner.target - x) : velocityMode;
    this.refreshStopEvent(RAMP_EVENT_STOP_R, 1, wanted, x, v);
    this.refreshStopEvent(RAMP_EVENT_STOP_L, -1, wanted, x, v);
  }

  private refreshStopEvent(event: number, direction: number, wanted: number, x: number, v: number): void {
    const towards = v * direction > 0;
    const gone = this.planner.mode === RAMPMODE_HOLD || !this.planner.blocked(direction, x) || (wanted === -direction && !towards);
    if (gone) this.events &= ~event;
    else if (wanted === direction || towards) this.events |= event;
  }
}
