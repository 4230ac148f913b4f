import { describe, expect, it } from 'vitest';
import * as S from '../../../firmware/core/states.ts';

const states = S.STATE_NAMES.map((name, state) => ({ name, state }));
const leads = (from: number): number[] =>
  Array.from({ length: S.EVENT_COUNT }, (_, event) => S.nextState(from, event)).filter((next) => next >= 0);

describe('state table', () => {
  it('is total: 13 states × 14 events, each leads to a state or, -1, nowhere', () => {
    const cells = states.flatMap(({ state }) => Array.from({ length: 14 }, (_, event) => S.nextState(state, event)));
    expect(cells).toHaveLength(13 * 14);
    for (const cell of cells) expect(Number.isInteger(cell) && cell >= -1 && cell < S.STATE_COUNT).toBe(true);
    expect(S.nextState(13, 0)).toBeNaN();
    expect(S.STATE_NAMES).toHaveLength(S.STATE_COUNT);
    expect(S.EVENT_NAMES).toHaveLength(S.EVENT_COUNT);
  });

  it.each(states.filter(({ state }) => state !== S.FAULT))('R54: a fault leads from $name to FAULT', ({ state }) => {
    expect(S.nextState(state, S.EV_FAULT)).toBe(S.FAULT);
  });

  it('R49: FAULT is left by clear only, and through the self-test', () => {
    for (let event = 0; event < S.EVENT_COUNT; event++) {
      expect(S.nextState(S.FAULT, event)).toBe(event === S.EV_CLEAR ? S.SELF_TEST : -1);
    }
  });

  it('reaches TREATING from ARMED by the trigger and from nowhere else', () => {
    for (const { state } of states) {
      for (let event = 0; event < S.EVENT_COUNT; event++) {
        if (S.nextState(state, event) === S.TREATING) expect([state, event]).toEqual([S.ARMED, S.EV_TRIGGER]);
      }
    }
  });

  it('R25: PAUSED never leads to TREATING, only to ARMED by resume, READY by reload, IDLE by end', () => {
    expect([...new Set(leads(S.PAUSED))].sort((a, b) => a - b)).toEqual(
      [S.IDLE, S.READY, S.ARMED, S.PAUSED, S.FAULT].sort((a, b) => a - b),
    );
  });

  it.each([S.BOOT, S.SELF_TEST, S.HOMING, S.PROBING, S.PRIMING, S.ARMED, S.TREATING, S.PAUSED])(
    'I9: moving or waiting state %i has a time limit',
    (state) => {
      expect(S.STATE_LIMIT_MS[state]).toBeGreaterThan(0);
    },
  );

  it('I9: every state can reach IDLE', () => {
    for (const { state } of states) {
      const seen = new Set([state]);
      const queue = [state];
      while (queue.length) {
        for (const next of leads(queue.pop() as number)) {
          if (!seen.has(next)) queue.push(next);
          seen.add(next);
        }
      }
      expect(seen.has(S.IDLE)).toBe(true);
    }
  });

  it('a stop never leads to a state in which the needle may go in', () => {
    for (const { state } of states) expect([S.ARMED, S.TREATING, S.PROBING, S.HOMING]).not.toContain(S.nextState(state, S.EV_STOP));
  });
});
