// The MT-SICS driver on wires that lose, double, spoil and refuse: scripted far ends, in virtual time.
import { describe, expect, it } from 'vitest';
import { draw } from '../../../sim/random.ts';
import type { Balance, BalanceError } from '../../../tools/instruments/balance.ts';
import { LoneBench } from '../../../tools/instruments/lone-bench.ts';
import { openMtSics } from '../../../tools/instruments/mt-sics.ts';
import { sideWire } from '../../../tools/instruments/side-wire.ts';
import type { InstrumentWire } from '../../../tools/instruments/wire.ts';

/** A wire whose far end is a function of the command lines, on the clock of an empty bench. */
function scripted(answer: (line: string, count: number) => string): InstrumentWire {
  const lone = new LoneBench();
  const line = lone.bench.connectBalance();
  const counts = new Map<string, number>();
  let partial = '';
  line.plug({
    hear: (text) => {
      partial += text;
      for (let end = partial.indexOf('\r\n'); end >= 0; end = partial.indexOf('\r\n')) {
        const command = partial.slice(0, end);
        partial = partial.slice(end + 2);
        if (command === '') continue;
        counts.set(command, (counts.get(command) ?? 0) + 1);
        line.say(answer(command, counts.get(command) ?? 0));
      }
    },
  });
  return sideWire('scripted', line, () => lone.clock.nowUs);
}

/** A faultless balance of 220 g and 0.1 mg with 12.3456 g on it. */
const faultless = (command: string): string =>
  ({
    '@': 'I4 A "B1"\r\n',
    I4: 'I4 A "B1"\r\n',
    I2: 'I2 A "X 220.0000 g"\r\n',
    S: 'S S    12.3456 g\r\n',
    SI: 'S S    12.3456 g\r\n',
    T: 'T S    12.3456 g\r\n',
  })[command] ?? 'ES\r\n';

const open = (answer: (line: string, count: number) => string): Promise<Balance> => openMtSics(scripted(answer));

describe('MT-SICS driver on a bad wire', () => {
  it('meets a balance whose first three answers are lost, spoilt and doubled', async () => {
    const balance = await open((command, count) => {
      if (command === '@' && count === 1) return '';
      if (command === 'I2' && count === 1) return 'I2 A "X 22\x9a0.0000 g\r\n';
      if (command === 'SI' && count === 1) return faultless('SI') + faultless('SI');
      return faultless(command);
    });
    expect((await balance.stable()).mg).toBe(12_345.6);
  });

  it('does not believe 2.3456 g where a digit was lost, and asks again', async () => {
    const balance = await open((command, count) => (command === 'S' && count === 1 ? 'S S    2.3456 g\r\n' : faultless(command)));
    expect((await balance.stable()).mg).toBe(12_345.6);
  });

  it('believes a coarser display when it comes four times', async () => {
    const balance = await open((command) => (command === 'S' ? 'S S    123.456 g\r\n' : faultless(command)));
    expect((await balance.stable()).mg).toBe(123_456);
  });

  it.each([
    ['silent', () => ''],
    ['garbled', () => 'kp 12 34\r\n'],
    ['refused', () => 'ES\r\n'],
    ['faulty', (command: string) => (command === 'SI' ? 'S S    Error 10b\r\n' : faultless(command))],
    ['refused', (command: string) => (command === 'I2' ? 'I2 I\r\n' : faultless(command))],
    ['unit', (command: string) => (command.startsWith('S') ? 'S S    12.3456 lb\r\n' : faultless(command))],
  ])('says %s with what, why and what next', async (trouble, answer) => {
    const error = await open(answer).catch((thrown: unknown) => thrown as BalanceError);
    expect(error).toMatchObject({ trouble, exit: 4 });
    expect((error as BalanceError).why).not.toBe('');
    expect((error as BalanceError).next).not.toBe('');
  });

  it('says silent, not unstable, when the answers stop in the middle of a session', async () => {
    let dead = false;
    const balance = await open((command) => (dead ? '' : faultless(command)));
    dead = true;
    await expect(balance.stable(5000)).rejects.toMatchObject({ trouble: 'silent' });
  });

  it('gives the right weight or an error, never another weight, where 1 byte in 200 is lost and 1 in 200 is noise, seeds 1 to 60', async () => {
    let right = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      let bytes = 0;
      const spoil = (text: string): string =>
        Array.from({ length: text.length }, (_, at) => text.charAt(at))
          .map((byte) => {
            bytes += 1;
            const chance = draw(seed, 'noise', bytes);
            return chance < 0.005 ? '' : chance < 0.01 ? byte + String.fromCharCode(Math.floor(chance * 5100) + 128) : byte;
          })
          .join('');
      try {
        const balance = await open((command) => spoil(faultless(command)));
        for (let n = 0; n < 10; n += 1) {
          expect((await balance.stable(20_000)).mg).toBe(12_345.6);
          right += 1;
        }
      } catch (error) {
        expect(error).toMatchObject({ name: 'BalanceError' });
      }
    }
    expect(right).toBeGreaterThan(500);
  });

  it('drops a weight that nobody asked for', async () => {
    const balance = await open((command) => (command === 'T' ? 'S S    99.9999 g\r\nT S    12.3456 g\r\n' : faultless(command)));
    await balance.tare();
    expect((await balance.stable()).mg).toBe(12_345.6);
  });
});
