// The dose that reaches the layer, on a calibrated gun over the spread of guns, syringes and skin; and what is refused.
import { describe, expect, it } from 'vitest';
import { doseCell, doseRow } from '../../tools/dose-table.ts';

describe('dose table', () => {
  it('1 mL, 10 µL into the dermis: bias within 2 %, CV within 5 %, 800 pricks of 8 guns, seeds 1 to 8', async () => {
    const cell = await doseCell({ syringe: '1ml', doseUl: 10, layer: 'dermis', product: 'saline', needle: '32g-4mm' }, 800);
    expect(cell.refused).toBe('');
    expect(Math.abs(cell.biasPercent)).toBeLessThanOrEqual(2);
    expect(cell.cvPercent).toBeLessThanOrEqual(5);
    expect(Math.abs(cell.depthBiasMm)).toBeLessThanOrEqual(0.1);
    expect(cell.depthSdMm).toBeLessThanOrEqual(0.3);
  }, 120_000);

  it('5 mL, 10 µL into the dermis is refused, with the reason and the syringe that would do', async () => {
    const cell = await doseCell({ syringe: '5ml', doseUl: 10, layer: 'dermis', product: 'saline', needle: '32g-4mm' }, 100);
    expect(cell.refused).toMatch(/compliance holds back .* syringe 1ml would do/);
    expect(doseRow(cell)).toContain('| refused: ');
  });
});
