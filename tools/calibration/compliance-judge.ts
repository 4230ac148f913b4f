// The verdict on compliance and friction: loops that agree, a straight rise, figures a syringe can have. Runs at the desk.
// Not responsible for pushing (compliance-procedure.ts) nor for reading a loop (push-loop.ts).
import type { Syringe } from '../../protocols/schema.ts';
import type { Conclusion, Plot } from './conclusion.ts';
import { criterion } from './conclusion.ts';
import { librarySyringeData } from './kit.ts';
import type { PushLoop } from './push-loop.ts';
import { sampleOf } from './sample.ts';
import type { Budget } from './uncertainty.ts';
import { budgetOf, rectangular } from './uncertainty.ts';

const SPREAD_MOST_PERCENT = 10;
/** A compliance that is this many times the library's, or its inverse, is another syringe or a bubble. Source: its range, a factor of three. */
const TIMES_MOST = 3;
/** Source: glide of 0.7 to 10 N and break-loose of 1.2 to 2.5 times glide are the range of disposable syringes (ISO 7886-1 informative limits). */
const GLIDE_TIMES_MOST = 4;
/** A nut with more play is worn. Chosen: three times what a new one has. */
const BACKLASH_MOST_UM = 150;
/** Chosen: the slope may change by so much from begin to end; 5 µL of air in a 1 mL syringe change it by half. */
const BEND_MOST_PERCENT = 30;

export interface ComplianceFound {
  readonly syringe: Syringe;
  readonly loops: readonly PushLoop[];
  /** Break-loose of the push from rest. */
  readonly fromRestMn: number;
  readonly bend: { readonly percent: number; readonly uPercent: number };
  readonly plots: readonly Plot[];
}

interface Figure {
  readonly mean: number;
  readonly spreadPercent: number;
  readonly u: number;
}

function figureOf(loops: readonly PushLoop[], get: (loop: PushLoop) => number): Figure {
  const { mean, sd, count } = sampleOf(loops.map(get));
  return { mean, spreadPercent: (100 * sd) / Math.max(1e-9, Math.abs(mean)), u: sd / Math.sqrt(count) };
}

const budgetFor = (compliance: Figure, loops: number): Budget =>
  budgetOf('µL/kPa', [
    { name: 'repeatability', u: compliance.u, freedom: loops - 1, from: `${loops} loops` },
    { name: 'volume per travel', u: 0.02 * compliance.mean, freedom: Infinity, from: 'bore of the library, ± 1 % in area, squared' },
    {
      name: 'plunger cell',
      u: rectangular(0.04 * compliance.mean),
      freedom: Infinity,
      from: '± 4 % by its datasheet; less after calibrate force',
    },
  ]);

/** Conclusion of a run whose curves could all be read. */
export function concludeCompliance({ syringe, loops, fromRestMn, bend, plots }: ComplianceFound): Conclusion {
  const library = librarySyringeData(syringe);
  const compliance = figureOf(loops, (loop) => loop.complianceUlPerKpa);
  const breakLoose = figureOf(loops, (loop) => loop.breakLooseMn);
  const glide = figureOf(loops, (loop) => loop.glideMn);
  const rod = figureOf(loops, (loop) => loop.rodMnPerMm);
  const backlash = figureOf(loops, (loop) => loop.backlashUm);
  const times = compliance.mean / library.complianceUlPerKpa;
  const glideTimes = glide.mean / library.glideMn;
  const spread = Math.max(compliance.spreadPercent, glide.spreadPercent);
  const between = (value: number, most: number): boolean => value <= most && value >= 1 / most;
  const criteria = [
    criterion(
      'the rise is straight: change of its slope',
      `${bend.percent.toFixed(0)} ± ${(2 * bend.uPercent).toFixed(0)} %`,
      `± ${BEND_MOST_PERCENT} % (more: air in the syringe)`,
      Math.abs(bend.percent) - 2 * bend.uPercent <= BEND_MOST_PERCENT,
    ),
    criterion('spread of the loops', `${spread.toFixed(1)} %`, `${SPREAD_MOST_PERCENT} %`, spread <= SPREAD_MOST_PERCENT),
    criterion('compliance against the library', `${times.toFixed(2)} ×`, `1/${TIMES_MOST} to ${TIMES_MOST} ×`, between(times, TIMES_MOST)),
    criterion(
      'glide against the library',
      `${glideTimes.toFixed(2)} ×`,
      `1/${GLIDE_TIMES_MOST} to ${GLIDE_TIMES_MOST} ×`,
      between(glideTimes, GLIDE_TIMES_MOST),
    ),
    criterion('play of the plunger', `${backlash.mean.toFixed(0)} µm`, `${BACKLASH_MOST_UM} µm`, backlash.mean <= BACKLASH_MOST_UM),
  ];
  const budget = budgetFor(compliance, loops.length);
  const newtons = (mn: number): string => (mn / 1000).toFixed(2);
  return {
    ...{ verdict: criteria.every((each) => each.holds) ? 'pass' : 'fail', certifies: 'all', criteria },
    fit: [
      ['compliance', `${compliance.mean.toFixed(4)} ± ${budget.expanded.toFixed(4)} µL/kPa (library ${library.complianceUlPerKpa})`],
      [
        'break-loose at a turn of the way',
        `${newtons(breakLoose.mean)} ± ${newtons(2 * breakLoose.u)} N (library ${newtons(library.breakLooseMn)})`,
      ],
      ['break-loose from rest', `${newtons(fromRestMn)} N`],
      ['glide', `${newtons(glide.mean)} ± ${newtons(2 * glide.u)} N (library ${newtons(library.glideMn)})`],
      ['rod and stopper', `${(rod.mean / 1000).toFixed(1)} N/mm (library ${library.rodMnPerMm / 1000})`],
      ['play of the plunger', `${backlash.mean.toFixed(1)} ± ${(2 * backlash.u).toFixed(1)} µm (library ${library.backlashUm})`],
    ],
    numbers: {
      ...{ complianceUlPerKpa: compliance.mean, breakLooseMn: breakLoose.mean, glideMn: glide.mean, rodMnPerMm: rod.mean },
      ...{ backlashUm: backlash.mean, fromRestMn },
    },
    ...{ doses: [], budget, section: null, biasPercent: null, cvPercent: null, n: loops.length, k: null, plots },
  };
}
