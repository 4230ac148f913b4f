// A few guns with hidden tolerances, calibrated as a technician would and judged in the plant's truth. The table of many:
// `npm run table:calibration`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableRow } from './table.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guns-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('guns with hidden tolerances', () => {
  it.each([2, 3])(
    'gun %i: PASS, then 40 fresh doses of 10 µL within bias 0.5 and CV 1.5 percent and eight fresh depths within 0.05 mm, in truth',
    async (gun) => {
      const row = await tableRow(gun, folder);
      expect(row.dosePass).toBe(true);
      expect(row.depthPass).toBe(true);
      expect(Math.abs(row.doseAfter.biasPercent)).toBeLessThanOrEqual(0.5);
      expect(row.doseAfter.cvPercent).toBeLessThanOrEqual(1.5);
      expect(row.depthAfter.worstUm).toBeLessThanOrEqual(50);
      expect(Math.abs(row.doseBefore.biasPercent)).toBeGreaterThan(Math.abs(row.doseAfter.biasPercent));
      expect(row.depthBefore.worstUm).toBeGreaterThan(row.depthAfter.worstUm);
    },
    60_000,
  );
});
