// Every parameter of the plant: complete, within its own range, printed in the README; and what `--plant` moves does move.
import { describe, expect, it } from 'vitest';
import { FLUID } from '../../../protocols/fluid.ts';
import type { Parameter } from '../../../protocols/fluid.ts';
import { HYALURONIC } from '../../../protocols/fluid-shear.ts';
import { SITES, SKIN, meanSkin } from '../../../protocols/layers.ts';
import { BUILD, HAND } from '../../../sim/hand-parameters.ts';
import { DRIVE } from '../../../sim/plant/drive-parameters.ts';
import { SkinSpot } from '../../../sim/plant/tissue.ts';
import { MOVES, depotFactors, keyedSkin, skinKeys } from '../../../sim/plant-keys.ts';
import { plantKeys } from '../../../tools/plant.ts';
import { markdownTable, markedBlock } from '../../project/marked-block.ts';

const TABLES: readonly (readonly [string, Readonly<Record<string, Parameter>>])[] = [
  ['liquid', { ...FLUID, ...HYALURONIC }],
  ['skin', SKIN],
  ['drive', DRIVE],
  ['hand', HAND],
  ['build', BUILD],
];
const ROWS = TABLES.flatMap(([group, table]) => Object.entries(table).map(([name, row]) => ({ group, name, row })));

const keysOf = (row: Parameter): string =>
  Object.entries(MOVES)
    .filter(([, rows]) => rows.includes(row))
    .map(([key]) => `\`${key}\``)
    .join(', ');
const cell = (text: string): string => text.replaceAll('|', '\\|');

describe('parameters of the plant', () => {
  it.each(ROWS.map(({ group, name, row }) => [`${group} ${name}`, row] as const))(
    '%s has unit, status and source, and lies in its range',
    (_, row) => {
      expect(row.nominal).toBeGreaterThanOrEqual(row.low);
      expect(row.nominal).toBeLessThanOrEqual(row.high);
      expect(row.unit).not.toBe('');
      expect(row.source).toMatch(/^(Source|Chosen|Measured): /);
    },
  );

  it('stand in sim/plant/README.md as the code has them', () => {
    const printed = markdownTable(
      ['', 'parameter', 'nominal (range)', 'unit', 'status', 'from', '`--plant`'],
      ROWS.map(({ group, name, row }) => [
        ...[group, name, `${row.nominal} (${row.low} to ${row.high})`, row.unit, row.status, cell(row.source), keysOf(row)],
      ]),
    );
    expect(markedBlock('sim/plant/README.md', 'parameters', printed)).toBe(printed);
  });

  it('are moved by keys that the command line knows', () => {
    expect(Object.keys(MOVES).filter((key) => !plantKeys().includes(key))).toEqual([]);
  });
});

describe('a factor of the skin', () => {
  const keys = (change: Record<string, number>): ReturnType<typeof skinKeys.parse> => skinKeys.parse(change);
  const spot = (change: Record<string, number>): SkinSpot =>
    new SkinSpot(keyedSkin(meanSkin(SITES.cheek, 'f'), keys(change)), 0.311, 15, 20, depotFactors(keys(change)));
  /** Depth in skin at 1.5 mm beyond the ring, 1.5 N, 80 mm/s, at once. */
  const depthMm = (change: Record<string, number>): number => {
    const one = spot(change);
    one.puncturesAtTipMm(1.5, 80);
    one.depthMm(1.5, 1.5, 0);
    return one.depthMm(1.5, 1.5, 0);
  };

  it('of 2 on stiffness lets the needle go deeper, on puncture force shallower, on bulge deeper', () => {
    expect(depthMm({ stiffness: 2 })).toBeGreaterThan(depthMm({}) + 0.05);
    expect(depthMm({ puncture: 2 })).toBeLessThan(depthMm({}) - 0.05);
    expect(depthMm({ bulge: 2 })).toBeGreaterThan(depthMm({}) + 0.05);
  });

  it('of 2 doubles opening pressure less the ring, resistance, elasticity, dispersion and reflux', () => {
    const twice = spot({ opening: 2, resistance: 2, elasticity: 2, dispersion: 2, reflux: 2 });
    const [was, is] = [spot({}).tissuePath(1, 0), twice.tissuePath(1, 0)];
    expect(is.openingKpa / was.openingKpa).toBeCloseTo(2, 12);
    expect(is.resistanceKpaSPerUl / was.resistanceKpaSPerUl).toBeCloseTo(2, 12);
    expect(is.complianceUlPerKpa / was.complianceUlPerKpa).toBeCloseTo(2, 12);
    expect(is.dispersionKpaSPerUl / was.dispersionKpaSPerUl).toBeCloseTo(2, 12);
    expect(twice.reflux(2) / spot({}).reflux(2)).toBeCloseTo(2, 12);
  });

  it('of 2 on thickness puts the border of dermis and fat at 2.14 mm', () => {
    expect([spot({ thickness: 2 }).layerAt(2.1), spot({ thickness: 2 }).layerAt(2.2)]).toEqual(['dermis', 'hypodermis']);
  });
});
