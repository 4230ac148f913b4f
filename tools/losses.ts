// Where the liquid of a simulated session went: for each prick asked, what stayed, and what took the rest. From the truth.
// Not responsible for the summary of the journal (summary.ts). For people, at the terminal.
import type { Truth } from '../sim/truth.ts';
import { alignColumns } from './table.ts';

export interface Losses {
  /** Mean over the pricks, µL. */
  readonly askedUl: number;
  readonly stayedUl: number;
  /** Pushed beyond what was asked: compensation, given back or not. */
  readonly beyondUl: number;
  /** Out of the track with the needle. */
  readonly refluxUl: number;
  /** Over the skin from a bevel that was not covered. */
  readonly bevelUl: number;
  /** From the tip after the needle had left: what back pressure had held in the compliance, and what the lag still owed. */
  readonly dripUl: number;
  readonly complianceUl: number;
  readonly lagUl: number;
  /** Still held in the syringe at the end, by compliance and friction. */
  readonly heldUl: number;
}

/** Means per prick; `askedNl` over the whole session. Stayed + reflux + bevel + drip + held = asked + beyond. */
export function lossesOf({ pricks }: Pick<Truth, 'pricks'>, askedNl: number): Losses | null {
  const count = pricks.length;
  if (count === 0 || askedNl === 0) return null;
  const mean = (of: (prick: (typeof pricks)[number]) => number): number => pricks.reduce((sum, prick) => sum + of(prick), 0) / count;
  const askedUl = askedNl / 1000 / count;
  const stopperUl = mean((prick) => prick.stopperUl);
  const [tissueUl, refluxUl] = [mean((prick) => prick.tissueUl), mean((prick) => prick.refluxUl)];
  const [bevelUl, dripUl] = [mean((prick) => prick.exposedUl), mean((prick) => prick.airUl)];
  const lagUl = Math.min(
    dripUl,
    mean((prick) => prick.lateUl),
  );
  return {
    askedUl,
    stayedUl: tissueUl - refluxUl,
    beyondUl: stopperUl - askedUl,
    ...{ refluxUl, bevelUl, dripUl, lagUl },
    complianceUl: dripUl - lagUl,
    heldUl: stopperUl - tissueUl - bevelUl - dripUl,
  };
}

/** Two rows for people. */
export function lossRows(losses: Losses): string[][] {
  const ul = (value: number): string => (Math.abs(value) < 0.0005 ? 0 : value).toFixed(3);
  const { askedUl, stayedUl, beyondUl, refluxUl, bevelUl, complianceUl, lagUl, heldUl } = losses;
  return [
    [
      'a prick',
      `${ul(askedUl)} µL asked, ${ul(stayedUl)} stayed (${((100 * stayedUl) / askedUl).toFixed(1)} %); ${ul(beyondUl)} pushed beyond it`,
    ],
    [
      'the rest',
      `reflux ${ul(refluxUl)}, bare bevel ${ul(bevelUl)}, drip of what compliance held ${ul(complianceUl)} and lag owed ${ul(lagUl)}, still held ${ul(heldUl)} µL`,
    ],
  ];
}

/** For people; nothing for a dry session. */
export function lossText(truth: Truth, askedNl: number): string {
  const losses = lossesOf(truth, askedNl);
  return losses === null ? '' : alignColumns(lossRows(losses));
}
