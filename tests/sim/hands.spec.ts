// Contact, hand and operator: what a person does and how it reaches the gun, seeded and in virtual time.
import { describe, expect, it } from 'vitest';
import * as LAMP from '../../firmware/panel/lamps.ts';
import { VirtualClock } from '../../sim/clock.ts';
import { Contact } from '../../sim/contact.ts';
import { Hand } from '../../sim/hand.ts';
import { Operator } from '../../sim/operator.ts';
import type { Hands } from '../../sim/operator.ts';
import { completeWorld } from '../../sim/setup.ts';
import type { WorldRequest } from '../../sim/setup.ts';

describe('contact', () => {
  it('bounces for 6.2 ms at most over 2000 presses and then shows its level, seed 1', () => {
    const contact = new Contact(1, 'test', true);
    let bounced = 0;
    for (let press = 0; press < 2000; press += 1) {
      const atUs = press * 100_000;
      contact.set(atUs, press % 2 === 0 ? 1 : 0);
      const level = contact.settled;
      for (let after = 0; after < 6_200; after += 100) if (contact.read(atUs + after) !== level) bounced += 1;
      expect(contact.read(atUs + 6_201)).toBe(level);
    }
    expect(bounced).toBeGreaterThan(2000);
  });

  it('answers the same at the same moment however often it is asked', () => {
    const contact = new Contact(3, 'test', true);
    contact.set(0, 1);
    const ask = (): string => Array.from({ length: 60 }, (_, index) => contact.read(index * 50)).join('');
    expect(ask()).toBe(ask());
  });

  it('stays where it is stuck', () => {
    const contact = new Contact(1, 'test', false);
    contact.stuckAt = 1;
    contact.set(10, 0);
    expect(contact.read(20)).toBe(1);
  });
});

describe('hand', () => {
  it('trembles with 0.12 N rms about 2 N, ±5 %, over 60 s, seed 2', () => {
    const hand = new Hand(2, false);
    hand.press(0, 2, 1);
    let sum = 0;
    let squares = 0;
    const count = 60_000;
    for (let index = 1; index <= count; index += 1) {
      const off = hand.forceN(index * 1000) - 2;
      sum += off;
      squares += off * off;
    }
    expect(Math.sqrt(squares / count)).toBeGreaterThan(0.114);
    expect(Math.sqrt(squares / count)).toBeLessThan(0.126);
    expect(Math.abs(sum / count)).toBeLessThan(0.002);
  });

  it('counts path only while the ring touches', () => {
    const hand = new Hand(1, true);
    hand.moveTo(0, 10_000, 0, 1000);
    expect(hand.pathMm(2000)).toBe(0);
    hand.press(2000, 2, 1000);
    hand.moveTo(5000, 13_000, 4000, 6000);
    expect(hand.pathMm(5500)).toBeCloseTo(2.5, 9);
    expect(hand.pathMm(9000)).toBeCloseTo(5, 9);
  });

  it('is 3 mm above the skin 50 ms after the force has gone', () => {
    const hand = new Hand(1, true);
    hand.press(0, 2, 1000);
    hand.press(10_000, 0, 40_000);
    expect(hand.gapMm(50_000)).toBe(0);
    expect(hand.gapMm(100_000)).toBeCloseTo(3, 9);
  });
});

/** Notes what the operator does, with whole milliseconds. */
class NotingHands implements Hands {
  readonly notes: string[] = [];
  capOn = false;
  ringDown = false;
  xUm = 0;
  yUm = 0;
  needleOut = false;
  private readonly clock: VirtualClock;
  constructor(clock: VirtualClock) {
    this.clock = clock;
  }
  clipCap(): void {
    this.capOn = true;
    this.note('cap on');
  }
  removeCap(): void {
    this.capOn = false;
    this.note('cap off');
  }
  setTrigger(level: 0 | 1): void {
    this.note(`trigger ${String(level)}`);
  }
  setKey(key: string, level: 0 | 1): void {
    this.note(`${key} ${String(level)}`);
  }
  readScreen(): string[] {
    return [];
  }
  moveTo(xUm: number, yUm: number): void {
    this.xUm = xUm;
    this.yUm = yUm;
    this.note(`to ${String(Math.round(xUm))}`);
  }
  press(newtons: number): void {
    this.ringDown = newtons > 0;
    this.note(`press ${newtons.toFixed(1)}`);
  }
  changeSyringe(): void {
    this.note('syringe');
  }
  private note(text: string): void {
    this.notes.push(text);
  }
}

function operate(world: WorldRequest): {
  clock: VirtualClock;
  hands: NotingHands;
  operator: Operator;
  see: (rgb: number, forMs: number) => string[];
} {
  const clock = new VirtualClock();
  const hands = new NotingHands(clock);
  const operator = new Operator(
    clock,
    hands,
    completeWorld({
      exact: true,
      points: [
        [0, 0],
        [10_000, 0],
        [20_000, 0],
      ],
      ...world,
    }),
  );
  return {
    clock,
    hands,
    operator,
    see: (rgb, forMs) => {
      const from = hands.notes.length;
      operator.sees(rgb);
      clock.advanceTo(clock.nowUs + forMs * 1000);
      return hands.notes.slice(from);
    },
  };
}

describe('operator', () => {
  it('clips the cap on when asked and takes it off when asked, within 3 s', () => {
    const { see } = operate({});
    expect(see(LAMP.LAMP_CAP_ON, 3000)).toEqual(['cap on']);
    expect(see(LAMP.LAMP_CAP_OFF, 3000)).toEqual(['cap off']);
  });

  it('presses the trigger afresh for priming and holds it until the lamp changes', () => {
    const { see } = operate({});
    expect(see(LAMP.LAMP_PRIME, 8000)).toEqual(['trigger 0', 'trigger 1']);
    expect(see(LAMP.LAMP_READY, 1000)).toEqual(['trigger 0']);
  });

  it('in cadence keeps the trigger held, glides to the next mark when the needle is out, and stops at the last', () => {
    const { see, operator, clock, hands } = operate({ technique: { permit: 'cadence', periodMs: 700 } });
    expect(see(LAMP.LAMP_ARMED, 3000)).toEqual(['to 0', 'press 2.0', 'trigger 1']);
    see(LAMP.LAMP_TREATING, 500);
    const from = hands.notes.length;
    for (let prick = 0; prick < 4; prick += 1) {
      operator.feelsNeedleGo();
      clock.advanceTo(clock.nowUs + 300_000);
      operator.feelsNeedleOut();
      clock.advanceTo(clock.nowUs + 400_000);
    }
    expect(hands.notes.slice(from)).toEqual(['press 1.4', 'to 10000', 'press 2.0', 'press 1.4', 'to 20000', 'press 2.0']);
    expect(see(LAMP.LAMP_COMPLETE, 2000)).toEqual(['trigger 0', 'press 0.0']);
  });

  it('in trigger mode lets go, moves, presses the ring and clicks anew for each mark', () => {
    const { see, operator, clock, hands } = operate({ technique: { permit: 'trigger' } });
    see(LAMP.LAMP_ARMED, 2000);
    operator.feelsNeedleGo();
    clock.advanceTo(clock.nowUs + 300_000);
    const from = hands.notes.length;
    operator.feelsNeedleOut();
    clock.advanceTo(clock.nowUs + 2_000_000);
    expect(hands.notes.slice(from, from + 5)).toEqual(['trigger 0', 'press 1.4', 'to 10000', 'press 2.0', 'trigger 1']);
  });

  it('in travel stops 160 ms after it feels a needle that goes in on the way, and goes on when the needle is out', () => {
    const { see, operator, clock, hands } = operate({ technique: { permit: 'travel', handUmPerS: 5000 } });
    see(LAMP.LAMP_ARMED, 2000);
    operator.feelsNeedleGo();
    clock.advanceTo(clock.nowUs + 100_000);
    operator.feelsNeedleOut();
    clock.advanceTo(clock.nowUs + 200_000);
    hands.xUm = 5200;
    operator.feelsNeedleGo();
    const from = hands.notes.length;
    clock.advanceTo(clock.nowUs + 159_000);
    expect(hands.notes.slice(from)).toEqual([]);
    clock.advanceTo(clock.nowUs + 2000);
    expect(hands.notes.slice(from)).toEqual(['to 5200']);
    operator.feelsNeedleOut();
    clock.advanceTo(clock.nowUs + 10_000);
    expect(hands.notes.slice(from)).toEqual(['to 5200', 'press 1.4', 'to 20000']);
  });

  it('after a hold lets go of the trigger, puts the ring back and presses OK', () => {
    const { see, hands } = operate({});
    see(LAMP.LAMP_ARMED, 2000);
    hands.ringDown = false;
    expect(see(LAMP.LAMP_HELD, 2500)).toEqual(['trigger 0', 'to 0', 'press 2.0', 'ok 1', 'ok 0']);
  });

  it('changes the syringe in its colour and confirms it', () => {
    const { see } = operate({});
    expect(see(LAMP.LAMP_SYRINGE, 20_000)).toEqual(['trigger 0', 'press 0.0', 'syringe', 'ok 1', 'ok 0']);
  });

  it('does nothing at all when not present', () => {
    const { see } = operate({ operator: { present: false } });
    expect(see(LAMP.LAMP_ARMED, 5000)).toEqual([]);
  });
});
