// Curves of pushes on a closed needle, as the plant's fluid path makes them: what is read from them against what was put in, and the
// guard rails of a compliance calibration, each made to fire.
import { describe, expect, it } from 'vitest';
import { find } from '../../../protocols/library.ts';
import type { Syringe } from '../../../protocols/schema.ts';
import { FluidPath } from '../../../sim/plant/fluid.ts';
import { gauss } from '../../../sim/random.ts';
import type { ComplianceFound } from '../../../tools/calibration/compliance-judge.ts';
import { concludeCompliance } from '../../../tools/calibration/compliance-judge.ts';
import type { PushLoop, PushPoint } from '../../../tools/calibration/push-loop.ts';
import { bendOfLoadPercent, breakLooseFromRestMn, readLoop } from '../../../tools/calibration/push-loop.ts';

const NL_PER_MM = 17_950;
const SYRINGE = { areaMm2: 17.95, complianceUlPerKpa: 0.04, needleKpaSPerUl: 1, rodNPerMm: 60, glideN: 1.5, breakLooseN: 3, playMm: 0.05 };
/** Rod included: A²/k. */
const TOTAL_UL_PER_KPA = 0.04 + (1e-3 * 17.95 ** 2) / 60;

/** A capped syringe and its pusher: looks every 80 ms, with noise of the cell. */
class Capped {
  private readonly path: FluidPath;
  private readonly noiseMn: number;
  private um = 4000;
  private looks = 0;

  constructor(options: { readonly noiseMn?: number; readonly bubbleUl?: number; readonly capped?: boolean } = {}) {
    this.path = new FluidPath({ ...SYRINGE, bubbleUl: options.bubbleUl ?? 0, playOffsetMm: SYRINGE.playMm / 2 });
    if (options.capped !== false) this.path.setNeedle(Infinity);
    this.noiseMn = options.noiseMn ?? 0;
  }

  push(umPerS: number, wayUm: number, endMn = Infinity): PushPoint[] {
    const points: PushPoint[] = [this.look()];
    for (let way = 0; way < wayUm && this.path.forceN * 1000 < endMn; way += Math.abs(umPerS) * 0.08) {
      this.path.advance(0.08, umPerS / 1000, 0);
      this.um += umPerS * 0.08;
      points.push(this.look());
    }
    return points;
  }

  private look(): PushPoint {
    this.looks += 1;
    return { plungerUm: this.um, forceMn: 1000 * this.path.forceN + this.noiseMn * gauss(1, 'cell', this.looks) };
  }
}

function loopOf(capped: Capped): { rest: PushPoint[]; loop: PushLoop | null } {
  const rest = capped.push(20, 2000, 6300);
  const back = capped.push(-50, 400);
  return { rest, loop: readLoop(back, capped.push(50, 2000, 6300), NL_PER_MM) };
}

describe('push and loop', () => {
  it.each([0, 20, 50])('reads compliance, break-loose, glide, rod and play of a 1 mL syringe with %i mN of noise', (noiseMn) => {
    const { rest, loop } = loopOf(new Capped({ noiseMn }));
    expect(Math.abs((loop?.complianceUlPerKpa ?? 0) / TOTAL_UL_PER_KPA - 1)).toBeLessThan(0.04);
    expect(Math.abs((loop?.breakLooseMn ?? 0) - 3000)).toBeLessThan(150);
    expect(Math.abs((loop?.glideMn ?? 0) - 1500)).toBeLessThan(50);
    expect(Math.abs((loop?.rodMnPerMm ?? 0) / 60_000 - 1)).toBeLessThan(0.06);
    expect(Math.abs((loop?.backlashUm ?? 0) - 50)).toBeLessThan(3);
    expect(Math.abs((breakLooseFromRestMn(rest, 0) ?? 0) - 3000)).toBeLessThan(150);
  });

  it('answers nothing for an open needle, and for a push that is over before it breaks loose', () => {
    const open = new Capped({ capped: false });
    const pushed = open.push(50, 600);
    expect(readLoop(open.push(-50, 400), pushed, NL_PER_MM)).toBeNull();
    expect(readLoop([], [], NL_PER_MM)).toBeNull();
    const short = new Capped();
    expect(breakLooseFromRestMn(short.push(20, 30), 0)).toBeNull();
  });
});

const LOOP: PushLoop = { complianceUlPerKpa: 0.045, breakLooseMn: 3000, glideMn: 1500, rodMnPerMm: 60_000, backlashUm: 50, r: 0.995 };
const FOUND: ComplianceFound = {
  syringe: find('syringe', '1ml') as Syringe,
  loops: [LOOP, { ...LOOP, complianceUlPerKpa: 0.0453 }, { ...LOOP, complianceUlPerKpa: 0.0447 }],
  fromRestMn: 3000,
  bend: { percent: -5, uPercent: 2 },
  plots: [],
};
const failing = (found: Partial<ComplianceFound>): string[] =>
  concludeCompliance({ ...FOUND, ...found })
    .criteria.filter((each) => !each.holds)
    .map((each) => each.name);
const all = (changed: Partial<PushLoop>): PushLoop[] => FOUND.loops.map((loop) => ({ ...loop, ...changed }));

describe('guard rails of compliance and friction', () => {
  it('three loops that agree on a sound syringe pass, and leave friction and play beside compliance', () => {
    const { verdict, numbers } = concludeCompliance(FOUND);
    expect(verdict).toBe('pass');
    expect(numbers).toMatchObject({ glideMn: 1500, breakLooseMn: 3000, backlashUm: 50, rodMnPerMm: 60_000 });
    expect(failing({})).toEqual([]);
  });

  it('10 µL of air in the syringe bend the rise by more than 30 %; none bends it by less than 10 %', () => {
    const bendOf = (bubbleUl: number): number => Math.abs(bendOfLoadPercent(new Capped({ bubbleUl }).push(20, 4000, 6300))?.percent ?? 0);
    expect(bendOf(0)).toBeLessThan(10);
    expect(bendOf(10)).toBeGreaterThan(30);
    expect(failing({ bend: { percent: 60, uPercent: 4 } })).toEqual(['the rise is straight: change of its slope']);
  });

  it('loops that differ by more than 10 %, another syringe, one that rubs like another, and a worn nut each fail by name', () => {
    expect(failing({ loops: [LOOP, { ...LOOP, glideMn: 2100 }, LOOP] })).toEqual(['spread of the loops']);
    expect(failing({ loops: all({ complianceUlPerKpa: 0.2 }) })).toEqual(['compliance against the library']);
    expect(failing({ loops: all({ glideMn: 9000 }) })).toEqual(['glide against the library']);
    expect(failing({ loops: all({ backlashUm: 180 }) })).toEqual(['play of the plunger']);
  });
});
