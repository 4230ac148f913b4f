// `mesogun instrument`: what a technician sees who tries a cable.
import { describe, expect, it } from 'vitest';
import { runCli } from '../../../tools/cli.ts';
import { recordingDesk } from '../recording-desk.ts';

describe('mesogun instrument', () => {
  it('says who the balance is and weighs three times', async () => {
    const desk = recordingDesk();
    expect(await runCli(['instrument', 'balance', '--balance', 'sim:mt-sics', '--count', '3'], desk)).toBe(0);
    expect(desk.stderr).toContain('SIM220, serial number S000000001; shows 0.01 mg, weighs up to 220 g');
    expect(desk.stdout.trim().split('\n')).toHaveLength(3);
    expect(desk.stdout).toMatch(/^ +-?0\.0\d mg {2}stable$/m);
  });

  it('gives identity and weight as JSON lines', async () => {
    const desk = recordingDesk();
    expect(await runCli(['instrument', 'balance', '--balance', 'sim:mt-sics?readabilityMg=0.1', '--json'], desk)).toBe(0);
    const events = desk.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toMatchObject({ event: 'balance', model: 'SIM220', readabilityMg: 0.1, capacityMg: 220_000 });
    expect(events[1]).toMatchObject({ event: 'weight', stable: true });
  });

  it('watches until Ctrl-C, about ten weights a second', async () => {
    const desk = recordingDesk({ onOut: (_text, of) => of.stdout.split('\n').length > 5 && of.interrupt() });
    const fromMs = performance.now();
    expect(await runCli(['instrument', 'balance', '--balance', 'sim:mt-sics', '--watch'], desk)).toBe(0);
    expect(desk.stdout.trim().split('\n').length).toBeGreaterThanOrEqual(5);
    expect(performance.now() - fromMs).toBeGreaterThan(400);
    expect(desk.listenerCount).toBe(0);
  });

  it('reads the gauge twice', async () => {
    const desk = recordingDesk();
    expect(await runCli(['instrument', 'gauge', '--gauge', 'sim:mitutoyo', '--count', '2'], desk)).toBe(0);
    expect(desk.stdout).toMatch(/^( +-?0\.00\d mm\n){2}$/);
  });

  it.each([
    [['balance'], 2, '--balance <where>'],
    [['balance', '--balance', 'typed'], 2, 'nobody to type'],
    [['balance', '--balance', 'sim:foo'], 2, 'write sim:mt-sics'],
    [['balance', '--balance', 'serial:/dev/no-such-port'], 4, 'there is no such port'],
    [['gauge', '--gauge', 'tcp://127.0.0.1:1'], 4, 'no gauge at tcp://127.0.0.1:1'],
    [['gauge', '--gauge', 'sim:mitutoyo', '--count', '0'], 2, 'from 1 to 10000'],
  ])('ends %j with exit %d and says %s', async (words, code, says) => {
    const desk = recordingDesk();
    expect(await runCli(['instrument', ...words], desk)).toBe(code);
    expect(desk.stderr).toContain(says);
  });
});
