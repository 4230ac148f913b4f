// Load cells, travel wheel and chip clocks of virtual guns, calibrated with the hands of a virtual technician and judged against what
// the guns hide; and every guard rail of these procedures, each made to fire.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gauss } from '../../../sim/random.ts';
import { hiddenTolerances } from '../../../sim/hidden-tolerances.ts';
import { handed } from '../../../tools/calibrate-run.ts';
import { attended, unattended } from '../../../tools/calibration/attendants.ts';
import { evenSpeed } from '../../../tools/calibration/clock-procedure.ts';
import type { CellPlan, Load } from '../../../tools/calibration/force-judge.ts';
import { CELLS, cellVerdict, fitLoads, forceMn, loadFindings, readingFindings } from '../../../tools/calibration/force-judge.ts';
import { ForceProcedure } from '../../../tools/calibration/force-procedure.ts';
import { kitOf } from '../../../tools/calibration/kit.ts';
import { memoryLog } from '../../../tools/calibration/reading-log.ts';
import { RecordStore } from '../../../tools/calibration/record-store.ts';
import { sensorsOf } from '../../../tools/calibration/sensor-section.ts';
import { keep, recordFor, walk } from '../../../tools/calibration/session.ts';
import type { Attendant } from '../../../tools/calibration/session.ts';
import { steadyReading } from '../../../tools/calibration/steady-reading.ts';
import { TravelProcedure, markFindings } from '../../../tools/calibration/travel-procedure.ts';
import { runCli } from '../../../tools/cli.ts';
import { EXIT_OK } from '../../../tools/errors.ts';
import { openBench } from '../../../tools/open-bench.ts';
import type { OpenBench } from '../../../tools/open-bench.ts';
import { recordingDesk } from '../recording-desk.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sensors-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Event {
  readonly verdict: string;
  readonly n: number;
  readonly numbers: Record<string, number>;
}

async function calibrated(kind: 'force' | 'travel' | 'clock', gun: number): Promise<Record<string, number>> {
  const desk = recordingDesk({ env: { MESOGUN_TECHNICIAN: 'Ada' } });
  const words = ['calibrate', kind, '--gun', String(gun), '--seed', String(gun), '--records', folder, '--yes', '--json'];
  expect(await runCli(words, desk)).toBe(EXIT_OK);
  const event = JSON.parse(desk.stdout.trim().split('\n').at(-1) ?? '') as Event;
  expect(event.verdict).toBe('pass');
  return event.numbers;
}

describe('against what the gun hides', () => {
  it.each([3, 8])('force: counts a newton of both cells within 0.5 % of the truth (seed and gun %i)', async (gun) => {
    const { ringGain, pusherGain } = hiddenTolerances(gun);
    const numbers = await calibrated('force', gun);
    expect(Math.abs((numbers['ringCountsPerN'] ?? 0) / (200_000 * ringGain) - 1)).toBeLessThan(0.005);
    expect(Math.abs((numbers['pusherCountsPerN'] ?? 0) / (40_000 * pusherGain) - 1)).toBeLessThan(0.005);
  });

  it.each([3, 8])('travel: skin a count within 0.3 % of the truth (seed and gun %i)', async (gun) => {
    const numbers = await calibrated('travel', gun);
    expect(Math.abs(((numbers['wheelNmPerCount'] ?? 0) * hiddenTolerances(gun).wheel) / 10_000 - 1)).toBeLessThan(0.003);
  });

  it.each([3, 8])('clock: both chips within 0.1 percent points of the truth (seed and gun %i)', async (gun) => {
    const { needleClock, plungerClock } = hiddenTolerances(gun);
    const numbers = await calibrated('clock', gun);
    expect(Math.abs((numbers['needleClockPercent'] ?? 99) - 100 * (needleClock - 1))).toBeLessThan(0.1);
    expect(Math.abs((numbers['plungerClockPercent'] ?? 99) - 100 * (plungerClock - 1))).toBeLessThan(0.1);
  });
});

const NOW = (): Date => new Date('2026-03-01T09:30:00Z');

async function done(bench: OpenBench, kind: 'force' | 'travel', attendant: Attendant): Promise<string> {
  const { gun } = bench;
  const sensors = sensorsOf(await gun.sections());
  const procedure = kind === 'force' ? new ForceProcedure({ gun, sensors }) : new TravelProcedure({ gun, sensors });
  const log = memoryLog({ log: 1, kind, gunId: gun.gunId, who: 'Ada', at: NOW().toISOString(), plan: {} });
  const walked = await walk({ procedure, gun, log, who: 'Ada', attendant: handed(bench, attendant), now: NOW });
  const frame = { procedure, gun, technician: 'Ada', kit: null, instruments: [], log, certifies: null, now: NOW };
  const record = recordFor(frame, walked);
  expect(record.verdict).toBe('pass');
  return (await keep(new RecordStore(folder), gun, record, walked.conclusion, NOW)).sha256;
}

describe('one section on the gun', () => {
  it('R33: cells and wheel, measured one after the other, stand in it side by side and survive a restart (seed 5, gun 5)', async () => {
    const bench = await openBench({ ...kitOf('1ml', '30g-13mm'), gun: 5, seed: 5 }, recordingDesk());
    const desk = recordingDesk();
    await done(bench, 'force', unattended(desk));
    const sha256 = await done(bench, 'travel', unattended(desk));
    const sections = await bench.gun.sections();
    const { ringGain, pusherGain, wheel } = hiddenTolerances(5);
    expect(sections).toHaveLength(1);
    expect(sections[0]).toMatchObject({ kind: 'sensors', demo: false, sha256: sha256.slice(0, 8) });
    const { ringCountsPerN, pusherCountsPerN, wheelNmPerCount } = sensorsOf(sections);
    expect(Math.abs(ringCountsPerN / (200_000 * ringGain) - 1)).toBeLessThan(0.005);
    expect(Math.abs(pusherCountsPerN / (40_000 * pusherGain) - 1)).toBeLessThan(0.005);
    expect(Math.abs((wheelNmPerCount * wheel) / 10_000 - 1)).toBeLessThan(0.003);
    // Once more: what was stored is what the readings are taken with now, and nothing is left to correct.
    await done(bench, 'force', unattended(desk));
    expect(Math.abs(sensorsOf(await bench.gun.sections()).ringCountsPerN / ringCountsPerN - 1)).toBeLessThan(0.004);
    await bench.close();
  });

  it('a mass that somebody mistyped is named, laid on again, and the calibration passes (seed 6, gun 6)', async () => {
    const bench = await openBench({ ...kitOf('1ml', '30g-13mm'), gun: 6, seed: 6 }, recordingDesk());
    const desk = recordingDesk();
    let mistakes = 0;
    const ask = (question: string): Promise<string> => {
      if (!question.includes('Lay 300 g') || mistakes > 0) return Promise.resolve('');
      mistakes += 1;
      return Promise.resolve('317');
    };
    await done(bench, 'force', attended(desk, ask));
    expect(desk.stderr).toContain('the ring cell under 3.11 N lies');
    expect(Math.abs(sensorsOf(await bench.gun.sections()).ringCountsPerN / (200_000 * hiddenTolerances(6).ringGain) - 1)).toBeLessThan(
      0.005,
    );
    await bench.close();
  });
});

const [RING] = CELLS as [CellPlan];

/** Loads as a cell of this gain shows them, 2 mN of noise. */
function loads(gain = 1.02, seed = 1): Load[] {
  return [0, ...RING.fitGrams, 0].map((grams, index) => {
    const loadMn = forceMn(grams, 9.80665);
    return { step: `ring-fit-${index}`, loadMn, readMn: 30 + gain * loadMn + 2 * gauss(seed, 'cell', index) };
  });
}
const codes = (findings: readonly { readonly code: string }[]): string[] => findings.map((each) => each.code);
const changed = (all: Load[], at: number, byMn: number): Load[] =>
  all.map((each, index) => (index === at ? { ...each, readMn: each.readMn + byMn } : each));

describe('guard rails of the load cells', () => {
  it('a sound cell, 2 % off, raises nothing (seeds 1 to 20)', () => {
    for (let seed = 1; seed <= 20; seed++) expect(loadFindings(RING, loads(1.02, seed))).toEqual([]);
  });

  it('drift: a zero that walked by 60 mN while the weights were on', () => {
    const drifting = loads().map((each, index) => ({ ...each, readMn: each.readMn + 10 * index }));
    expect(codes(loadFindings(RING, drifting))).toContain('drift');
  });

  it('outlier: 300 g that read 90 mN too much are named, by the question for their mass', () => {
    const [finding] = loadFindings(RING, changed(loads(), 3, 90));
    expect(finding).toMatchObject({ level: 'stop', code: 'outlier', step: 'ring-fit-3-mass' });
  });

  it('correlation: a cell that bends away from the line', () => {
    const bent = loads().map((each) => ({ ...each, readMn: each.readMn - 0.00002 * each.loadMn ** 2 }));
    expect(codes(loadFindings(RING, bent))).toContain('correlation');
  });

  it('range: a cell that shows 60 % of what lies on it', () => {
    expect(codes(loadFindings(RING, loads(0.6)))).toEqual(['range']);
  });

  it('range and unstable: a reading as it comes, with no weight on the cell, and one that does not come to rest', () => {
    expect(readingFindings(RING, 'ring-fit-3', 2942, 5, true)[0]).toMatchObject({ code: 'range', step: 'ring-fit-3-mass' });
    expect(readingFindings(RING, 'ring-fit-3', 2942, 2942, false)[0]).toMatchObject({ code: 'unstable', step: 'ring-fit-3' });
    expect(readingFindings(RING, 'ring-fit-3', 2942, 2900, true)).toEqual([]);
  });

  it('the verdict fails for fresh weights that read 1.5 % too much with the new figure in use', () => {
    const line = fitLoads(loads());
    if (line === null) throw new Error('no line');
    const fresh = RING.freshGrams.map((grams, index) => {
      const loadMn = forceMn(grams, 9.80665);
      return { step: `ring-verify-${index}`, loadMn, readMn: 1.015 * loadMn };
    });
    expect(cellVerdict(RING, line, fresh, 0, 9.80665).criteria[0]?.holds).toBe(false);
  });

  it('a reading is taken again until both halves of it agree, and says so when they never do', async () => {
    let looks = 0;
    const settles = await steadyReading(() => Promise.resolve((looks += 1) < 60 ? 100 + looks : 160), 1);
    expect(settles).toMatchObject({ mean: 160, steady: true });
    expect((await steadyReading(() => Promise.resolve((looks += 1)), 1)).steady).toBe(false);
  });
});

describe('guard rails of the travel wheel and the clocks', () => {
  const marks = (gain = 0.99): Parameters<typeof markFindings>[0] =>
    [0, 1].flatMap((run) =>
      [0, 40, 80, 120, 160, 200].map((mm) => ({
        ...{ step: `fit-${run}-${mm}mm`, run, scaleMm: mm },
        wheelMm: 7 * run + gain * mm + 0.05 * gauss(1, 'marks', 10 * run + mm),
      })),
    );
  const off = (at: number, byMm: number): ReturnType<typeof marks> =>
    marks().map((each, index) => (index === at ? { ...each, wheelMm: each.wheelMm + byMm } : each));

  it('a sound wheel, 1 % off, raises nothing', () => {
    expect(markFindings(marks())).toEqual([]);
  });

  it('outlier: a mark that was mistyped by 2 mm is named, by its question', () => {
    expect(markFindings(off(4, 2))[0]).toMatchObject({ code: 'outlier', step: 'fit-0-160mm-mark' });
  });

  it('correlation: a wheel that slips more and more', () => {
    const slipping = marks().map((each) => ({ ...each, wheelMm: each.wheelMm - 0.0008 * each.scaleMm ** 2 }));
    expect(codes(markFindings(slipping))).toEqual(['correlation']);
  });

  it('range: a wheel that shows 70 % of the way', () => {
    expect(codes(markFindings(marks(0.7)))).toEqual(['range']);
  });

  it('a speed needs 20 places on the even part of the way, and is found to 1 in 10 000 from whole milliseconds', () => {
    const seen = (count: number): { um: number; atMs: number }[] =>
      Array.from({ length: count }, (_each, index) => ({
        um: Math.round((index * 11_500) / (count - 1)),
        atMs: Math.round((index * 5750) / (count - 1)),
      }));
    expect(evenSpeed(seen(20))).toBeNull();
    expect(Math.abs((evenSpeed(seen(140))?.umPerS ?? 0) / 2000 - 1)).toBeLessThan(1e-4);
  });
});
