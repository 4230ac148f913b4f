// `--balance` and `--gauge`: what they may say, and what a person reads when they cannot be read.
import { describe, expect, it } from 'vitest';
import { numberKey } from '../../../tools/instruments/instrument-spec.ts';
import { openBalance, parseBalance } from '../../../tools/instruments/open-balance.ts';
import { openGauge, parseGauge } from '../../../tools/instruments/open-gauge.ts';
import { WALL_CLOCK } from '../../../tools/instruments/place.ts';
import { readSerialSettings, writeSerialSettings } from '../../../tools/instruments/serial-settings.ts';

const nowhere = { virtual: null, clock: WALL_CLOCK };

describe('--balance', () => {
  it.each([
    ['sim:mt-sics', { kind: 'sim', model: 'mt-sics' }],
    ['sim:mt-sics?tip=hanging&readabilityMg=0.1', { kind: 'sim', model: 'mt-sics' }],
    ['serial:/dev/ttyUSB0', { kind: 'serial', path: '/dev/ttyUSB0', settings: null }],
    ['serial:COM3,2400,7E1', { kind: 'serial', path: 'COM3', settings: { baudRate: 2400, dataBits: 7, parity: 'even', stopBits: 1 } }],
    ['serial:COM3,19200', { kind: 'serial', path: 'COM3', settings: { baudRate: 19_200, dataBits: 8, parity: 'none', stopBits: 1 } }],
    ['tcp://127.0.0.1:7002', { kind: 'tcp', host: '127.0.0.1', port: 7002 }],
    ['typed?readabilityMg=0.1', { kind: 'typed' }],
  ])('reads %s', (text, way) => {
    expect(parseBalance(text).way).toEqual(way);
  });

  it.each([
    ['', 'not an instrument'],
    ['mt-sics', 'not an instrument'],
    ['/dev/ttyUSB0', 'not an instrument'],
    ['serial:', 'no path'],
    ['serial:COM3,9600,9X1', "'9600,9X1' are no serial settings"],
    ['tcp://127.0.0.1', 'host and port'],
    ['tcp:7002', 'host and port'],
    ['sim:mt-sics?colour=red', "'colour' is not a setting"],
    ['typed?capacityG=1&capacityG=2', 'twice'],
  ])('refuses %j with exit 2: %s', (text, says) => {
    expect(() => parseBalance(text)).toThrow(
      expect.objectContaining({ exit: 2, message: expect.stringContaining(says) as string }) as Error,
    );
  });

  it.each([
    ['sim:kern', "no simulated 'kern'"],
    ['sim:mt-sics?tip=upside-down', 'no way to hold'],
    ['sim:mt-sics?capacityG=0', 'from 1 to 100000'],
    ['sim:mt-sics?mouthMm=-1', 'from 0 to 50'],
    ['sim:mt-sics', 'beside a simulated gun'],
    ['typed', 'nobody to type'],
  ])('does not open %s here, exit 2: %s', async (text, says) => {
    await expect(openBalance(text, nowhere)).rejects.toMatchObject({ exit: 2, message: expect.stringContaining(says) as string });
  });

  it('says who serves a balance when nothing listens on its port, exit 4', async () => {
    await expect(openBalance('tcp://127.0.0.1:1', nowhere)).rejects.toMatchObject({
      exit: 4,
      message: 'no balance at tcp://127.0.0.1:1',
      next: expect.stringContaining('--balance-port 1') as string,
    });
  });

  it('says which ports there are when its own is not, exit 4', async () => {
    await expect(openBalance('serial:/dev/no-such-balance', nowhere)).rejects.toMatchObject({ exit: 4, why: 'there is no such port' });
  });

  it('has a usual value for a key that is not given', () => {
    expect(numberKey(parseBalance('typed'), 'readabilityMg', 0.01, 0.001, 1000)).toBe(0.01);
    expect(numberKey(parseBalance('typed?readabilityMg=0.5'), 'readabilityMg', 0.01, 0.001, 1000)).toBe(0.5);
  });
});

describe('--gauge', () => {
  it.each(['sim:mitutoyo', 'sim:typed', 'serial:/dev/ttyACM1', 'tcp://127.0.0.1:7003', 'typed?resolutionMm=0.001', 'serial:COM4?unit=mm'])(
    'reads %s',
    (text) => {
      expect(parseGauge(text).text).toBe(text);
    },
  );

  it.each([
    ['serial:COM4?unit=inch', 'not a unit here'],
    ['typed?tip=hanging', "'tip' is not a setting"],
    ['caliper', 'not an instrument'],
  ])('refuses %s with exit 2: %s', (text, says) => {
    expect(() => parseGauge(text)).toThrow(expect.objectContaining({ exit: 2, message: expect.stringContaining(says) as string }) as Error);
  });

  it.each([
    ['sim:mitutoyo', 'beside a simulated gun'],
    ['sim:tesa', "no simulated 'tesa'"],
    ['typed', 'nobody to type'],
  ])('does not open %s here, exit 2: %s', async (text, says) => {
    await expect(openGauge(text, nowhere)).rejects.toMatchObject({ exit: 2, message: expect.stringContaining(says) as string });
  });
});

describe('serial settings', () => {
  it.each(['9600,8N1', '2400,7E1', '1200,7O1', '115200,8N2'])('reads and writes %s', (text) => {
    const settings = readSerialSettings(text);
    expect(settings && writeSerialSettings(settings)).toBe(text);
  });

  it.each(['', '12', '9600,8N3', '9600,5N1', '9600 8N1', '9600,8n1'])('does not read %j', (text) => {
    expect(readSerialSettings(text)).toBeUndefined();
  });
});
