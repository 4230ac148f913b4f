// The fault language: what is read, and that everything else is refused with what would be right.
import { describe, expect, it } from 'vitest';
import { describeFaults, FAULT_KINDS, parseFault } from '../../sim/faults.ts';

describe('fault language', () => {
  it('reads needle.steps-lost=400@prick=12,phase=approach into name, value and moment', () => {
    expect(parseFault('needle.steps-lost=400@prick=12,phase=approach')).toEqual({
      name: 'needle.steps-lost',
      value: 400,
      when: { prick: 12, phase: 'approach' },
      text: 'needle.steps-lost=400@prick=12,phase=approach',
    });
  });

  it('reads power.cut@flash-op=341 and contact.lost@at=12000 with their usual values', () => {
    expect(parseFault('power.cut@flash-op=341')).toMatchObject({ value: 2000, when: { flashOp: 341 } });
    expect(parseFault('contact.lost@at=12000')).toMatchObject({ value: 3000, when: { atMs: 12_000 } });
  });

  it('takes every fault of the table by its bare name', () => {
    for (const name of Object.keys(FAULT_KINDS)) expect(parseFault(name).name).toBe(name);
  });

  it('R56: refuses an unknown fault and lists every known one', () => {
    expect(() => parseFault('needle.bent')).toThrow(describeFaults());
    expect(() => parseFault('toString')).toThrow('not a known fault');
    expect(() => parseFault('')).toThrow('not a known fault');
  });

  it.each([
    ['plunger.jam=3', 'takes no value'],
    ['spi.flip=40', 'from 0 to 39'],
    ['needle.steps-lost=1.5', 'whole number'],
    ['contact.lost@prick=0', 'from 1 to 200'],
    ['contact.lost@prick=201', 'from 1 to 200'],
    ['contact.lost@phase=lunch', 'approach|in|dose'],
    ['contact.lost@when=now', 'known: prick=N'],
    ['needle.jam@flash-op=3', 'only power.cut'],
    ['needle.jam@prick=1@at=2', "more than one '@'"],
  ])('R56: refuses %s and says «%s»', (text, says) => {
    expect(() => parseFault(text)).toThrow(says);
  });
});
