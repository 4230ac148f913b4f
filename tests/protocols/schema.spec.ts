// The JSON Schemas for editors are those of the code: `UPDATE=1 npx vitest run tests/protocols/schema.spec.ts` rewrites them.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../../protocols/bounds.ts';
import { jsonSchemaFiles, jsonSchemaOf, knownKeys } from '../../protocols/json-schema.ts';
import { KINDS, techniqueSchema } from '../../protocols/schema.ts';
import { find } from '../../protocols/library.ts';

const folder = new URL('../../protocols/schema/', import.meta.url);

describe('file formats', () => {
  for (const [name, text] of Object.entries(jsonSchemaFiles())) {
    it(`keeps ${name} as the code has it`, () => {
      const url = new URL(name, folder);
      if (process.env['UPDATE'] === '1') writeFileSync(url, text);
      expect(readFileSync(url, 'utf8')).toBe(text);
    });
  }

  it('lets a JSON Schema refuse unknown keys in every kind', () => {
    for (const kind of KINDS) expect(jsonSchemaOf(kind)).toMatchObject({ type: 'object', additionalProperties: false });
  });

  it('bounds depth to 1 to 10 mm, spacing to 5 to 20 mm, dose to 0 to 200 µL and pricks to 200', () => {
    const range = (name: 'depthMm' | 'spacingMm' | 'doseUl' | 'pricks'): number[] => [BOUNDS[name].min, BOUNDS[name].max];
    expect([range('depthMm'), range('spacingMm'), range('doseUl'), range('pricks')]).toEqual([
      [1, 10],
      [5, 20],
      [0, 200],
      [1, 200],
    ]);
  });

  it('gives every bounded key a unit in its name', () => {
    const units = /(Mm|Ul|Ms|N|MmPerS|UlPerS|UlPerKpa|NPerMm|Percent|Mpas|GPerMl)$/;
    expect(Object.keys(BOUNDS).filter((key) => key !== 'pricks' && !units.test(key))).toEqual([]);
  });

  it('knows the keys of all kinds, so that a mistyped one can be guessed', () => {
    expect(knownKeys()).toContain('insertionMmPerS');
    expect(knownKeys()).toContain('complianceUlPerKpa');
  });

  it('refuses a technique of version 2', () => {
    expect(techniqueSchema.safeParse({ ...find('technique', 'nappage'), mesogun: 2 }).success).toBe(false);
  });
});
