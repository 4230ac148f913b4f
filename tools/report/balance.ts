// Where the liquid went: what the stopper pushed out, split by where the plant saw it go. Truth only: a real gun cannot
// know it. Not responsible for the journal's estimates. Runs at the desk.
import type { Truth } from '../../sim/truth.ts';
import { fixed, percentText } from './format.ts';
import type { SessionRecord } from './record.ts';

interface Share {
  readonly name: string;
  readonly className: string;
  readonly ul: number;
}

function sharesOf(truth: Truth): Share[] {
  const layers = truth.layerUl;
  const sum = (of: 'refluxUl' | 'exposedUl' | 'airUl'): number => truth.pricks.reduce((total, prick) => total + prick[of], 0);
  const refluxUl = sum('refluxUl');
  return [
    { name: 'epidermis', className: 'epidermis', ul: layers.epidermis },
    { name: 'dermis', className: 'dermis', ul: layers.dermis },
    { name: 'hypodermis', className: 'hypodermis', ul: layers.hypodermis },
    { name: 'deeper', className: 'deeper', ul: layers.deeper },
    { name: 'on the skin: the bevel was not covered', className: 'exposed', ul: sum('exposedUl') },
    { name: 'outside the skin: dripped or leaked', className: 'air', ul: sum('airUl') },
    { name: 'of the tissue’s share, back out through the track', className: 'reflux', ul: refluxUl },
  ];
}

/** Section of the page; '' for a real gun. */
export function balance(record: SessionRecord): string {
  if (record.truth === null) return '';
  const shares = sharesOf(record.truth);
  const outside = shares.filter((share) => share.className !== 'reflux');
  const sumUl = outside.reduce((total, share) => total + share.ul, 0);
  const parts = outside.filter((share) => share.ul > 0 && sumUl > 0);
  const strip = parts.map((share) => `<span class="${share.className}" style="flex-grow:${fixed(share.ul / sumUl, 4)}"></span>`);
  const rows = shares
    .filter((share) => share.ul >= 0.0005)
    .map(
      (share) =>
        `<tr><th scope="row"><span class="swatch ${share.className}"></span>${share.name}</th><td>${fixed(share.ul, 2)}</td><td>${percentText(share.ul, sumUl)}</td></tr>`,
    );
  return `<section id="balance"><h2>Where the liquid went</h2><div class="strip" aria-hidden="true">${strip.join('')}</div>
<table><thead><tr><th scope="col">Place</th><th scope="col">µL</th><th scope="col">share</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<p class="note">From the first prick on; known only because the gun is simulated. Before that, and from each syringe that was changed, ${fixed(record.truth.primedUl, 1)} µL ran out while priming.</p></section>`;
}
