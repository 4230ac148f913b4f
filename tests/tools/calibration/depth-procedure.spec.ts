// The depth procedure on a gun made of sums: it finds what is hidden, and each guard rail fires.
import { describe, expect, it } from 'vitest';
import { DepthProcedure, TIP_WITHIN_UM } from '../../../tools/calibration/depth-procedure.ts';
import type { Conclusion } from '../../../tools/calibration/conclusion.ts';
import { memoryLog } from '../../../tools/calibration/reading-log.ts';
import type { Outcome } from '../../../tools/calibration/step-machine.ts';
import { StepMachine } from '../../../tools/calibration/step-machine.ts';
import type { HiddenTruth } from './model-bench.ts';
import { ModelBench, TRUTH } from './model-bench.ts';

function setUp(bench: ModelBench): { procedure: DepthProcedure; machine: StepMachine } {
  const procedure = new DepthProcedure({ gun: bench.gun, gauge: bench.gauge, needleName: '30G 13 mm', inForce: null });
  const log = memoryLog({ log: 1, kind: 'depth', gunId: '77', who: 'Ada', at: '', plan: {} });
  return { procedure, machine: new StepMachine({ steps: procedure.steps, log, who: 'Ada', now: () => '' }) };
}

async function walk(machine: StepMachine): Promise<Outcome | null> {
  let last: Outcome | null = null;
  while (machine.current !== null) {
    last = await machine.perform();
    if (last.kind !== 'done') return last;
  }
  return last;
}

async function calibrate(needle: HiddenTruth['needle'], seed: number): Promise<{ conclusion: Conclusion; bench: ModelBench }> {
  const bench = new ModelBench({ ...TRUTH, needle }, seed);
  const { procedure, machine } = setUp(bench);
  const end = await walk(machine);
  if (end?.kind !== 'done') throw new Error(JSON.stringify(end));
  return { conclusion: procedure.conclude(machine.readings), bench };
}

describe('depth procedure', () => {
  it('brings a tip that is 110 µm deep, 1200 ppm long and 6 µm periodic within 10 µm at depths nobody measured (seed 1)', async () => {
    const { conclusion, bench } = await calibrate(TRUTH.needle, 1);
    expect(conclusion.verdict).toBe('pass');
    expect(conclusion.numbers['offsetUm']).toBeCloseTo(110, -1);
    expect(conclusion.numbers['gainPpm']).toBeCloseTo(1200, -3);
    bench.trial = conclusion.section;
    for (const um of [1200, 2700, 5500, 9100]) {
      await bench.gun.needleTo(um - 300, 5000);
      await bench.gun.needleTo(um, 5000);
      expect(Math.abs(bench.trueTipUm() - um)).toBeLessThan(10);
    }
  });

  it('holds ± 50 µm on 40 drawn needles (seeds 1 to 40)', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const needle = { offsetUm: 12 * seed - 240, gainPpm: 60 * seed, period: { amplitudeUm: seed / 4, phaseRad: seed }, backlashUm: seed };
      const { conclusion } = await calibrate(needle, seed);
      expect(conclusion.verdict, `seed ${seed}`).toBe('pass');
      expect(Math.abs(conclusion.numbers['worstErrorUm'] ?? 1000)).toBeLessThan(TIP_WITHIN_UM);
    }
  });

  it('refuses a reading of 37 mm where 3.7 mm was meant, and takes it again (seed 1)', async () => {
    const bench = new ModelBench(TRUTH, 1);
    bench.gaugeMistake = { reading: 3, mm: 33.3 };
    const { procedure, machine } = setUp(bench);
    expect(await walk(machine)).toMatchObject({ kind: 'refused', step: { id: 'gauge-down-2' }, findings: [{ code: 'range' }] });
    expect(await walk(machine)).toMatchObject({ kind: 'done' });
    expect(procedure.conclude(machine.readings).verdict).toBe('pass');
  });

  it('finds a reading that is 0.2 mm off among 14, names it, and passes after it is taken again (seed 1)', async () => {
    const bench = new ModelBench(TRUTH, 1);
    bench.gaugeMistake = { reading: 6, mm: 0.2 };
    const { procedure, machine } = setUp(bench);
    const end = await walk(machine);
    expect(end).toMatchObject({ kind: 'refused', findings: [{ code: 'outlier', step: 'gauge-down-5' }] });
    machine.redo('gauge-down-5');
    expect(await walk(machine)).toMatchObject({ kind: 'done' });
    expect(procedure.conclude(machine.readings).verdict).toBe('pass');
  });

  it('stops when the tip does not follow: 0.55 mm of play between down and up (seed 1)', async () => {
    const bench = new ModelBench({ ...TRUTH, needle: { ...TRUTH.needle, offsetUm: -100, backlashUm: 550 } }, 1);
    const end = await walk(setUp(bench).machine);
    expect(end?.kind).toBe('refused');
    expect(end?.kind === 'refused' ? end.findings.map((finding) => finding.code) : []).toContain('correlation');
  });

  it('takes verification readings again after a reading of the fit was withdrawn (seed 1)', async () => {
    const { machine } = setUp(new ModelBench(TRUTH, 1));
    while (machine.current?.id !== 'verify-3') await machine.perform();
    machine.redo('gauge-up-2');
    expect([...machine.readings.keys()].filter((step) => step.startsWith('verify-'))).toEqual([]);
    expect(await walk(machine)).toMatchObject({ kind: 'done' });
    expect([...machine.readings.keys()].filter((step) => step.startsWith('verify-'))).toHaveLength(7);
  });
});
