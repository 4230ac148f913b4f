// Records for people and spreadsheets: one session as text, the pricks of many as CSV, a course as text. The page: records-page.ts.
// Draws nothing that the record does not hold. Not responsible for reading the folder (store.ts). Runs at the desk.
import { calibrationText } from '../calibration-used.ts';
import { versionText } from '../device/info.ts';
import { alignColumns } from '../table.ts';
import type { CourseState, PatientState } from './course.ts';
import type { Filling } from './fillings.ts';
import type { SessionForm } from './form.ts';
import { lotText } from './lots.ts';
import type { Lot } from './lots.ts';
import type { SessionBegin } from './session-begin.ts';
import type { RecordedGun, SessionRecord } from './session-record.ts';
import type { Entry } from './store.ts';

const ul = (nl: number): string => `${(nl / 1000).toFixed(1)} µL`;
const lotsText = (lots: readonly Lot[]): string => (lots.length === 0 ? 'lot not known' : lots.map(lotText).join('; '));
const bare = (lots: readonly Lot[]): Lot[] => lots.map(({ of, lot, expires }) => ({ of, lot, expires }));

/** `2 of 3`, '' for a session that is not split. */
const partText = ({ number, of }: SessionRecord['part']): string => (of === 1 ? '' : `, part ${number} of ${of}`);

/** One line a filling; where there was one only, its lots are the product's. */
const fillingRows = (fillings: readonly Filling[]): [string, string][] =>
  fillings.length < 2
    ? []
    : fillings.map(({ filling, syringe, from, to, pricks, givenNl, lots }) => [
        filling === 1 ? 'fillings' : '',
        `${filling}: ${pricks === 0 ? 'no prick' : `pricks ${from ?? ''} to ${to ?? ''}, ${ul(givenNl)}`}${syringe === null ? '' : `, syringe ${syringe}`}; ${lotsText(bare(lots))}`,
      ]);

/** How an answer was given. */
export const CHECKED_HOW = { asked: 'asked one by one', option: 'all by --checked', form: 'in a form' } as const;

/** Who said what of the checklist, and how. */
function checkedText({ checklist }: SessionForm): string {
  const yes = checklist.filter((one) => one.answer === 'yes');
  const ways = [
    ...new Set(checklist.flatMap(({ by, how }) => (how === undefined ? [] : [`by ${by ?? 'nobody named'}, ${CHECKED_HOW[how]}`]))),
  ];
  const notes = checklist.filter((one) => one.note !== undefined).map(({ ask, note }) => `${ask} ${note ?? ''}`);
  return [`${yes.length} of ${checklist.length} points yes`, ...ways, ...notes].join('; ');
}

/** `mesogun build` names the image by its hash, the limits by theirs. */
function gunText({ port, firmwareVersion, imageSha256, board, device, build }: RecordedGun): string {
  const version = firmwareVersion === null ? 'not told' : versionText(firmwareVersion);
  const parts = [port, ...(board === null ? [] : [`${board}, number ${device ?? 0}`]), `firmware ${version}`];
  if (build !== null) {
    parts.push(build.image === null ? 'sources, unbuilt' : `image ${build.image}`);
    parts.push(`limits ${build.limits ?? 'of the sources'}`, `security counter ${build.securityCounter}`);
  }
  if (imageSha256 !== null) parts.push(`image file ${imageSha256.slice(0, 16)}…`);
  return parts.join(', ');
}

/** Label and text of everything about a session but its pricks. */
export function recordRows(record: SessionRecord): [string, string][] {
  const { form, totals, product, cocktail, fillings, gun, calibration, journal, plan } = record;
  return [
    [
      'session',
      `${record.session}${partText(record.part)}${record.simulated ? `, simulated with seed ${record.seed ?? ''}: nobody was treated` : ''}`,
    ],
    ...(record.resumes === null
      ? []
      : [['goes on with', `session ${record.resumes.session}, from its prick ${record.resumes.from}`] as [string, string]]),
    ['when', `${record.begunAt} to ${record.endedAt}, ${record.ending}`],
    ['patient', `${form.patient ?? ''}, operator ${form.operator ?? ''}, consent ${form.consent === true ? 'given' : 'not given'}`],
    ['protocol', form.protocol],
    [
      'pricks',
      `${totals.done} of ${plan.pricks}${totals.failed > 0 ? `, ${totals.failed} failed` : ''}${totals.uncertain > 0 ? `, ${totals.uncertain} uncertain (counted in full)` : ''}`,
    ],
    ['dose', `${ul(totals.givenNl)} given of ${ul(totals.commandedNl)} commanded; ${ul(totals.primedNl)} primed`],
    ['product', `${product.name}; ${lotsText(product.lots)}`],
    ...fillingRows(fillings),
    ...cocktail.map(({ name, unit, given, planned }, index): [string, string] => [
      index === 0 ? 'components' : '',
      `${name} ${given.toPrecision(3)} ${unit} of ${planned.toPrecision(3)} planned`,
    ]),
    ['needle', `${form.needleId ?? ''}; syringe ${form.syringeIds.join(', ')}`],
    ['checked', checkedText(form)],
    ['gun', gunText(gun)],
    ['calibration', calibration.used === null ? 'not told by the gun' : calibrationText(calibration.used)],
    [
      'assumed',
      `syringe ${calibration.syringe}, ${calibration.calibrated ? 'calibrated' : 'library values'}, SHA-256 ${calibration.sha256.slice(0, 16)}…`,
    ],
    ['faults', record.faults.length === 0 ? 'none' : record.faults.map(({ code, says }) => `${code}: ${says}`).join('; ')],
    [
      'journal',
      `${journal.entries.length} entries, SHA-256 ${journal.sha256.slice(0, 16)}…${journal.firstBreak === null ? '' : `, BROKEN: ${journal.firstBreak}`}`,
    ],
  ];
}

/** A session that has no record: what was written down before it. */
export const beginText = ({ session, begunAt, form, plan, gun, programme }: SessionBegin): string =>
  alignColumns([
    ['session', `${session}, begun ${begunAt}: NO RECORD, it counts in full`],
    ['patient', `${form.patient ?? ''}, operator ${form.operator ?? ''}`],
    ['protocol', form.protocol],
    ['planned', `${plan.pricks} pricks, ${plan.sessionUl} µL, ${plan.syringes} filling(s)`],
    ['product', lotsText(form.lots)],
    ['needle', `${form.needleId ?? ''}; syringe ${form.syringeIds.join(', ')}`],
    ['checked', checkedText(form)],
    ['gun', gunText(gun)],
    ['programme', `SHA-256 ${programme.sha256.slice(0, 16)}…`],
    [
      'next',
      `mesogun run ${form.protocol} --resume ${session} reads what was made from the gun; mesogun records close ${session} --why "…"`,
    ],
  ]);

/** One session as text. */
export const recordText = (record: SessionRecord): string => alignColumns(recordRows(record));

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Lots of the filling that a prick came from; of a record without fillings those of the session. */
const lotsOfPrick = ({ fillings, product }: SessionRecord, filling: number): Lot[] =>
  bare(fillings.find((one) => one.filling === filling)?.lots ?? product.lots);

/** One line a prick, of as many sessions as there are: what a search for a lot or a place needs. */
export function recordsCsv(records: readonly SessionRecord[]): string {
  const head = [
    'session',
    'begunAt',
    'simulated',
    'patient',
    'operator',
    'protocol',
    'product',
    'lots',
    'needleId',
    'filling',
    'prick',
    'place',
    'xMm',
    'yMm',
  ];
  const rows = records.flatMap((record) =>
    record.pricks.map((prick) => [
      ...[String(record.session), record.begunAt, String(record.simulated), record.form.patient ?? '', record.form.operator ?? ''],
      ...[record.form.protocol, record.product.id, lotsText(lotsOfPrick(record, prick.filling)), record.form.needleId ?? ''],
      ...[String(prick.filling), String(prick.prick), prick.place ?? '', String(prick.xMm ?? ''), String(prick.yMm ?? '')],
      ...[prick.ending, prick.result, String(prick.estimatedNl ?? ''), String(prick.tipUm ?? '')],
    ]),
  );
  return [[...head, 'ending', 'result', 'estimatedNl', 'tipUm'], ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

/** One line a session. */
export const listText = (entries: readonly Entry[]): string =>
  alignColumns(
    entries.map(({ begun, state, record }) => [
      String(begun.session),
      begun.at,
      begun.patient,
      begun.protocol,
      record === null
        ? `${state}: no record`
        : `${record.ending}, ${record.totals.done} of ${record.plan.pricks} pricks, ${ul(record.totals.givenNl)}`,
      begun.simulated ? 'simulated' : '',
    ]),
  );

function courseLines(course: CourseState): string {
  const { protocol, sessions, done, of, next, substances, unfinished } = course;
  const due =
    next === null
      ? 'nothing is due'
      : `${next.kind} ${next.session} due ${next.due}${next.overdueDays > 0 ? `, ${next.overdueDays} days ago` : ''}`;
  const rows = sessions.map((one) => [
    `  ${one.session}`,
    one.at,
    `${one.ending}${one.part === '' ? '' : `, part ${one.part}`}`,
    `${one.done} of ${one.planned} pricks`,
    `${one.givenUl.toFixed(1)} µL`,
  ]);
  const totals = substances.map(({ name, unit, onDay, maxDay, course: given, maxCourse }) => [
    `  ${name}`,
    `${onDay} of ${maxDay} ${unit} today`,
    `${given} of ${maxCourse} ${unit} in the course, ${Math.max(0, Math.round((maxCourse - given) * 1e4) / 1e4)} left`,
  ]);
  const byLot = substances.flatMap(({ name, unit, lots }) => lots.map(({ lot, amount }) => [`  ${name}`, lot, `${amount} ${unit}`]));
  const open = unfinished.map((line) => `  not finished: ${line}\n`).join('');
  return `${protocol}: ${done} of ${of} sessions done; ${due}\n${alignColumns(rows)}${open}${alignColumns(totals)}${byLot.length === 0 ? '' : `by lot\n${alignColumns(byLot)}`}`;
}

/** A patient's courses as text. */
export const courseText = ({ patient, simulated, courses }: PatientState): string =>
  `patient ${patient}${simulated ? ' (simulated sessions: nobody was treated)' : ''}\n${courses.map(courseLines).join('\n')}`;
