// Letting a technician in: challenge, key, switch, state, time, failures.
import { describe, expect, it } from 'vitest';
import { REFUSED_AUTH, REFUSED_STATE } from '../../../firmware/core/faults.ts';
import { IDLE, SERVICE, STATE_COUNT } from '../../../firmware/core/states.ts';
import { AUDIT_LOCKED_OUT, AUDIT_LOGGED_OUT, AUDIT_UNLOCKED, AUDIT_UNLOCK_FAILED } from '../../../firmware/link/control.ts';
import { unlockAnswer } from '../../../tools/link-calls.ts';
import { LinkBench } from './bench.ts';
import { SERVICE_KEY } from './keys.ts';

const DEVICE = 4503599627370497;

class Technician {
  readonly bench: LinkBench;
  id: number;
  constructor(bench = new LinkBench()) {
    this.bench = bench;
    this.id = bench.hello();
    bench.serviceSwitch = 1;
  }
  ask(message: object, ticks = 24): Record<string, unknown> {
    this.id += 1;
    return this.bench.ask({ id: this.id - 1, ...message }, ticks).at(-1) ?? {};
  }
  challenge(): string {
    return String(this.ask({ do: 'challenge' })['nonce']);
  }
  /** 50 ticks: the answer is judged in slices. */
  unlock(nonce: string, key = SERVICE_KEY, device = DEVICE): Record<string, unknown> {
    return this.ask({ do: 'unlock', answer: unlockAnswer(key, nonce, device) }, 50);
  }
}

describe('unlock', () => {
  it('R38: lets in who has the key, at IDLE with the switch held, then shrinks a limit; the audit trail says so', () => {
    const who = new Technician();
    expect(who.unlock(who.challenge())).toMatchObject({ ok: 1 });
    expect(who.bench.control.state).toBe(SERVICE);
    expect(who.ask({ do: 'limit', index: 3, value: 7 })).toMatchObject({ ok: 1 });
    expect(who.ask({ do: 'log-out' })).toMatchObject({ ok: 1 });
    expect(who.bench.control.calls).toEqual(['service 1', 'limit 3 7', 'service 0']);
    expect(who.bench.control.state).toBe(IDLE);
    expect(who.bench.audits).toEqual([`${AUDIT_UNLOCKED} 0 0`, `${AUDIT_LOGGED_OUT} 1 0`]);
  });

  it('R38: refuses a wrong key, another gun, a used challenge, a late answer, an answer without challenge', () => {
    const wrongKey = SERVICE_KEY.slice();
    wrongKey[31] = 0;
    const answers = [
      (who: Technician) => who.unlock(who.challenge(), wrongKey),
      (who: Technician) => who.unlock(who.challenge(), SERVICE_KEY, DEVICE + 1),
      (who: Technician) => who.unlock('00'.repeat(16)),
      (who: Technician) => {
        const nonce = who.challenge();
        who.unlock(nonce, wrongKey);
        return who.unlock(nonce);
      },
      (who: Technician) => {
        const nonce = who.challenge();
        who.bench.tick(1501);
        who.bench.lines();
        return who.unlock(nonce);
      },
    ];
    for (const answer of answers) {
      const who = new Technician();
      expect(answer(who)).toMatchObject({ no: REFUSED_AUTH });
      expect(who.bench.control.calls).toEqual([]);
    }
  });

  it('R38: refuses without the service switch, when the answer comes and when it has been judged', () => {
    const who = new Technician();
    const nonce = who.challenge();
    who.bench.serviceSwitch = 0;
    who.bench.say({ id: who.id, do: 'unlock', answer: unlockAnswer(SERVICE_KEY, nonce, DEVICE) });
    who.id += 1;
    who.bench.tick(6);
    who.bench.serviceSwitch = 1;
    who.bench.tick(50);
    expect(who.bench.lines()).toMatchObject([{ no: REFUSED_AUTH }]);
    who.ask({ do: 'unlock', answer: unlockAnswer(SERVICE_KEY, who.challenge(), DEVICE) }, 10);
    who.bench.serviceSwitch = 0;
    who.bench.tick(40);
    expect(who.bench.lines()).toMatchObject([{ no: REFUSED_AUTH }]);
    expect(who.bench.control.calls).toEqual([]);
  });

  it('R38: gives a challenge at IDLE only', () => {
    for (let state = 0; state < STATE_COUNT; state += 1) {
      const who = new Technician();
      who.bench.control.state = state;
      expect(who.ask({ do: 'challenge' })).toMatchObject(state === IDLE ? { ok: 1 } : { no: REFUSED_STATE });
    }
  });

  it('R38: a technician is out when the switch is let go, the state is left, or a host says hello', () => {
    const leave = [
      (who: Technician) => void (who.bench.serviceSwitch = 0),
      (who: Technician) => {
        who.bench.control.state = IDLE;
        who.bench.tick();
        who.bench.control.state = SERVICE;
      },
      (who: Technician) => {
        who.bench.hello();
        who.bench.control.state = SERVICE;
      },
    ];
    for (const go of leave) {
      const who = new Technician();
      who.unlock(who.challenge());
      go(who);
      expect(who.ask({ do: 'limit', index: 0, value: 0 })).toMatchObject({ no: REFUSED_AUTH });
      expect(who.bench.control.calls).not.toContain('limit 0 0');
    }
  });

  it('R38: shuts for 30 s after five failures, then for 60 s after the next, and counts each in the audit trail', () => {
    const who = new Technician();
    const fail = (): Record<string, unknown> => who.unlock(who.challenge(), new Uint8Array(32));
    for (let i = 0; i < 5; i += 1) expect(fail()).toMatchObject({ no: REFUSED_AUTH });
    expect(who.ask({ do: 'challenge' })).toMatchObject({ no: REFUSED_AUTH });
    who.bench.tick(30_000 / 20);
    who.bench.lines();
    fail();
    who.bench.tick(50_000 / 20);
    who.bench.lines();
    expect(who.ask({ do: 'challenge' })).toMatchObject({ no: REFUSED_AUTH });
    who.bench.tick(10_000 / 20);
    who.bench.lines();
    expect(who.unlock(who.challenge())).toMatchObject({ ok: 1 });
    expect(who.bench.audits.filter((line) => line.startsWith(`${AUDIT_LOCKED_OUT} `))).toEqual([
      `${AUDIT_LOCKED_OUT} 5 30000`,
      `${AUDIT_LOCKED_OUT} 6 60000`,
    ]);
    expect(who.bench.audits.filter((line) => line.startsWith(`${AUDIT_UNLOCK_FAILED} `))).toHaveLength(6);
  });

  it('R38: a gun without a key of at least 16 bytes lets nobody in', () => {
    const who = new Technician(new LinkBench({ key: new Uint8Array(15) }));
    expect(who.ask({ do: 'challenge' })).toMatchObject({ no: REFUSED_AUTH });
  });

  it('never gives the same nonce twice in a power-on, with noise that stands still', () => {
    const who = new Technician();
    const nonces = Array.from({ length: 200 }, () => who.challenge());
    expect(new Set(nonces).size).toBe(200);
    expect(nonces[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('R36: answers a repeated unlock once while it is judged, and again with the same words after', () => {
    const who = new Technician();
    const nonce = who.challenge();
    const unlock = { id: who.id, do: 'unlock', answer: unlockAnswer(SERVICE_KEY, nonce, DEVICE) };
    who.bench.say(unlock);
    who.bench.tick(5);
    who.bench.say(unlock);
    who.bench.tick(60);
    expect(who.bench.lines()).toEqual([{ re: who.id, ok: 1 }]);
    expect(who.bench.ask(unlock)).toEqual([{ re: who.id, ok: 1 }]);
    expect(who.bench.control.calls).toEqual(['service 1']);
  });
});
