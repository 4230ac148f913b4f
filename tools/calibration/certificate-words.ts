// The words of a certificate that follow from its kind: the headline figure, how it was measured, against what. Runs at the desk.
// Not responsible for the page (certificate.ts).
import { escapeHtml, fixed } from '../report/format.ts';
import type { CalibrationRecord } from './calibration-record.ts';

type Kind = CalibrationRecord['kind'];

export const METHODS: Readonly<Record<Kind, string>> = {
  dose: 'Gravimetry after ISO 8655-6: weighed against idle readings, volume by Z from Tanaka’s density of water and the buoyancy of air; every requirement on fresh doses.',
  depth: 'Comparison with the gauge named above, zeroed on the ring’s plane, from above and from below; every requirement on fresh depths.',
  compliance:
    'Pushes against a closed needle, in the manner of ISO 7886-1 (break-loose and glide) and ISO 7886-2 annex B (compliance): one from rest, then loops.',
  force:
    'Weights after OIML R 111, as forces with gravity and the buoyancy of air; every requirement on fresh weights, laid in falling order, with the new figure in use.',
  travel:
    'Comparison with a printed scale of 200 mm, two runs; every requirement on a fresh run at other marks with the new figure in use.',
  clock: 'The same way three times at a known speed, places and times as the gun tells them, against the crystal of its processor board.',
};

/** What a kind is compared with besides the instruments at a cable. */
export const STANDARDS: Readonly<Record<Kind, readonly string[]>> = {
  ...{ dose: [], depth: [], compliance: ['plunger cell of the gun'], force: ['weights of class M1 or better'] },
  ...{ travel: ['printed scale, 200 mm'], clock: ['crystal of the gun'] },
};

/** The figure that most people look for. */
export function headline({ doses, scope, budget, numbers }: CalibrationRecord): string {
  const [dose] = doses;
  const doubt = budget === null ? '' : `U ${(budget.expanded ?? 0).toPrecision(2)} ${budget.unit} (k ${(budget.k ?? 0).toFixed(2)}, 95 %)`;
  if (dose !== undefined) {
    const spread = scope === 'bias' ? '' : `, CV ${fixed(dose.cvPercent, 2)} %`;
    return `${dose.doseNl / 1000} µL: bias ${fixed(dose.biasPercent, 2)} %${spread}, n ${dose.count} · ${doubt}`;
  }
  const worst = numbers['worstErrorUm'];
  return worst === undefined ? doubt : `worst of the fresh depths ${fixed(worst, 0)} µm · ${doubt}`;
}

/** Escaped, with a true minus where a figure is meant. */
export const figures = (text: string): string => escapeHtml(text.replace(/(^|[\s(±])-(?=\d)/g, '$1−'));
