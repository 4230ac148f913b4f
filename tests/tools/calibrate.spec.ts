// `mesogun calibrate` and `mesogun certify` on the virtual gun with its chips, its liquid and the instruments beside it; judged in
// the truth that the calibration cannot see.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hiddenTolerances } from '../../sim/hidden-tolerances.ts';
import { kitOf } from '../../tools/calibration/kit.ts';
import { RecordStore } from '../../tools/calibration/record-store.ts';
import { runCli } from '../../tools/cli.ts';
import { EXIT_FILE, EXIT_OK, EXIT_TOLERANCE, EXIT_USAGE } from '../../tools/errors.ts';
import { recordingDesk } from './recording-desk.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'calibrate-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Event {
  readonly event: string;
  readonly kind: string;
  readonly verdict: string;
  readonly scope: string;
  readonly biasPercent: number | null;
  readonly cvPercent: number | null;
  readonly n: number;
  readonly k: number | null;
  readonly recordSha256: string;
  readonly certifies: string | null;
  readonly certificate: string;
  readonly withdrawn: number;
  readonly numbers: Record<string, number>;
}

async function run(...words: string[]): Promise<{ code: number; event: Event | null; stderr: string; stdout: string }> {
  const desk = recordingDesk({ env: { MESOGUN_TECHNICIAN: 'Ada' } });
  const code = await runCli([...words, '--records', folder, '--yes', '--json'], desk);
  const last = desk.stdout.trim().split('\n').at(-1) ?? '';
  return { code, event: last === '' ? null : (JSON.parse(last) as Event), stderr: desk.stderr, stdout: desk.stdout };
}

describe('mesogun calibrate on the virtual gun', () => {
  it('certify refuses a gun without a calibration in force: exit 3 (seed 21, gun 21)', async () => {
    const { code, stderr } = await run('certify', 'dose', '--balance', 'sim:mt-sics', '--seed', '21', '--gun', '21');
    expect(code).toBe(EXIT_FILE);
    expect(stderr).toContain('has no calibration in force: dose of 1ml with 30g-13mm');
  });

  it('dose: PASS with bias within 0.5 %, CV within 1.5 %, n 20, k 3.154, then certify verifies that record (seed 4, gun 4)', async () => {
    const made = await run('calibrate', 'dose', '--balance', 'sim:mt-sics', '--seed', '4', '--gun', '4');
    expect(made.code).toBe(EXIT_OK);
    expect(made.event).toMatchObject({ event: 'calibration', kind: 'dose', verdict: 'pass', scope: 'all', n: 20, certifies: null });
    expect(made.event?.k).toBeCloseTo(3.154, 3);
    expect(Math.abs(made.event?.biasPercent ?? 9)).toBeLessThan(0.5);
    expect(made.event?.cvPercent ?? 9).toBeLessThan(1.5);
    const page = readFileSync(made.event?.certificate ?? '', 'utf8');
    expect(page).toContain('SIMULATED GUN');
    expect(page).toContain(made.event?.recordSha256);
    const checked = await run('certify', 'dose', '--balance', 'sim:mt-sics', '--seed', '4', '--gun', '4');
    expect(checked.code).toBe(EXIT_OK);
    expect(checked.event?.certifies).toBe(made.event?.recordSha256);
  });

  it('dose: the record of one gun is no use on another: certify FAILS with exit 6 or refuses (seed 4, gun 9)', async () => {
    const { code, event } = await run('certify', 'dose', '--balance', 'sim:mt-sics', '--seed', '4', '--gun', '9');
    expect([EXIT_TOLERANCE, EXIT_FILE]).toContain(code);
    expect(event?.verdict ?? 'fail').toBe('fail');
  });

  it('depth: PASS, every fresh depth within 0.05 mm (seed 5, gun 5)', async () => {
    const { code, event } = await run('calibrate', 'depth', '--gauge', 'sim:mitutoyo', '--seed', '5', '--gun', '5');
    expect(code).toBe(EXIT_OK);
    expect(event).toMatchObject({ kind: 'depth', verdict: 'pass' });
    expect(Math.abs(event?.numbers['worstErrorUm'] ?? 99)).toBeLessThan(50);
  });

  it('depth: a mistyped reading is found, named, taken again, and told in the record (seed 6, gun 6)', async () => {
    const { code, event, stderr } = await run(
      'calibrate',
      'depth',
      '--gauge',
      'sim:typed',
      '--seed',
      '6',
      '--gun',
      '6',
      '--fault',
      'gauge.mistyped@at=20000',
    );
    expect(code).toBe(EXIT_OK);
    expect(stderr).toContain('a mistyped figure');
    expect(readFileSync(event?.certificate ?? '', 'utf8')).toContain('range: the gauge shows');
  });

  it('compliance: a push and three loops on the closed needle find C within 5 %, glide 3 %, break-loose 6 %, play 4 µm of the plant (seed 3, gun 3)', async () => {
    const { code, event } = await run('calibrate', 'compliance', '--fault', 'plunger.occluded@at=0', '--seed', '3', '--gun', '3');
    expect(code).toBe(EXIT_OK);
    const { compliance, area, friction, backlashMm } = hiddenTolerances(3);
    const { boreMm, complianceUlPerKpa, rodNPerMm, glideN, breakLooseN } = kitOf('1ml', '30g-13mm').syringe;
    const plainMm2 = (Math.PI * boreMm * boreMm) / 4;
    const rodShare = (1e-3 * plainMm2 ** 2) / rodNPerMm;
    const truth = (complianceUlPerKpa - rodShare) * compliance + rodShare * area ** 2;
    const found = (name: string): number => event?.numbers[name] ?? 0;
    expect(Math.abs(found('complianceUlPerKpa') / truth - 1)).toBeLessThan(0.05);
    expect(Math.abs(found('glideMn') / (1000 * glideN * friction) - 1)).toBeLessThan(0.03);
    expect(Math.abs(found('breakLooseMn') / (1000 * breakLooseN * friction) - 1)).toBeLessThan(0.06);
    expect(Math.abs(found('fromRestMn') / (1000 * breakLooseN * friction) - 1)).toBeLessThan(0.08);
    expect(Math.abs(found('backlashUm') - 1000 * backlashMm)).toBeLessThan(4);
    const store = new RecordStore(folder);
    const inForce = store.inForce('3', 'compliance', { syringe: '1ml', needle: '30g-13mm' }, Math.floor(Date.now() / 86_400_000));
    expect(inForce.sha256).toBe(event?.recordSha256);
  });

  it('dose: takes compliance, friction and play from the compliance calibration in force, and says so (seed 3, gun 3)', async () => {
    const { code, event } = await run('calibrate', 'dose', '--balance', 'sim:mt-sics', '--seed', '3', '--gun', '3');
    expect(code).toBe(EXIT_OK);
    const page = readFileSync(event?.certificate ?? '', 'utf8');
    expect(page).toMatch(/µL\/kPa, measured \d{4}-/);
    expect(page).toMatch(/break-loose 2\.\d+ N, glide 1\.\d+ N, play 5\d µm/);
  });

  it('compliance: an open needle is a FAIL with exit 6, never a figure (seed 3, gun 3)', async () => {
    const { code, stderr } = await run('calibrate', 'compliance', '--seed', '3', '--gun', '3');
    expect(code).toBe(EXIT_TOLERANCE);
    expect(stderr).toMatch(/FAILS {2}against the library|close the needle tightly/);
  });

  it('refuses an unknown syringe, a balance that is none, and a dose out of range: exit 2', async () => {
    expect((await run('calibrate', 'dose', '--balance', 'sim:mt-sics', '--syringe', '2ml')).code).toBe(EXIT_USAGE);
    expect((await run('calibrate', 'dose', '--balance', 'sim:kitchen')).code).toBe(EXIT_USAGE);
    expect((await run('calibrate', 'dose', '--balance', 'sim:mt-sics', '--dose-ul', '300')).code).toBe(EXIT_USAGE);
  });

  it('refuses 10 µL on a balance of 10 mg, and says how many shots that would take: exit 6', async () => {
    const { code, stderr } = await run('calibrate', 'dose', '--balance', 'sim:mt-sics?readabilityMg=10');
    expect(code).toBe(EXIT_TOLERANCE);
    expect(stderr).toContain('283 shots');
  });
});
