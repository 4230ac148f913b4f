// `--plant`, `--compensation off` and the loss lines: what holds a dose back becomes visible from the command line.
import { beforeAll, describe, expect, it } from 'vitest';
import { Limits } from '../../firmware/core/limits.ts';
import { P_BACK_PA, PROGRAM_FIELDS } from '../../firmware/core/program.ts';
import { runCli } from '../../tools/cli.ts';
import { lossesOf } from '../../tools/losses.ts';
import { plantKeys, withPlant } from '../../tools/plant.ts';
import { readyToRun } from '../../tools/source.ts';
import { Truth } from '../../sim/truth.ts';
import { recordingDesk } from './recording-desk.ts';

const RUN = ['run', 'mesolift-face', '--set', 'pricks=6', '--json'];

interface Last {
  done: number;
  commandedNl: number;
  faults: number[];
  truth: { deliveredNl: number };
}

async function run(...args: string[]): Promise<{ exit: number; last: Last; stderr: string }> {
  const desk = recordingDesk();
  const exit = await runCli([...RUN, ...args], desk);
  return { exit, last: JSON.parse(desk.stdout.trimEnd().split('\n').at(-1) ?? 'null') as Last, stderr: desk.stderr };
}

describe('--compensation off', () => {
  let withIt = 0;
  beforeAll(async () => {
    const { last } = await run();
    withIt = last.truth.deliveredNl / last.commandedNl;
  }, 60_000);

  it('loses what the compliance of a 1 mL syringe holds: more than 15 % of 5 µL, less than 5 % off with it on', async () => {
    const { exit, last } = await run('--compensation', 'off');
    expect(exit).toBe(0);
    expect(Math.abs(withIt - 1)).toBeLessThan(0.05);
    expect(last.truth.deliveredNl / last.commandedNl).toBeLessThan(0.85);
  }, 60_000);

  it('is no programme that a gun would take: one without back pressure is refused by name', () => {
    const words = readyToRun('mesolift-face', ['pricks=12']).plan.program.slice();
    words[P_BACK_PA] = 0;
    const limits = new Limits();
    expect(limits.judge(words, words.length)).not.toBe(0);
    expect(PROGRAM_FIELDS[limits.refusal[1] ?? -1]).toBe('backPa');
  });

  it('is refused for a gun at the end of a wire, with exit 2', async () => {
    const { exit, stderr } = await run('--compensation', 'off', '--port', 'tcp://127.0.0.1:9');
    expect([exit, stderr.includes('is for the simulated gun')]).toEqual([2, true]);
  });
});

describe('--plant', () => {
  it('lets hyaluronic acid of 15 mg/mL through 30G leave more than a fifth behind', async () => {
    const { exit, last } = await run('--plant', 'hyaluronicMgPerMl=15');
    expect(exit).toBe(0);
    expect(last.truth.deliveredNl / last.commandedNl).toBeLessThan(0.8);
  }, 120_000);

  it.each([1, 2, 3])(
    'lets 50 µL of air in the barrel be found out by the gun in each of 6 pricks, with exit 5, seed %i',
    async (seed) => {
      const { exit, last, stderr } = await run('--plant', 'syringe.bubbleUl=50', '--seed', String(seed));
      expect([exit, last.done, stderr.includes('6 of 6 doses came without the force of a flow')]).toEqual([5, 0, true]);
    },
    60_000,
  );

  it('changes what it names and leaves the rest of the world alone', () => {
    const world = withPlant({ seed: 3, syringe: { boreMm: 4.78, glideN: 2 } }, ['syringe.boreMm=8.66', 'viscosityMpas=1.6']);
    expect(world).toEqual({ seed: 3, viscosityMpas: 1.6, syringe: { boreMm: 8.66, glideN: 2 } });
    expect(plantKeys()).toContain('syringe.complianceUlPerKpa');
  });

  it.each([
    ['syringe.bubleUl=1', 'did you mean syringe.bubbleUl?'],
    ['viscosityMpas=thick', 'the value is no number'],
    ['viscosityMpas=-1', '>0'],
  ])('refuses %s', (pair, says) => {
    let text = '';
    try {
      withPlant({}, [pair]);
    } catch (error) {
      text = Object.values(error as Record<string, string>).join(' ');
    }
    expect(text).toContain(says);
  });
});

describe('losses', () => {
  it('account for every microlitre that the stopper moved', () => {
    const truth = new Truth({ trace: false });
    Object.assign(truth.begin(), { tissueUl: 4.5, refluxUl: 0.2, exposedUl: 0.1, airUl: 1, stopperUl: 6 });
    Object.assign(truth.begin(), { tissueUl: 5.5, refluxUl: 0, exposedUl: 0.1, airUl: 0.5, stopperUl: 6.2 });
    const losses = lossesOf(truth, 10_000);
    expect(losses).not.toBeNull();
    if (losses === null) return;
    const { askedUl, beyondUl, stayedUl, refluxUl, bevelUl, dripUl, heldUl } = losses;
    expect(askedUl).toBe(5);
    expect(beyondUl).toBeCloseTo(1.1, 12);
    expect(stayedUl + refluxUl + bevelUl + dripUl + heldUl).toBeCloseTo(askedUl + beyondUl, 12);
    expect(lossesOf(new Truth({ trace: false }), 10_000)).toBeNull();
  });
});
