// What a patient has had already, against what a session is about to give: per day and per course, substance by substance
// whatever product it came in (R12), and each needle and syringe for one patient on one day only (R44). Simulated sessions
// count among themselves. The gun cannot know other days; this is the desk's part. Not responsible for one session alone
// (protocols/components.ts). Runs at the desk.
import { sessionsOf } from '../../protocols/course.ts';
import type { Problem } from '../../protocols/problems.ts';
import type { Ready } from '../source.ts';
import type { SessionForm } from './form.ts';
import type { Entry } from './store.ts';

/** More than this many days without a session, and the next one begins a new course. Chosen: twice a half-yearly refresh. */
export const COURSE_GAP_DAYS = 366;
const DAY_MS = 86_400_000;

export const dayOf = (at: string): string => at.slice(0, 10);
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(dayOf(to)) - Date.parse(dayOf(from))) / DAY_MS);

/** Amount of a substance in a session, in its unit: as given where there is a record, else as planned. */
export function amountIn({ begun, record }: Entry, name: string): number {
  if (record !== null) return record.cocktail.find((one) => one.name === name)?.given ?? 0;
  return begun.planned.find((one) => one.name === name)?.amount ?? 0;
}

/** Volume in a session, µL: as given where there is a record, else as planned. */
export const volumeUlIn = ({ begun, record }: Pick<Entry, 'begun' | 'record'>): number =>
  record === null ? begun.plannedUl : record.totals.givenNl / 1000;

/** A patient's sessions of one kind, oldest first; sessions that a person closed stay in, counted in full. */
export const sessionsOfPatient = (entries: readonly Entry[], patient: string, simulated: boolean): Entry[] =>
  entries.filter(({ begun }) => begun.patient === patient && begun.simulated === simulated);

/** The patient's sessions of the present course of a protocol: back to the last long gap. Newest last. */
export function presentCourse(entries: readonly Entry[], protocol: string, today: string): Entry[] {
  const own = entries.filter(({ begun }) => begun.protocol === protocol);
  let first = own.length;
  let nextDay = today;
  while (first > 0 && daysBetween(own[first - 1]?.begun.at ?? '', nextDay) <= COURSE_GAP_DAYS) nextDay = own[--first]?.begun.at ?? '';
  return own.slice(first);
}

/** Sessions of a course that came to their end; of a split one, its last part. */
export const doneOf = (entries: readonly Entry[]): Entry[] =>
  entries.filter(({ record }) => record?.ending === 'complete' && record.part.number === record.part.of);

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
const pointer = '/records';

function overMost(had: number, now: number, most: number, of: string, span: string, by: string): Problem[] {
  if (had + now <= most + 1e-9) return [];
  const why = `${rounded(had)} were given already ${span} and this session would give ${rounded(now)} (limit of the ${by})`;
  return [
    {
      pointer,
      value: rounded(had + now),
      bound: `≤ ${most} ${of} ${span}`,
      why,
      nearest: rounded(Math.max(0, most - had)),
      severity: 'error',
    },
  ];
}

/** What forbids this session because of others of the same patient. `today` as 2026-12-01. */
export function limitProblems(entries: readonly Entry[], patient: string, simulated: boolean, ready: Ready, today: string): Problem[] {
  const { treatment, plan } = ready;
  const { product, protocol } = treatment;
  const own = sessionsOfPatient(entries, patient, simulated);
  const onDay = own.filter(({ begun }) => dayOf(begun.at) === today);
  const course = presentCourse(own, protocol.id, today);
  const since = course[0]?.begun.at ?? today;
  const inCourse = own.filter(({ begun }) => begun.at >= since);
  /** Maintenance is not of the course: its sessions are held against the day only. */
  const maintained = doneOf(course).length >= sessionsOf(protocol.course);
  const sum = (of: readonly Entry[], amount: (entry: Entry) => number): number => of.reduce((total, entry) => total + amount(entry), 0);
  const sameProduct = onDay.filter(({ begun }) => begun.product === product.id);
  const problems = overMost(
    sum(sameProduct, volumeUlIn),
    plan.sessionUl,
    product.maxSessionUl,
    `µL of ${product.id}`,
    'in a day',
    'product',
  );
  for (const { name, unit, maxSession, maxDay, maxCourse } of product.components ?? []) {
    const now = plan.components.find((total) => total.name === name)?.session ?? 0;
    const amount = (entry: Entry): number => amountIn(entry, name);
    const by = `product, component ${name}`;
    problems.push(...overMost(sum(onDay, amount), now, maxDay ?? maxSession, `${unit} of ${name}`, 'in a day', by));
    if (!maintained) problems.push(...overMost(sum(inCourse, amount), now, maxCourse, `${unit} of ${name}`, 'in the course', by));
  }
  return problems;
}

/** R44: a needle or a syringe that the records know from another patient, or from another day. */
export function singleUseProblems(entries: readonly Entry[], form: SessionForm, simulated: boolean, today: string): Problem[] {
  const used = (what: 'needle' | 'syringe', at: string, id: string): Problem[] => {
    const before = entries.find(
      ({ begun }) =>
        begun.simulated === simulated &&
        (what === 'needle' ? begun.needleId === id : begun.syringeIds.includes(id)) &&
        (begun.patient !== form.patient || dayOf(begun.at) !== today),
    );
    if (before === undefined) return [];
    const other = before.begun.patient === form.patient ? 'on another day' : 'for another patient';
    const why = `session ${before.begun.session} used it ${other} (${dayOf(before.begun.at)}); it serves one patient, once`;
    return [{ pointer: at, value: id, bound: `a new ${what}`, why, severity: 'error' }];
  };
  return [
    ...(form.needleId === null ? [] : used('needle', '/needleId', form.needleId)),
    ...form.syringeIds.flatMap((id, index) => used('syringe', `/syringeIds/${index}`, id)),
  ];
}
