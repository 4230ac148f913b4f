// The person who holds the gun: sees the lamp, feels the needle, moves from mark to mark, presses ring, trigger and OK.
// The only part that knows the planned points; of the gun it knows its lamp and what a hand feels. Seeded delays. Simulator only.
import * as LAMP from '../firmware/panel/lamps.ts';
import type { VirtualClock } from './clock.ts';
import { PanelUser, pressKey, type PanelHands } from './operator-panel.ts';
import type { WorldSetup } from './setup.ts';
import { HALT_FOR_US, Skill } from './skill.ts';

/** What a person can do to the gun. Implemented by the world. */
export interface Hands extends PanelHands {
  clipCap(): void;
  removeCap(): void;
  setTrigger(level: 0 | 1): void;
  /** Goes in a straight line to a place on the skin, to be there at `untilUs`. */
  moveTo(xUm: number, yUm: number, untilUs: number): void;
  /** Ring force that the hand aims at; 0 lifts the gun. */
  press(newtons: number, forUs: number): void;
  changeSyringe(): void;
  readonly capOn: boolean;
  readonly ringDown: boolean;
  readonly xUm: number;
  readonly yUm: number;
  /** The needle has been felt to enter and has not been felt home yet. */
  readonly needleOut: boolean;
}

/** Force while the ring glides. Chosen: what keeps the ring switch closed with a margin for tremor. */
const GLIDE_SHARE = 0.7;
const PRESS_FOR_US = 80_000;
const LIFT_FOR_US = 60_000;
/** In trigger mode a click that brings no prick is repeated after this time, at most this often. */
const RETRY_AFTER_US = 2_500_000;
const RETRIES_MOST = 3;
/** A hold is confirmed at most this often without a prick in between; then the person gives up and waits. */
const CONFIRMS_MOST = 5;
/** In travel mode a hand that has arrived without a prick creeps on by this much. */
const CREEP_UM = 300;
const CREEP_EVERY_US = 200_000;
const CREEPS_MOST = 15;

export class Operator {
  /** Index of the mark that is next or under the ring. */
  pointIndex = 0;
  /** Pricks felt at this mark already: the mark is done. */
  private doneHere = false;
  private lamp: number = LAMP.LAMP_OFF;
  private readonly clock: VirtualClock;
  private readonly hands: Hands;
  private readonly setup: WorldSetup;
  private readonly skill: Skill;
  private readonly panel: PanelUser | null;
  private plan = 0;
  private reaction = 0;
  private triggerHeld = false;
  private retries = 0;
  private confirms = 0;
  private creeps = 0;
  private insertedAtUs = 0;
  private halting = 0;
  private absent: boolean;

  constructor(clock: VirtualClock, hands: Hands, setup: WorldSetup) {
    this.clock = clock;
    this.hands = hands;
    this.setup = setup;
    this.skill = new Skill(setup);
    const { programme } = setup.operator;
    this.panel = programme === undefined ? null : new PanelUser(clock, hands, this.skill, programme);
    this.absent = !setup.operator.present;
  }

  /** The lamp changed: after a reaction time the person does what the colour asks for. */
  sees(rgb: number): void {
    const from = this.lamp;
    this.lamp = rgb;
    if (this.absent) return;
    this.panel?.sees(rgb);
    if (this.reaction) this.clock.cancel(this.reaction);
    this.reaction = this.after(1000 * this.skill.reactionMs(), () => {
      this.reaction = 0;
      this.act(rgb, from);
    });
  }

  /** The needle was felt to leave its home. */
  feelsNeedleGo(): void {
    this.insertedAtUs = this.clock.nowUs;
    this.retries = 0;
    this.confirms = 0;
    this.creeps = 0;
    this.forget();
    // Travel mode pricks in mid-glide: who feels it stops, and goes on when the needle is out.
    if (this.setup.technique.permit !== 'travel') return;
    this.halting = this.after(1000 * this.skill.feltMs(), () => {
      this.hands.moveTo(this.hands.xUm, this.hands.yUm, this.clock.nowUs + HALT_FOR_US);
    });
  }

  /** The needle was felt to be out of the skin again. */
  feelsNeedleOut(): void {
    if (this.absent || this.lamp === LAMP.LAMP_HELD || this.lamp === LAMP.LAMP_FAULT) return;
    this.doneHere = true;
    if (this.pointIndex + 1 === this.setup.operator.leavesAtPrick) this.absent = true;
    else if (this.pointIndex + 1 < this.setup.points.length) this.toNextPoint();
  }

  private act(rgb: number, from: number): void {
    if (rgb === LAMP.LAMP_CAP_ON)
      this.soon(1200, () => {
        if (!this.hands.capOn) this.hands.clipCap();
      });
    else if (rgb === LAMP.LAMP_CAP_OFF)
      this.soon(900, () => {
        if (this.hands.capOn) this.hands.removeCap();
      });
    else if (rgb === LAMP.LAMP_PRIME) {
      // Needle up, ring free, and a fresh press.
      this.forget();
      this.trigger(0);
      if (this.hands.ringDown) this.hands.press(0, LIFT_FOR_US);
      this.soon(600, () => {
        this.trigger(1);
      });
    } else if (rgb === LAMP.LAMP_ARMED) this.begin(from);
    else if (rgb === LAMP.LAMP_TREATING) this.retries = 0;
    else if (rgb === LAMP.LAMP_HELD) this.resume();
    else if (rgb === LAMP.LAMP_SYRINGE) this.exchange();
    else this.leave();
  }

  /** Ring on the mark, then the trigger. On the way between two clicks the hand already knows what to do. */
  private begin(from: number): void {
    if (from === LAMP.LAMP_TREATING && this.plan) return;
    // Still held from priming: the gun wants a fresh press.
    if (from !== LAMP.LAMP_TREATING && this.triggerHeld && !this.setup.operator.neverReleases) this.trigger(0);
    this.settleOnMark(() => {
      if (!this.triggerHeld) this.trigger(1);
      this.watchForPrick();
    });
  }

  /** Goes to the mark if the hand is not there, presses, and does `then` when the force stands. */
  private settleOnMark(then: () => void): void {
    if (this.doneHere && this.pointIndex + 1 < this.setup.points.length) this.nextIndex();
    if (this.hands.ringDown) {
      this.next(50_000, then);
      return;
    }
    const point = this.setup.points[this.pointIndex] ?? [0, 0];
    this.hands.moveTo(
      this.skill.aimUm(point[0], 'aim-x', this.pointIndex),
      this.skill.aimUm(point[1], 'aim-y', this.pointIndex),
      this.clock.nowUs + 600_000,
    );
    this.next(600_000, () => {
      this.hands.press(this.skill.ringN(this.pointIndex), PRESS_FOR_US);
      this.next(PRESS_FOR_US + 300_000, then);
    });
  }

  /** In trigger mode: click again when no prick came. In the other modes the trigger stays held. */
  private watchForPrick(): void {
    if (this.setup.technique.permit !== 'trigger') return;
    this.next(RETRY_AFTER_US, () => {
      if (this.hands.needleOut || this.retries >= RETRIES_MOST) return;
      this.retries += 1;
      this.trigger(0);
      this.next(400_000, () => {
        this.trigger(1);
        this.watchForPrick();
      });
    });
  }

  private toNextPoint(): void {
    const nowUs = this.clock.nowUs;
    this.clock.cancel(this.halting);
    this.forget();
    this.nextIndex();
    const point = this.setup.points[this.pointIndex] ?? [0, 0];
    const xUm = this.skill.aimUm(point[0], 'aim-x', this.pointIndex);
    const yUm = this.skill.aimUm(point[1], 'aim-y', this.pointIndex);
    const distanceUm = Math.hypot(xUm - this.hands.xUm, yUm - this.hands.yUm);
    const forUs = (distanceUm / this.skill.glideUmPerS(distanceUm, nowUs, this.insertedAtUs)) * 1e6;
    const newtons = this.skill.ringN(this.pointIndex);
    if (this.setup.technique.permit === 'trigger') this.clickThere(xUm, yUm, forUs, newtons);
    else {
      this.hands.press(newtons * GLIDE_SHARE, Math.min(30_000, forUs / 4));
      this.hands.moveTo(xUm, yUm, nowUs + forUs);
      this.next(Math.max(forUs * 0.6, forUs - PRESS_FOR_US), () => {
        this.hands.press(newtons, Math.min(PRESS_FOR_US, forUs * 0.4));
        if (this.setup.technique.permit === 'travel')
          this.next(PRESS_FOR_US + CREEP_EVERY_US, () => {
            this.creep();
          });
      });
    }
  }

  private clickThere(xUm: number, yUm: number, forUs: number, newtons: number): void {
    this.next(150_000, () => {
      this.trigger(0);
      this.hands.press(newtons * GLIDE_SHARE, 50_000);
      this.hands.moveTo(xUm, yUm, this.clock.nowUs + forUs);
      this.next(forUs, () => {
        this.hands.press(newtons, PRESS_FOR_US);
        this.next(PRESS_FOR_US + 150_000, () => {
          this.trigger(1);
          this.watchForPrick();
        });
      });
    });
  }

  /** Travel mode: the wheel has not seen a whole spacing yet, the hand goes on a little. */
  private creep(): void {
    if (this.hands.needleOut || this.creeps >= CREEPS_MOST) return;
    this.creeps += 1;
    this.hands.moveTo(this.hands.xUm + CREEP_UM, this.hands.yUm, this.clock.nowUs + CREEP_EVERY_US / 2);
    this.next(CREEP_EVERY_US, () => {
      this.creep();
    });
  }

  /** After a hold: let go, put the ring back, confirm. */
  private resume(): void {
    this.forget();
    this.trigger(0);
    if (this.confirms >= CONFIRMS_MOST) return;
    this.confirms += 1;
    this.settleOnMark(() => {
      this.next(700_000, () => {
        this.confirm();
      });
    });
  }

  private exchange(): void {
    this.forget();
    this.trigger(0);
    this.hands.press(0, LIFT_FOR_US);
    this.soon(15_000, () => {
      this.hands.changeSyringe();
      this.soon(1500, () => {
        this.confirm();
      });
    });
  }

  private confirm(): void {
    pressKey(this.clock, this.hands, 'ok');
    this.next(3_000_000, () => {
      if (this.lamp === LAMP.LAMP_HELD) this.resume();
    });
  }

  /** Nothing to do at this colour: hands off, unless this person never lets go. */
  private leave(): void {
    this.forget();
    if (this.setup.operator.neverReleases) return;
    this.trigger(0);
    if (this.hands.ringDown && !this.hands.capOn)
      this.after(150_000, () => {
        this.hands.press(0, LIFT_FOR_US);
      });
  }

  private trigger(level: 0 | 1): void {
    if (level === 0 && this.setup.operator.neverReleases) return;
    this.triggerHeld = level === 1;
    this.hands.setTrigger(level);
  }

  private nextIndex(): void {
    this.pointIndex += 1;
    this.doneHere = false;
  }

  private forget(): void {
    if (this.plan) this.clock.cancel(this.plan);
    this.plan = 0;
  }

  private soon(medianMs: number, fn: () => void): void {
    this.next(1000 * this.skill.paceMs(medianMs), fn);
  }

  /** What the person does next; it replaces what they had in mind. */
  private next(us: number, fn: () => void): void {
    this.forget();
    this.plan = this.after(us, () => {
      this.plan = 0;
      fn();
    });
  }

  private after(us: number, fn: () => void): number {
    return this.clock.schedule(this.clock.nowUs + us, fn);
  }
}
