// MT-SICS lines, decoded and encoded: examples of the maker's manuals, and what noise must not become.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineCutter } from '../../../tools/instruments/line-cutter.ts';
import { mgIn, stepMg, toMg } from '../../../tools/instruments/mass.ts';
import { decodeReply, encodeCommand, quoted, readBalanceData } from '../../../tools/instruments/mt-sics-codec.ts';

/** Not in the title's own table: these commands look like ids of requirements. */
const WITHOUT_WEIGHT: [string, string, string, string[]][] = [
  ['S I', 'S', 'I', []],
  ['S +', 'S', '+', []],
  ['S -', 'S', '-', []],
  ['Z A', 'Z', 'A', []],
  ['T L', 'T', 'L', []],
  ['I4 A "B021002593"', 'I4', 'A', ['B021002593']],
  ['I0 B 0 "@"', 'I0', 'B', ['0', '@']],
  ['I1 A "0123" "2.00" "2.20"', 'I1', 'A', ['0123', '2.00', '2.20']],
  ['I2 A "XPR205 220.0090 g"', 'I2', 'A', ['XPR205 220.0090 g']],
  ['I10 A ""', 'I10', 'A', ['']],
];

describe('MT-SICS reply', () => {
  // Source: operating instructions and reference manuals of the maker.
  it.each([
    ['S S     100.00 g', 'S', 'S', 100, 'g', 2, 10],
    ['S D      -0.68 g', 'S', 'D', -0.68, 'g', 2, 10],
    ['S S    0.00997 g', 'S', 'S', 0.00997, 'g', 5, 10],
    ['T S     100.00 g', 'T', 'S', 100, 'g', 2, 10],
    ['TI D       12.5 mg', 'TI', 'D', 12.5, 'mg', 1, 10],
    ['TA A     100.00 g', 'TA', 'A', 100, 'g', 2, 10],
    ['S S         12 kg', 'S', 'S', 12, 'kg', 0, 10],
  ])('reads %j', (line, command, status, value, unit, decimals, width) => {
    expect(decodeReply(line)).toEqual({ kind: 'weight', command, status, value, unit, decimals, width });
  });

  it.each(WITHOUT_WEIGHT)('reads %j', (line, command, status, parameters) => {
    expect(decodeReply(line)).toEqual({ kind: 'answer', command, status, parameters });
  });

  it('reads the error 10b that the balance shows instead of a weight', () => {
    expect(decodeReply('S S    Error 10b')).toEqual({ kind: 'fault', command: 'S', code: '10b' });
  });

  it.each(['ES', 'ET', 'EL'] as const)('reads the error %s', (error) => {
    expect(decodeReply(error)).toEqual({ kind: 'error', error });
  });

  it.each([
    '',
    'S',
    'S S',
    's s 1.0 g',
    'S S 1.0',
    'S S 1,00 g',
    'S S 1.0.0 g',
    'S S 0x10 g',
    'S S 1e3 g',
    'S X 1.0 g',
    'I4 A "open',
    'S S\x80 1.0 g',
  ])('does not take %j for a weight', (line) => {
    expect(decodeReply(line)?.kind).not.toBe('weight');
  });

  it.each([
    [['XPR205 220.0090 g'], 'XPR205', 220.009, 4],
    // Source: captured from a weigh module, PyLabRobot, scales/mettler_toledo/protocol.md.
    [['WXS205SDU WXA-Bridge 220.00900 g'], 'WXS205SDU WXA-Bridge', 220.009, 5],
    [['XS204', 'Excellence', '220.0090', 'g'], 'XS204 Excellence', 220.009, 4],
    [['Standard', 'PB3001 3100.0 g'], 'Standard PB3001', 3100, 1],
  ])('reads the balance data %j', (parameters, model, capacity, decimals) => {
    expect(readBalanceData(parameters)).toEqual({ model, capacity, decimals, unit: 'g' });
  });

  it('knows no balance data without a weight at the end', () => {
    expect(readBalanceData(['XPR205'])).toBeUndefined();
    expect(readBalanceData([])).toBeUndefined();
  });

  it('answers something or nothing, and throws never, for 8-bit noise of up to 200 bytes', () => {
    const noise = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 200 });
    fc.assert(
      fc.property(noise, (line) => {
        decodeReply(line);
      }),
    );
  });

  it('never reads another number from a weight with one byte above 127 in it', () => {
    const place = fc.record({ at: fc.nat(20), byte: fc.integer({ min: 128, max: 255 }), value: fc.integer({ min: -99_999, max: 99_999 }) });
    fc.assert(
      fc.property(place, ({ at, byte, value }) => {
        const line = `S S ${(value / 1000).toFixed(5).padStart(10)} g`;
        const spoilt = line.slice(0, at) + String.fromCharCode(byte) + line.slice(at);
        // The micro sign, 181, is a letter of a unit: such a weight has no unit that is a mass.
        const reply = decodeReply(spoilt);
        expect(reply === undefined || (reply.kind === 'weight' && mgIn(reply.unit) === undefined)).toBe(true);
      }),
    );
  });

  it('gives the same lines however the wire cuts the text', () => {
    const text = 'S S     100.00 g\r\nES\r\n\r\nS D       1.00 g\r\n';
    const whole = new LineCutter(160).take(text);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const cutter = new LineCutter(160);
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(at.slice(1).flatMap((to, i) => cutter.take(text.slice(at[i], to)))).toEqual(whole);
      }),
    );
    expect(whole).toEqual(['S S     100.00 g', 'ES', 'S D       1.00 g']);
  });

  it('throws away 161 characters without an end, and reads the next line', () => {
    const cutter = new LineCutter(160);
    expect(cutter.take('x'.repeat(161))).toEqual([]);
    expect([cutter.overlong, cutter.take('ES\r\n')]).toEqual([1, ['ES']]);
  });
});

describe('MT-SICS command', () => {
  it('ends in CR LF and keeps parameters apart by one space', () => {
    expect(encodeCommand('@')).toBe('@\r\n');
    expect(encodeCommand('TA', '1.5', 'g')).toBe('TA 1.5 g\r\n');
    expect(encodeCommand('D', quoted('10 "µL" shot'.replace('µ', 'u')))).toBe('D "10 \'uL\' shot"\r\n');
  });

  it.each([['si'], ['S\r\nZ'], ['D', '"a\nb"'], ['']])('throws for %j', (...words) => {
    expect(() => encodeCommand(...(words as [string, ...string[]]))).toThrow(RangeError);
  });
});

describe('mass', () => {
  it('is 70 mg for 0.07 g, 0.5 mg for 500 µg, 1.5e6 mg for 1.5 kg; a pound and MG are none', () => {
    expect([toMg(0.07, 1000), toMg(500, mgIn('µg') ?? 0), toMg(1.5, mgIn('kg') ?? 0)]).toEqual([70, 0.5, 1.5e6]);
    expect([mgIn('lb'), mgIn('MG'), mgIn('toString')]).toEqual([undefined, undefined, undefined]);
  });

  it('has a display step of 0.01 mg at 5 decimals of a gram', () => {
    expect(stepMg(5, 1000)).toBe(0.01);
  });
});
