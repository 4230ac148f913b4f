// What is printed before a session: the nested log, the limits with who set them, the settings, and where a needle ends.
import { describe, expect, it } from 'vitest';
import { checkId } from '../../protocols/check.ts';
import { allOf, find, idsOf } from '../../protocols/library.ts';
import { limitLines, limitsUsed } from '../../protocols/limits-used.ts';
import { reachLines, reachOf } from '../../protocols/needle-reach.ts';
import { settingsOf } from '../../protocols/settings-text.ts';
import { fillingsOf, stepLog } from '../../protocols/step-log.ts';
import { mesolift, planned } from './files.ts';

const { treatment, plan } = planned(mesolift());

describe('step log', () => {
  it('tells of mesolift-face: 11 points to check, priming, 108 pricks, one prick in 6 steps with ms, 0.540 mL', () => {
    const log = stepLog(treatment, plan).join('\n');
    for (const part of ['ask and check 11 points', '3. prime 20 µL', '4. pricks 1 to 108, each', 'prick 1 at -15.0, -45.0 mm', '105 more'])
      expect(log).toContain(part);
    expect(log).toMatch(/ {6}2\. insert to 1\.20 mm in skin at 100 mm\/s: \d+ ms/);
    expect(log).toContain(`in all ${plan.cycle.totalMs} ms a prick: in ${Math.round(plan.cycle.insertMs)} ms`);
    expect(log).toContain('dose     0.540 mL in 108 pricks');
  });

  it('names every point of a protocol with named points, in order', () => {
    const dry = planned(find('protocol', 'reflex-dry'));
    const names = stepLog(dry.treatment, dry.plan).flatMap((line) => /prick \d+ (\S+(?: left| right)?) at/.exec(line)?.[1] ?? []);
    expect(names).toEqual(dry.plan.points.map((point) => point.name));
  });

  it('says at which prick the syringe is changed: 200 pricks of 5 µL from 1 mL take the fillings of the plan', () => {
    const two = planned(mesolift({ set: { depthMm: 1.2, pricks: 200 } }));
    const fillings = fillingsOf(two.treatment, two.plan);
    expect(fillings).toHaveLength(two.plan.syringes);
    expect([fillings[0]?.from, fillings.at(-1)?.to]).toEqual([1, 200]);
    expect(stepLog(two.treatment, two.plan).join('\n')).toContain('5. the gun holds for a new syringe');
  });

  it.each(idsOf('protocol'))('can be told of %s; what each step takes sums to the cycle but for lag, compensation and journal', (id) => {
    const checked = checkId(id);
    if (!checked?.plan || !checked.treatment) throw new Error(`${id} has no plan`);
    const log = stepLog(checked.treatment, checked.plan);
    const times = log.flatMap((line) => /^ {6}\d+\. .*: ([\d.]+) (ms|s)$/.exec(line)?.slice(1, 3) ?? []);
    let sumMs = 0;
    for (let i = 0; i < times.length; i += 2) sumMs += Number(times[i]) * (times[i + 1] === 's' ? 1000 : 1);
    expect(sumMs).toBeGreaterThan(0);
    expect(sumMs).toBeLessThanOrEqual(checked.plan.cycle.totalMs + 60);
  });
});

describe('limits used', () => {
  const limits = limitsUsed(treatment, plan);
  const by = (what: string): string | undefined => limits.find((limit) => limit.what === what)?.bounds[0]?.setBy;

  it('R55: name who set the narrowest one: technique, protocol, gun, product', () => {
    expect([by('depth in skin'), by('pricks'), by('tip from the ring'), by('ascorbic acid, course')]).toEqual([
      'technique nappage',
      'protocol mesolift-face',
      'the gun',
      'product vitamin-cocktail',
    ]);
    expect(limitLines(limits)[0]).toMatch(/depth in skin +1\.2 mm; 1 to 4 mm, set by technique nappage: .* \(the gun 1 to 10\)/);
  });

  it('R55: hold every value of every library protocol, narrowest first', () => {
    for (const id of idsOf('protocol')) {
      const checked = checkId(id);
      if (!checked?.plan || !checked.treatment) throw new Error(`${id} has no plan`);
      for (const { what, value, bounds } of limitsUsed(checked.treatment, checked.plan)) {
        expect(value, `${id} ${what}`).toBeLessThanOrEqual(bounds[0]?.most ?? -1);
        expect(value, `${id} ${what}`).toBeGreaterThanOrEqual(bounds[0]?.least ?? 0);
        expect(bounds.map(({ most }) => most)).toEqual([...bounds.map(({ most }) => most)].sort((a, b) => a - b));
      }
    }
  });
});

describe('settings', () => {
  it('give key, unit, present value, whence, and bounds narrowed by the technique: depthMm 1.2 mm from set, 1 to 4', () => {
    const settings = settingsOf(treatment);
    expect(settings[0]).toEqual({ key: 'depthMm', unit: 'mm', value: 1.2, from: 'set', min: 1, max: 4 });
    expect(settings.find(({ key }) => key === 'insertionMmPerS')).toMatchObject({ value: 100, unit: 'mm/s', from: 'technique' });
    expect(settings.find(({ key }) => key === 'pricks')?.value).toBeNull();
  });
});

describe('a needle at full stroke', () => {
  it('of 4 mm ends below the dermis in 97 pricks of 100 and more at every site of both sexes, and its page says so', () => {
    for (const needle of allOf('needle').filter(({ lengthMm }) => lengthMm === 4)) {
      for (const { site, sex, layers } of reachOf(needle)) expect(layers.epidermis + layers.dermis, `${site} ${sex}`).toBeLessThan(0.03);
      expect(reachLines(needle)[1]).toBe(
        'At full stroke, 4 mm deep, this needle is hypodermic at every site of the table, or deeper still where fat is thin',
      );
    }
  });

  it('of 1 mm would end in the dermis at some sites, which are named', () => {
    const needle = { ...planned(mesolift()).treatment.needle, lengthMm: 1 };
    expect(reachLines(needle)[1]).toContain('ends in the dermis at: ');
  });
});
