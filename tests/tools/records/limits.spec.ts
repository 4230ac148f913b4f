// What a patient has had on other occasions, against what a session would give; and the course that the records make.
import { describe, expect, it } from 'vitest';
import { courseText } from '../../../tools/records/record-text.ts';
import { patientState } from '../../../tools/records/course.ts';
import { limitProblems } from '../../../tools/records/limits.ts';
import { openRecords } from '../../../tools/records/store.ts';
import { readyToRun } from '../../../tools/source.ts';
import type { Past } from './clinic.ts';
import { mesogun, newFolder, past, recordArgs, RUN } from './clinic.ts';

const TODAY = '2026-01-01';

/** What forbids 10 pricks of 5 µL (2 mg of ascorbic acid; at most 200 mg a day, 2000 mg a course) after these. */
async function forbids(sessions: readonly Past[], patient = 'P17', simulated = true): Promise<string[]> {
  const folder = newFolder();
  await past(folder, sessions);
  const ready = readyToRun('mesolift-face', ['pricks=10']);
  return limitProblems(openRecords(folder).entries, patient, simulated, ready, TODAY).map(({ bound }) => bound);
}

describe('limits of a day and a course', () => {
  it('R12: 2450 µL today let 50 µL more pass; after 5000 µL and 200 mg of ascorbic acid volume and two substances are beyond their day', async () => {
    const at = `${TODAY}T08:00Z`;
    expect(await forbids([{ at, times: 49 }])).toEqual([]);
    expect(await forbids([{ at, times: 100 }])).toEqual([
      '≤ 2500 µL of vitamin-cocktail in a day',
      '≤ 200 mg of ascorbic acid in a day',
      '≤ 100 mg of dexpanthenol in a day',
    ]);
  });

  it('R12: what was given yesterday, to another patient or to nobody does not count today', async () => {
    expect(await forbids([{ at: '2025-12-31T08:00Z', times: 100 }])).toEqual([]);
    expect(await forbids([{ at: `${TODAY}T08:00Z`, times: 100, patient: 'P18' }])).toEqual([]);
    expect(await forbids([{ at: `${TODAY}T08:00Z`, times: 100 }], 'P17', false)).toEqual([]);
  });

  it('R12: 1999 mg in the sessions of the present course forbid 2 mg more; a year and a day later a new course begins', async () => {
    const most = { times: 999.5 };
    expect(await forbids([{ at: '2025-12-01T08:00Z', ...most }])).toEqual([
      '≤ 2000 mg of ascorbic acid in the course',
      '≤ 1000 mg of dexpanthenol in the course',
    ]);
    expect(await forbids([{ at: '2024-12-30T08:00Z', ...most }])).toEqual([]);
  });

  it('R10, R12: a session without a record counts in full', async () => {
    expect(await forbids([{ at: `${TODAY}T08:00Z`, times: 100, lost: true }])).toHaveLength(3);
  });

  it('R12: stops `mesogun run` before anything moves, exit 3, and says what was given and what is left', async () => {
    const folder = newFolder();
    await past(folder, [{ at: `${TODAY}T08:00Z`, times: 99.5, needleId: 'N1' }]);
    const { code, desk } = await mesogun([...RUN, ...recordArgs(folder)]);
    expect(code).toBe(3);
    expect(desk.stderr).toContain('200 mg of ascorbic acid in a day; 199 were given already');
    expect(desk.stdout).not.toContain('"event":"state"');
    expect(openRecords(folder).entries).toHaveLength(1);
  });
});

describe('a course', () => {
  const state = async (sessions: readonly Past[], simulated = false): Promise<ReturnType<typeof patientState>> => {
    const folder = newFolder();
    await past(folder, sessions);
    return patientState(openRecords(folder), 'P17', simulated, TODAY);
  };

  it('of six sessions a week apart: after two of them the third is due a week later, and is 3 days late', async () => {
    const { courses } = await state([{ at: '2025-12-15T08:00Z' }, { at: '2025-12-22T08:00Z' }]);
    expect(courses[0]).toMatchObject({ done: 2, of: 7, next: { session: 3, kind: 'session', due: '2025-12-29', overdueDays: 3 } });
  });

  it('ends with its refresh; then maintenance is due half a year later', async () => {
    const days = ['10-01', '10-08', '10-15', '10-22', '10-29', '11-05', '11-19'];
    const { courses } = await state(days.map((day) => ({ at: `2025-${day}T08:00Z` })));
    expect(courses[0]).toMatchObject({ done: 7, of: 7, next: { session: 8, kind: 'maintenance' } });
    expect(courses[0]?.next?.due.slice(0, 7)).toBe('2026-05');
  });

  it('does not count a session that a fault ended, and says so', async () => {
    const { courses } = await state([{ at: '2025-12-22T08:00Z' }, { at: '2025-12-29T08:00Z', ending: 'fault' }]);
    expect(courses[0]).toMatchObject({ done: 1, unfinished: ['session 2: 10 of 10 pricks'] });
  });

  it('sums substances of the day and of the course: 2 mg of ascorbic acid today, 4 mg in all', async () => {
    const found = await state([{ at: '2025-12-25T08:00Z' }, { at: `${TODAY}T08:00Z` }]);
    const [ascorbic] = found.courses[0]?.substances ?? [];
    expect(ascorbic?.onDay).toBeCloseTo(2, 1);
    expect(ascorbic?.course).toBeCloseTo(4, 1);
    expect(courseText(found)).toContain('of 2000 mg in the course');
  });

  it('keeps real sessions apart from simulated ones', async () => {
    const sessions = [{ at: '2025-12-25T08:00Z', simulated: false }, { at: '2025-12-26T08:00Z' }];
    expect((await state(sessions)).courses[0]?.sessions).toHaveLength(1);
    expect(await state(sessions)).toMatchObject({ simulated: false });
    expect(await state(sessions, true)).toMatchObject({ simulated: true, courses: [{ done: 1 }] });
  });
});
