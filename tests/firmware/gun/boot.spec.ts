// From power-on to a gun that may be used, and back from a fault: self-test, probing, clearing, resuming.
import { describe, expect, it } from 'vitest';
import * as F from '../../../firmware/core/faults.ts';
import { arithmeticHolds } from '../../../firmware/core/selftest.ts';
import * as P from '../../../firmware/core/program.ts';
import * as S from '../../../firmware/core/states.ts';
import { LAMP_CAP_OFF } from '../../../firmware/panel/lamps.ts';
import { Rig } from './rig.ts';

const set = { pricks: 12 };

describe('self-test', () => {
  it('R47: neither power-on nor a self-test moves the needle, and the drivers have no current but for the chain’s own test', () => {
    const rig = new Rig({ set });
    rig.hostPresent = () => false;
    let drivingTicks = 0;
    rig.until((gun) => {
      if (rig.virtual.chips.needle.driving) drivingTicks++;
      expect(rig.virtual.chips.needle.velocityAt(rig.virtual.nowUs)).toBe(0);
      return gun.session.state === S.IDLE;
    });
    rig.pass(1000);
    expect(drivingTicks).toBeGreaterThan(0);
    expect(drivingTicks).toBeLessThan(20);
    expect(rig.virtual.chips.needle.driving).toBe(false);
  });

  it.each([
    ['R50: a needle chip that does not answer', 'spi.missing@at=0', F.FAULT_SELF_TEST],
    ['R50: a plunger chip stuck at ones', 'plunger-spi.stuck-1@at=0', F.FAULT_SELF_TEST],
    ['R50: a ring cell that does not answer', 'ring-cell.missing@at=0', F.FAULT_SENSOR],
    ['R50: a home switch that stays open', 'home-switch.stuck-open@at=0', F.FAULT_NEEDLE_NOT_HOME],
  ])('%s never reaches IDLE', (_, fault, code) => {
    const rig = new Rig({ set, faults: [fault], limitS: 30 }).untilState(S.FAULT);
    expect(rig.gun.supervisor.fault).toBe(code);
    expect(rig.virtual.truth.pricks).toHaveLength(0);
  });

  it('R32 R46: counts 2^52 + 1 exactly and wraps at 32 bits', () => {
    expect(arithmeticHolds(67108864)).toBe(1);
  });
});

describe('probing', () => {
  it.each([2, 0.4, -0.4])('R04: a needle whose tip lies %d mm off its place is refused before any skin is near', (seatMm) => {
    const needle = { seatMm };
    const rig = new Rig({ set, world: { needle }, limitS: 60 }).untilState(S.FAULT, S.PRIMING);
    expect(rig.gun.supervisor.fault).toBe(F.FAULT_PROBE);
  });

  it('finds the ring plane to 0.05 mm over 20 needles (seeds 1 to 20)', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const rig = new Rig({ set, seed, limitS: 60 }).untilState(S.PRIMING);
      const trueUm = -rig.virtual.world.needle.tipMm(rig.virtual.nowUs) * 1000;
      const probedUm = rig.of('PROBED')[0]?.fields['ringUm'] ?? 0;
      expect(Math.abs(probedUm - trueUm)).toBeLessThanOrEqual(50);
    }
  });
});

describe('priming', () => {
  it('reaches the rod of a 10 mL syringe, whose stroke and play are longer than the plunger’s travel', () => {
    const program = (words: Int32Array): Int32Array =>
      words.with(P.P_CAPACITY_NL, 10000000).with(P.P_FILL_NL, 9000000).with(P.P_NL_PER_MM, 165130);
    const syringe = { capacityUl: 10000, fillUl: 9000, boreMm: 14.5, complianceUlPerKpa: 0.045 };
    const rig = new Rig({ set, program, world: { syringe }, limitS: 120 }).untilState(S.ARMED, S.FAULT);
    expect(S.STATE_NAMES[rig.gun.session.state]).toBe('ARMED');
    expect(rig.of('PRIME')[0]?.fields['movedNl']).toBeGreaterThan(15000);
  });
});

describe('after a fault', () => {
  it('R49: FAULT stays until it is cleared, cause gone; then the self-test runs again and the gun is idle', () => {
    const rig = new Rig({ set, faults: ['needle.steps-lost@prick=5'] }).finish();
    expect(rig.gun.session.state).toBe(S.FAULT);
    rig.pass(60000);
    expect(rig.gun.session.state).toBe(S.FAULT);
    expect(rig.gun.session.start(9)).toBe(F.REFUSED_STATE);
    expect(rig.gun.session.clear()).toBe(0);
    rig.untilState(S.IDLE);
    expect(rig.of('CLEAR')).toHaveLength(1);
  });

  it('R30: an exception in the session brings the safe state in the same tick and latches', () => {
    const rig = new Rig({ set });
    rig.until((gun) => gun.session.treatment.prick === 4 && gun.session.treatment.stroke.stepIndex === 2);
    const sane = rig.gun.session.step.bind(rig.gun.session);
    rig.gun.session.step = () => {
      rig.gun.session.step = sane;
      throw new Error('planted');
    };
    rig.pass(3000);
    expect(rig.gun.supervisor.fault).toBe(F.FAULT_EXCEPTION);
    expect(rig.gun.supervisor.safe).toBe(1);
    expect(rig.virtual.world.needle.tipMm(rig.virtual.nowUs)).toBeLessThan(0);
    expect(rig.of('FAULT').map((entry) => entry.code)).toEqual([F.FAULT_EXCEPTION]);
  });
});

describe('resuming', () => {
  it('R45: only once homed again, only the same session, and the programme cannot be changed meanwhile', () => {
    const rig = new Rig({ set, faults: ['contact.lost@prick=5'] }).untilState(S.PAUSED);
    const { session } = rig.gun;
    expect(session.resume(1)).toBe(F.REFUSED_CAUSE);
    rig.pass(800);
    expect(session.state).toBe(S.PAUSED);
    expect(session.resume(2)).toBe(F.REFUSED_SESSION);
    expect(session.offer(rig.program, rig.program.length)).toBe(F.REFUSED_STATE);
    expect(session.resume(1)).toBe(F.REFUSED_NONE);
    expect(session.state).toBe(S.ARMED);
  });

  it('R45: a session held for more than 30 min is ended, never resumed', () => {
    const rig = new Rig({ set, world: { operator: { present: false } }, limitS: 4000 });
    rig.until((gun) => gun.session.state === S.PROBING);
    rig.virtual.world.clipCap();
    rig.until((gun) => gun.session.orders.lampRgb === LAMP_CAP_OFF);
    rig.virtual.world.removeCap();
    rig.untilState(S.PRIMING);
    rig.pass(100);
    rig.virtual.world.setTrigger(1);
    rig.untilState(S.ARMED);
    rig.virtual.world.setTrigger(0);
    rig.pass(100);
    rig.gun.session.stop();
    rig.untilState(S.PAUSED);
    rig.hostPresent = () => false;
    rig.pass(29 * 60 * 1000);
    expect(rig.gun.session.state).toBe(S.PAUSED);
    rig.pass(2 * 60 * 1000);
    expect(rig.gun.session.state).toBe(S.IDLE);
    expect(rig.of('END').at(-1)?.code).toBe(1);
  });
});

describe('the journal at power-on', () => {
  it('is said to be whole, or broken at the entry of which one bit flipped while the gun was off; seed 1, 3 pricks', () => {
    const rig = new Rig({ set: { pricks: 3 } }).finish();
    const [damaged] = rig.of('RESULT');
    const { bytes } = rig.virtual.flash;
    const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(damaged?.bytes ?? '');
    bytes[at + 24] = (bytes[at + 24] ?? 0) ^ 4;
    rig.hostPresent = () => false;
    rig.virtual.powerCut(1000);
    rig.until((gun) => rig.virtual.bootCount === 2 && gun.session.state === S.IDLE);
    expect(rig.of('BOOT').map((entry) => entry.fields['brokenAt'])).toEqual([-1, damaged?.seq]);
  });
});
