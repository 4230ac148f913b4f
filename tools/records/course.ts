// A patient's course from the records: which sessions are done, what is due next, how much of each substance was given and
// how much is left. Simulated sessions stay apart. Not responsible for refusing a session (limits.ts). Runs at the desk.
import { courseDays, dayAfter, sessionsOf } from '../../protocols/course.ts';
import { productSchema, protocolSchema } from '../../protocols/schema.ts';
import type { Course } from '../../protocols/schema.ts';
import { amountIn, dayOf, doneOf, presentCourse, sessionsOfPatient, volumeUlIn } from './limits.ts';
import type { Entry, Records } from './store.ts';

export interface SubstanceTotal {
  readonly name: string;
  readonly unit: string;
  readonly onDay: number;
  readonly maxDay: number;
  readonly course: number;
  readonly maxCourse: number;
  /** Given in the course by lot; `lot not known` where nobody said, `as planned` for sessions without a record. */
  readonly lots: readonly { readonly lot: string; readonly amount: number }[];
}

export interface CourseState {
  readonly protocol: string;
  readonly sessions: readonly {
    readonly session: number;
    readonly at: string;
    readonly ending: string;
    readonly done: number;
    readonly planned: number;
    readonly part: string;
    readonly givenUl: number;
  }[];
  /** Sessions of the course that came to their end, of how many. */
  readonly done: number;
  readonly of: number;
  /** Null where the protocol has no course, or the present session is not finished. */
  readonly next: {
    readonly session: number;
    readonly kind: 'session' | 'maintenance';
    readonly due: string;
    readonly overdueDays: number;
  } | null;
  /** Sessions that began and did not end as planned. */
  readonly unfinished: readonly string[];
  readonly substances: readonly SubstanceTotal[];
}

export interface PatientState {
  readonly patient: string;
  readonly simulated: boolean;
  readonly courses: readonly CourseState[];
}

const DAY_MS = 86_400_000;
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
const sum = (entries: readonly Entry[], of: (entry: Entry) => number): number => entries.reduce((total, entry) => total + of(entry), 0);

/** Due so many days after the last one as the course sets between the two. */
function nextOf(course: Course, done: readonly Entry[], today: string): CourseState['next'] {
  const last = done.at(-1);
  if (last === undefined) return null;
  const days = courseDays(course);
  const next = days[done.length];
  const every = course.maintenance?.everyDays;
  const gapDays = next === undefined ? every : next.day - (days[done.length - 1]?.day ?? 0);
  if (gapDays === undefined) return null;
  const due = dayAfter(dayOf(last.begun.at), gapDays) ?? '';
  const overdueDays = Math.max(0, Math.round((Date.parse(today) - Date.parse(due)) / DAY_MS));
  return { session: done.length + 1, kind: next?.kind ?? 'maintenance', due, overdueDays };
}

/** Of which lots a session's amount of a substance came, filling by filling. */
function lotsOf({ begun, record }: Entry, name: string): { lot: string; amount: number }[] {
  if (record === null) return [{ lot: 'as planned, no record', amount: begun.planned.find((one) => one.name === name)?.amount ?? 0 }];
  const perMl = record.cocktail.find((one) => one.name === name)?.perMl ?? 0;
  return record.fillings.map(({ givenNl, lots }) => {
    const names = lots.filter((lot) => lot.of === name || lot.of === record.product.id).map((lot) => lot.lot);
    return { lot: names.length === 0 ? 'lot not known' : names.join(' + '), amount: (perMl * givenNl) / 1e6 };
  });
}

function byLot(entries: readonly Entry[], name: string): SubstanceTotal['lots'] {
  const totals = new Map<string, number>();
  for (const { lot, amount } of entries.flatMap((entry) => lotsOf(entry, name))) totals.set(lot, (totals.get(lot) ?? 0) + amount);
  return [...totals].filter(([, amount]) => amount > 0).map(([lot, amount]) => ({ lot, amount: rounded(amount) }));
}

function substancesOf(own: readonly Entry[], inCourse: readonly Entry[], today: string): SubstanceTotal[] {
  const product = [...own].reverse().flatMap(({ record }) => (record === null ? [] : [productIn(record.treatment)]))[0] ?? null;
  return (product?.components ?? []).map(({ name, unit, maxSession, maxDay, maxCourse }) => ({
    ...{ name, unit, maxDay: maxDay ?? maxSession, maxCourse },
    onDay: rounded(
      sum(
        inCourse.filter(({ begun }) => dayOf(begun.at) === today),
        (entry) => amountIn(entry, name),
      ),
    ),
    course: rounded(sum(inCourse, (entry) => amountIn(entry, name))),
    lots: byLot(inCourse, name),
  }));
}

const courseIn = (treatment: Readonly<Record<string, unknown>>): Course | undefined =>
  protocolSchema.shape.course.safeParse((treatment['protocol'] as Record<string, unknown> | undefined)?.['course']).data;
const productIn = (treatment: Readonly<Record<string, unknown>>) => productSchema.safeParse(treatment['product']).data ?? null;

function stateOf({ begun, state, record }: Entry): CourseState['sessions'][number] {
  const ending = record?.ending ?? (state === 'open' ? 'no record: counted in full' : 'closed without a record: counted in full');
  return {
    ...{ session: begun.session, at: begun.at, ending, part: begun.parts === 1 ? '' : `${begun.part} of ${begun.parts}` },
    ...{ done: record?.totals.done ?? 0, planned: record?.plan.pricks ?? 0 },
    givenUl: rounded(volumeUlIn({ begun, record })),
  };
}

function courseStateOf(own: readonly Entry[], protocol: string, today: string): CourseState {
  const entries = presentCourse(own, protocol, today);
  const since = entries[0]?.begun.at ?? today;
  const done = doneOf(entries);
  const course = [...entries].reverse().flatMap(({ record }) => (record === null ? [] : [courseIn(record.treatment)]))[0];
  const unfinished = entries
    .filter(({ record }) => record === null || record.ending !== 'complete')
    .filter(({ begun }) => !entries.some((later) => later.record?.resumes?.session === begun.session))
    .map(
      ({ begun, record }) =>
        `session ${begun.session}: ${record === null ? 'no record' : `${record.totals.done} of ${record.plan.pricks} pricks`}`,
    );
  return {
    ...{ protocol, sessions: entries.map(stateOf), done: done.length, of: sessionsOf(course), unfinished },
    next: course === undefined ? null : nextOf(course, done, today),
    substances: substancesOf(
      entries,
      own.filter(({ begun }) => begun.at >= since),
      today,
    ),
  };
}

/** All present courses of a patient. Real sessions where there are any and `simulated` is not asked for. */
export function patientState({ entries }: Records, patient: string, simulated: boolean, today: string): PatientState {
  const real = sessionsOfPatient(entries, patient, false);
  const own = simulated || real.length === 0 ? sessionsOfPatient(entries, patient, true) : real;
  const protocols = [...new Set(own.map(({ begun }) => begun.protocol))];
  return {
    patient,
    simulated: own.length > 0 && own !== real,
    courses: protocols.map((protocol) => courseStateOf(own, protocol, today)).filter((one) => one.sessions.length > 0),
  };
}
