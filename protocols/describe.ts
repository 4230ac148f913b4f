// Pages for people: what a library file is, what a stroke does against the layers, what a plan comes to. Plain text, no
// colours. Not responsible for choosing files or terminals (tools). Desk side.
import { formatProblems } from './problems.ts';
import { patternText } from './pattern.ts';
import { checkValue } from './check.ts';
import { careText, componentRows, literatureRows } from './describe-care.ts';
import { siteOf } from './depth.ts';
import { DOSE_WITHIN_PERCENT } from './technique.ts';
import { allOf, find } from './library.ts';
import { strokeDrawing } from './stroke-text.ts';
import type { Plan } from './plan.ts';
import type { AnyFile, Product, Protocol, SiteFile, Step, Technique } from './schema.ts';
import { KINDS } from './schema.ts';
import type { Treatment } from './treatment.ts';

/** 967 ms, 45 s, 2.3 min. */
export const seconds = (ms: number): string =>
  ms < 10_000 ? `${Math.round(ms)} ms` : ms < 120_000 ? `${(ms / 1000).toFixed(0)} s` : `${(ms / 60_000).toFixed(1)} min`;
const rows = (pairs: readonly (readonly [string, string])[]): string[] => pairs.map(([name, value]) => `  ${name.padEnd(14)}${value}`);

/** One step as a sentence, with this technique's depth and dose put in. */
export function stepText(step: Step, technique: Technique): string {
  const depth = (percent: number): string => `${((technique.depthMm * percent) / 100).toFixed(2)} mm`;
  const dose = (percent: number): string => `${((technique.doseUl * percent) / 100).toFixed(2)} µL`;
  switch (step.do) {
    case 'press':
      return technique.stamp.mode === 'driven'
        ? `press the ring with ${technique.stamp.targetN} N`
        : `wait until the ring is pressed with ${technique.stamp.minN} to ${technique.stamp.maxN} N`;
    case 'insert':
      return `insert to ${depth(step.depthPercent ?? 100)} in skin at ${step.insertionMmPerS} mm/s`;
    case 'dose':
      return `give ${dose(step.dosePercent ?? 100)} at ${step.rateUlPerS} µL/s`;
    case 'dwell':
      return `wait ${step.dwellMs} ms, longer if the liquid still flows`;
    case 'withdraw': {
      const giving = (step.dosePercent ?? 0) > 0 ? `, giving ${dose(step.dosePercent ?? 0)} on the way` : '';
      const to = (step.toDepthPercent ?? 0) > 0 ? depth(step.toDepthPercent ?? 0) : 'home';
      return `withdraw to ${to} at ${step.withdrawalMmPerS} mm/s${giving}`;
    }
    case 'decompress':
      return 'take the pressure back at home';
    case 'release':
      return technique.stamp.mode === 'driven' ? 'release the ring' : 'prick done, move on';
  }
}

const sexText = (sex: 'f' | 'm'): string => (sex === 'f' ? 'woman' : 'man');

/** A technique has no site of its own: it is drawn where the first protocol of the library uses it. */
function exampleDrawing(technique: Technique): string[] {
  const protocol = allOf('protocol').find((one) => one.technique === technique.id);
  const site = protocol === undefined ? null : typeof protocol.site === 'string' ? find('site', protocol.site) : protocol.site;
  if (protocol === undefined || site === null) return [];
  const where = `${site.name.toLowerCase()}, ${sexText(protocol.sex)}, as in ${protocol.id}`;
  return ['', `Against mean skin (${where})`, ...strokeDrawing(technique, site, protocol.sex)];
}

const permitText = (technique: Technique): string => {
  const { permit, spacingMm, handMmPerS } = technique;
  if (permit.mode === 'travel') return `one prick each ${spacingMm} mm travelled, hand below ${handMmPerS} mm/s`;
  if (permit.mode === 'trigger') return 'one prick each trigger press';
  return `cadence, ${permit.periodMs === 0 ? 'shortest period that is legal' : `one each ${permit.periodMs} ms`}, trigger held`;
};

function provenanceText(file: AnyFile): string[] {
  if (file.provenance === undefined) return [];
  const grades = { S: 'source', C: 'computed', R: 'from a standard', E: 'estimate' };
  return ['', 'Where the figures come from', ...file.provenance.map((one) => `  ${one.what}: ${one.source} (${grades[one.grade]})`)];
}

/** A technique as a page. */
export function describeTechnique(technique: Technique): string {
  const { stamp, limits } = technique;
  const allowed = (key: 'depthMm' | 'doseUl' | 'spacingMm'): string => {
    const limit = limits?.[key];
    return limit === undefined ? '' : ` (${limit.min} to ${limit.max})`;
  };
  return [
    `${technique.name} (technique ${technique.id})`,
    technique.summary,
    '',
    ...rows([
      ['depth', `${technique.depthMm} mm in skin${allowed('depthMm')}, meant for the ${technique.intendedLayer}`],
      [
        'dose',
        `${technique.doseUl} µL a prick${allowed('doseUl')}, what stays in one person on average within ${technique.doseWithinPercent ?? DOSE_WITHIN_PERCENT} %`,
      ],
      ['spacing', `${technique.spacingMm} mm${allowed('spacingMm')}`],
      ...literatureRows(technique),
      ['permit', permitText(technique)],
      ['stamp', `${stamp.mode}, ${stamp.minN} to ${stamp.maxN} N, target ${stamp.targetN} N`],
      ['needles', technique.needles?.join(', ') ?? 'any that is long enough'],
      ['syringes', technique.syringes?.join(', ') ?? 'any that can hold the dose'],
    ]),
    '',
    'One prick',
    ...technique.steps.map((step, index) => `  ${index + 1}. ${stepText(step, technique)}`),
    ...exampleDrawing(technique),
    ...provenanceText(technique),
  ].join('\n');
}

/** Label and text of what a plan comes to; a row without a label belongs to the one before. */
export function planRows(treatment: Treatment, plan: Plan): (readonly [string, string])[] {
  const { technique, syringe, product, needle, site, protocol } = treatment;
  const layers = Object.entries(plan.depth.layers).filter(([, share]) => share >= 0.005);
  return [
    [
      'site',
      `${site.name}, ${sexText(protocol.sex)}: ${layers.map(([layer, share]) => `${layer} ${Math.round(share * 100)} %`).join(', ')}`,
    ],
    [
      'pricks',
      `${plan.pricks}, ${technique.spacingMm} mm apart, ${patternText(protocol.pattern)}${plan.scale === 1 ? '' : `, area scaled by ${plan.scale.toFixed(2)}`}`,
    ],
    ['depth', `${technique.depthMm} mm in skin, tip ${(plan.depth.tipUm / 1000).toFixed(2)} mm from the ring plane`],
    [
      'dose',
      plan.doseUl === 0
        ? 'dry: nothing is given'
        : `${plan.doseUl} µL a prick; beyond it ${plan.fluid.heldUl.toFixed(2)} µL against ${plan.fluid.backKpa.toFixed(0)} kPa and ${plan.fluid.refluxUl.toFixed(2)} µL that come back along the needle`,
    ],
    [
      'volume',
      plan.doseUl === 0
        ? 'none'
        : `${(plan.sessionUl / 1000).toFixed(3)} mL of ${product.name}, ${(plan.compensationUl / 1000).toFixed(3)} mL held back, ${plan.primingUl} µL primed`,
    ],
    ['syringe', `${syringe.name}, ${plan.syringes} filling(s), ${syringe.calibrated ? 'calibrated' : 'library values, not calibrated'}`],
    ...componentRows(plan.components),
    ['needle', needle.name],
    [
      'one prick',
      `${plan.cycle.totalMs} ms: in ${seconds(plan.cycle.insertMs)}, dose ${seconds(plan.cycle.doseMs)}, wait ${seconds(plan.cycle.dwellMs)}`,
    ],
    ['permit', `${permitText(technique)}${plan.periodMs === 0 ? '' : `: ${plan.periodMs} ms`}`],
    ['time', `${seconds(plan.totalMs)} in all, ${seconds(plan.treatmentMs)} of it pricks and hand (${plan.pathMm.toFixed(0)} mm)`],
  ];
}

/** What a plan comes to. */
export const describePlan = (treatment: Treatment, plan: Plan): string => rows(planRows(treatment, plan)).join('\n');

/** A protocol as a page: plan, stroke against the layers, steps, notes, problems. */
export function describeProtocol(protocol: Protocol): string {
  const { treatment, plan, problems } = checkValue(protocol);
  const head = [`${protocol.name} (protocol ${protocol.id})`, protocol.summary, ''];
  if (treatment === null || plan === null) return [...head, formatProblems(problems)].join('\n');
  const { technique } = treatment;
  return [
    ...head,
    describePlan(treatment, plan),
    '',
    `One prick (${technique.name})`,
    ...technique.steps.map((step, index) => `  ${index + 1}. ${stepText(step, technique)}`),
    '',
    `Against the mean skin of the site (${treatment.site.name.toLowerCase()}, ${sexText(protocol.sex)})`,
    ...strokeDrawing(technique, treatment.site, protocol.sex, plan.depth.layers),
    ...careText(protocol),
    ...(protocol.notes === undefined ? [] : ['', 'Notes', ...protocol.notes.map((note) => `  ${note}`)]),
    ...(problems.length === 0 ? [] : ['', formatProblems(problems)]),
    ...provenanceText(protocol),
  ].join('\n');
}

function describeSite(site: SiteFile): string[] {
  return (['f', 'm'] as const).flatMap((sex) => {
    const layers = siteOf(site).layersMm[sex];
    const text = Object.entries(layers).map(([layer, { mean, sd }]) => `${layer} ${mean} ± ${sd} mm`);
    return rows([[sexText(sex), text.join(', ')]]);
  });
}

/** What is in a millilitre, and the most of it. */
function substanceLines({ components = [] }: Product): string[] {
  const widest = Math.max(0, ...components.map(({ name }) => name.length));
  return components.length === 0
    ? []
    : [
        '',
        'Components',
        ...rows(
          components.map(({ name, unit, perMl, maxSession, maxDay, maxCourse }) => [
            `${name.padEnd(widest)}  `,
            `${perMl} ${unit} a mL; at most ${maxSession} ${unit} a session, ${maxDay ?? maxSession} ${unit} a day, ${maxCourse} ${unit} a course`,
          ]),
        ),
      ];
}

function describeEquipment(file: Exclude<AnyFile, Protocol | Technique>): string {
  const hidden = ['$schema', 'mesogun', 'kind', 'id', 'name', 'provenance', 'components'];
  const figures = Object.entries(file).filter(([key]) => !hidden.includes(key));
  const lines = rows(figures.map(([key, value]) => [`${key} `, typeof value === 'string' ? value : JSON.stringify(value)]));
  return [
    `${file.name} (${file.kind} ${file.id})`,
    '',
    ...lines,
    ...(file.kind === 'site' ? describeSite(file) : []),
    ...(file.kind === 'product' ? substanceLines(file) : []),
    ...provenanceText(file),
  ].join('\n');
}

/** The page of a file that has passed its check. */
export function describeFile(file: AnyFile): string {
  if (file.kind === 'protocol') return describeProtocol(file);
  if (file.kind === 'technique') return describeTechnique(file);
  return describeEquipment(file);
}

/** The page of a library id, or null when there is none. Protocols come before techniques, then equipment. */
export function describe(id: string): string | null {
  for (const kind of ['protocol', 'technique', ...KINDS.filter((other) => other !== 'protocol' && other !== 'technique')] as const) {
    const file = find(kind, id);
    if (file !== null) return describeFile(file);
  }
  return null;
}
