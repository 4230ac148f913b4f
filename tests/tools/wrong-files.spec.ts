// A hundred wrong files: mutations of valid ones, each drawn by its seed. Each is refused by `mesogun run` with exit 3 and an
// error that points at the place, and none runs. That every place of every file is guarded is tests/protocols/properties.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkValue } from '../../protocols/check.ts';
import { find, idsOf } from '../../protocols/library.ts';
import { draw } from '../../sim/random.ts';
import { runCli } from '../../tools/cli.ts';
import type { Json } from '../protocols/files.ts';
import { recordingDesk } from './recording-desk.ts';

/** A protocol of the library with everything it names written in place, so that all of it can be broken. */
function wholeProtocol(id: string): Json {
  const file = JSON.parse(JSON.stringify(find('protocol', id))) as Json;
  for (const kind of ['technique', 'site', 'syringe', 'needle', 'product'] as const)
    if (typeof file[kind] === 'string') file[kind] = structuredClone(find(kind, file[kind]));
  return file;
}

type Draw = <T>(from: readonly T[]) => T;
/** Breaks the file; answers where the error must point: at this place or below. */
type Mutation = (file: Json, pick: Draw) => string;
const part = (file: Json, name: string): Json => file[name] as Json;
const steps = (file: Json): Json[] => part(file, 'technique')['steps'] as Json[];
const at = (file: Json, op: string): number => steps(file).findIndex((step) => step['do'] === op);
/** A number at a place, put where the bounds do not reach. */
const beyond =
  (where: string, ...values: number[]): Mutation =>
  (file, pick) => {
    const keys = where.split('/').slice(1);
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Json>((value, key) => value[key] as Json, file);
    parent[last] = pick(values);
    return where;
  };

const MUTATIONS: readonly (readonly [name: string, mutation: Mutation])[] = [
  ['a session of more pricks than the gun makes', beyond('/session/pricks', 0, 201, 5000, 12.5)],
  ['a filling that no syringe holds', beyond('/fillUl', -1, 0, 10_001, 1e9)],
  ['a priming that sprays', beyond('/prime/primeRateUlPerS', 0, 101, -5)],
  ['a depth beyond 1 to 10 mm', beyond('/technique/depthMm', 0.9, 10.1, -2, 100)],
  ['a spacing beyond 5 to 20 mm', beyond('/technique/spacingMm', 4.9, 20.5, 0)],
  ['a hand that runs', beyond('/technique/handMmPerS', 0, 51, 1e6)],
  ['a ring that crushes', beyond('/technique/stamp/maxN', 5.1, 50, 0.1)],
  ['a bore that is none', beyond('/syringe/boreMm', 0, 16, -4.7)],
  ['a needle that no holder takes', beyond('/needle/lengthMm', 1, 14, 0)],
  ['a gel', beyond('/product/viscosityMpas', 51, 1000, 0)],
  ['version 2', beyond('/mesogun', 2, 0, -1)],
  [
    'a mistyped key',
    (file, pick) => {
      const key = pick(['fillUl', 'residualUl', 'pattern', 'sex', 'area']);
      file[`${key}l`] = file[key];
      Reflect.deleteProperty(file, key);
      return `/${key}`;
    },
  ],
  [
    'a key left out',
    (file, pick) => {
      const key = pick(['depthMm', 'doseUl', 'spacingMm', 'stamp', 'permit', 'intendedLayer']);
      Reflect.deleteProperty(part(file, 'technique'), key);
      return `/technique/${key}`;
    },
  ],
  [
    'text for a number',
    (file, pick) => {
      const key = pick(['capacityUl', 'glideN', 'deadSpaceUl']);
      part(file, 'syringe')[key] = '1 mL';
      return `/syringe/${key}`;
    },
  ],
  [
    'a library id that does not exist',
    (file, pick) => {
      const kind = pick(['technique', 'site', 'syringe', 'needle', 'product']);
      file[kind] = 'no-such-thing';
      return `/${kind}`;
    },
  ],
  [
    'a stroke that begins without contact',
    (file) => {
      steps(file).shift();
      return '/technique/steps/0';
    },
  ],
  [
    'a needle left in',
    (file) => {
      const kept = steps(file).slice(0, at(file, 'dose') + 1);
      part(file, 'technique')['steps'] = kept.length > 1 ? kept : steps(file).slice(0, at(file, 'insert') + 1);
      return '/technique/steps';
    },
  ],
  [
    'a dose outside the skin',
    (file) => {
      part(file, 'technique')['steps'] = [...steps(file), { do: 'dose', rateUlPerS: 5 }];
      return `/technique/steps`;
    },
  ],
  [
    'the plunger reversed with the needle in (R48)',
    (file) => {
      steps(file).splice(at(file, 'insert') + 1, 0, { do: 'decompress' });
      return `/technique/steps/${at(file, 'decompress')}`;
    },
  ],
  [
    'a dose below what can be told from its scatter',
    (file, pick) => {
      part(file, 'technique')['doseUl'] = pick([0.1, 0.5, 0.99]);
      Reflect.deleteProperty(file, 'set');
      Reflect.deleteProperty(part(file, 'technique'), 'limits');
      return '/technique/doseUl';
    },
  ],
];
const SEEDS = [1, 2, 3, 4, 5];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesogun-wrong-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the files that are broken', () => {
  it.each(idsOf('protocol'))('are right before: %s with all it names in place', (id) => {
    const { problems } = checkValue(wholeProtocol(id));
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('a hundred wrong files', () => {
  it('are a hundred', () => {
    expect(MUTATIONS.length * SEEDS.length).toBe(100);
  });

  it.each(MUTATIONS.flatMap(([name], mutation) => SEEDS.map((seed) => [name, seed, mutation] as const)))(
    '%s, seed %i: exit 3, what stands there, the bound and why, at its place; nothing ran',
    async (_name, seed, index) => {
      let drawn = 0;
      const pick: Draw = (from) => from[Math.floor(draw(seed, `wrong-${index}`, drawn++) * from.length)] as (typeof from)[number];
      // Dry protocols have no dose to break.
      const id = pick(idsOf('protocol').filter((one) => one !== 'reflex-dry'));
      const file = wholeProtocol(id);
      const pointer = MUTATIONS[index]?.[1](file, pick) ?? '';
      const path = join(folder, `${index}-${seed}.json`);
      writeFileSync(path, JSON.stringify(file));
      const desk = recordingDesk();
      expect(await runCli(['run', path, '--json'], desk), `${id} ${pointer}`).toBe(3);
      expect(desk.stdout).not.toContain('"event":"state"');
      const errors = desk.stderr.split('\n').filter((line) => /(^|why: +)error \//.test(line));
      const here = errors.filter((line) => line.includes(`error ${pointer}`));
      expect(here.length, `${id} ${pointer}: ${desk.stderr}`).toBeGreaterThan(0);
      for (const line of errors) expect(line).toMatch(/error \/\S*: .+, must be .+; .+\./);
    },
  );
});
