// The simulated MT-SICS balance at its wire: what it answers to each command, when, and what its faults do. Virtual time.
import { describe, expect, it } from 'vitest';
import { Bench, USUAL_BALANCE } from '../../../sim/bench.ts';
import type { BalanceSetup } from '../../../sim/bench.ts';
import { VirtualClock } from '../../../sim/clock.ts';
import type { SideLine } from '../../../sim/side-line.ts';

/** A balance under a tap: `out.ul` is what has come out of it. */
class Place {
  readonly clock = new VirtualClock();
  readonly out = { ul: 0 };
  readonly bench: Bench;
  readonly line: SideLine;
  private heard = '';

  constructor(setup: Partial<BalanceSetup> = {}) {
    const gun = { outUl: () => this.out.ul, tipMm: () => 0 };
    this.bench = new Bench({ clock: this.clock, seed: 1, exact: true, outerMm: 0.311, gun });
    this.line = this.bench.connectBalance({ ...USUAL_BALANCE, tip: 'submerged', mouthMm: 0, ...setup });
    this.line.onText = (text) => {
      this.heard += text;
    };
  }

  /** Says `command`, lets `seconds` pass, answers the lines that came. */
  say(command: string, seconds = 0.5): string[] {
    if (command !== '') this.line.write(`${command}\r\n`);
    return this.pass(seconds);
  }

  pass(seconds: number): string[] {
    this.clock.advanceTo(this.clock.nowUs + seconds * 1e6);
    this.line.flush();
    const lines = this.heard.split('\r\n');
    this.heard = lines.pop() ?? '';
    return lines;
  }
}

/** Not in the title's own table: these commands look like ids of requirements. */
const ANSWERS: [string, string][] = [
  ['@', 'I4 A "S000000001"'],
  ['I1', 'I1 A "012" "2.30" "2.22" "1.00"'],
  ['I2', 'I2 A "SIM220 220.00000 g"'],
  ['I3', 'I3 A "1.00 simulated"'],
  ['I4', 'I4 A "S000000001"'],
  ['S', 'S S    0.00000 g'],
  ['SI', 'S S    0.00000 g'],
  ['T', 'T S    0.00000 g'],
  ['TI', 'TI S    0.00000 g'],
  ['TA', 'TA A    0.00000 g'],
  ['TA 1.5 g', 'TA A    1.50000 g'],
  ['TA 1.5 lb', 'TA L'],
  ['TAC', 'TAC A'],
  ['Z', 'Z A'],
  ['ZI', 'ZI S'],
  ['D "hello"', 'D A'],
  ['D hello', 'D L'],
  ['DW', 'DW A'],
  ['K 2', 'K A'],
  ['K 9', 'K L'],
  ['S 3', 'S L'],
  ['si', 'ES'],
  ['XYZ', 'ES'],
  ['I99', 'ES'],
  ['S\x9f', 'ET'],
];

describe('MT-SICS balance', () => {
  it.each(ANSWERS)('answers %j with %j', (command, answer) => {
    expect(new Place().say(command)).toEqual([answer]);
  });

  it('lists its commands by level, B before more and A at the end', () => {
    const lines = new Place().say('I0');
    expect(lines).toContain('I0 B 0 "SIR"');
    expect(lines.at(-1)).toBe('I0 A 2 "SNR"');
    expect(lines.slice(0, -1).every((line) => line.startsWith('I0 B '))).toBe(true);
  });

  it('tells 10 µL of water at 21 °C as 0.00997 g once it stands, and as moving before', () => {
    const place = new Place();
    place.out.ul = 10;
    place.pass(0.4);
    expect(place.say('SI', 0.1)[0]).toMatch(/^S D {4}0\.00\d{3} g$/);
    expect(place.say('S', 6)).toEqual(['S S    0.00997 g']);
  });

  it('answers a second S while it waits for stability with S I, and the first after it stands', () => {
    const place = new Place();
    place.out.ul = 10;
    place.pass(0.4);
    place.line.write('S\r\n');
    expect(place.say('S', 6)).toEqual(['S I', 'S S    0.00997 g']);
  });

  it('gives up on stability after 40 s with S I while the draught shield stands open', () => {
    const place = new Place();
    place.bench.strike('balance.unstable', 100_000);
    place.pass(1);
    expect(place.say('S', 39.5)).toEqual([]);
    expect(place.pass(1)).toEqual(['S I']);
  });

  it('repeats with SIR about ten times a second until SI, @ or S', () => {
    const place = new Place();
    expect(place.say('SIR', 5).length).toBeGreaterThan(45);
    expect(place.say('@', 2).filter((line) => line.startsWith('I4'))).toHaveLength(1);
    expect(place.pass(2)).toEqual([]);
  });

  it('tells with SNR each new stable weight once, and with SR that it moves as well', () => {
    const place = new Place();
    expect(place.say('SNR', 2)).toEqual(['S S    0.00000 g']);
    place.out.ul = 10;
    expect(place.pass(8)).toEqual(['S S    0.00997 g']);
    expect(place.say('SR', 2)).toEqual(['S S    0.00997 g']);
    place.out.ul = 20;
    const lines = place.pass(8);
    expect(lines[0]).toMatch(/^S D/);
    expect(lines.at(-1)).toBe('S S    0.01994 g');
    expect(lines).toHaveLength(2);
  });

  it('tares to zero and shows the next 20 µL alone', () => {
    const place = new Place();
    place.out.ul = 100;
    place.pass(6);
    expect(place.say('T', 1)).toEqual(['T S    0.09969 g']);
    place.out.ul = 120;
    expect(place.say('', 6)).toEqual([]);
    expect(place.say('S', 1)).toEqual(['S S    0.01994 g']);
  });

  it('says S + with something heavy on the pan for 5 s, and weighs again afterwards', () => {
    const place = new Place();
    place.bench.strike('balance.overload', 5000);
    expect(place.say('S', 2)).toEqual(['S +']);
    expect(place.say('', 20)).toEqual([]);
    expect(place.say('S', 1)).toEqual(['S S    0.00000 g']);
  });

  it('says who it is and forgets its tare when it starts anew', () => {
    const place = new Place();
    place.say('TA 1 g');
    place.bench.strike('balance.restart', 0);
    expect(place.pass(0.1)).toEqual(['I4 A "S000000001"']);
    expect(place.say('TA')).toEqual(['TA A    0.00000 g']);
  });

  it('answers ET to 101 characters without an end', () => {
    const place = new Place();
    place.line.write('x'.repeat(101));
    expect(place.pass(0.1)).toEqual(['ET']);
  });
});
