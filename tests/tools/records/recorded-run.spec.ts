// `mesogun run` with a record: what is asked before, what forbids a session, what is kept.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeJournal, journalSha256 } from '../../../tools/journal.ts';
import { openRecords } from '../../../tools/records/store.ts';
import { sessionRecordSchema } from '../../../tools/records/session-record.ts';
import { recordingDesk } from '../recording-desk.ts';
import { RUN, aRecord, mesogun, newFolder, past, recordArgs } from './clinic.ts';

/** Nothing of a session was said: no state of the gun ever came. */
const nothingRan = (stdout: string): boolean => !stdout.includes('"event":"state"');

describe('a recorded session', () => {
  it('keeps 10 pricks of 5 µL with lot, places, journal, calibration and answers, marked as simulated with seed 1', async () => {
    const record = await aRecord();
    expect(record).toMatchObject({
      ...{ session: 1, simulated: true, seed: 1, ending: 'complete', begunAt: '2026-01-01T00:00Z' },
      ...{ totals: { done: 10, uncertain: 0, failed: 0, commandedNl: 50_000 }, part: { number: 1, of: 1 } },
      form: { patient: 'P17', operator: 'op3', needleId: 'N1', syringeIds: ['S1'], consent: true },
      product: { id: 'vitamin-cocktail', lots: [{ of: 'vitamin-cocktail', lot: 'A123', expires: '2027-05' }] },
    });
    const [ascorbic] = record.cocktail;
    expect(ascorbic).toMatchObject({ name: 'ascorbic acid', unit: 'mg', planned: 2, lots: [{ lot: 'A123' }] });
    expect(ascorbic?.given).toBeCloseTo((record.totals.givenNl * 40) / 1e6, 6);
    expect(record.pricks.map((prick) => prick.prick)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(record.form.checklist.map((one) => one.answer)).toEqual(record.form.checklist.map(() => 'yes'));
    const journal = decodeJournal(record.journal.entries.map((hex) => new Uint8Array(Buffer.from(hex, 'hex'))));
    expect([journal.firstBreak, journalSha256(journal)]).toEqual([null, record.journal.sha256]);
  });

  it('keeps what happened when the needle loses steps at prick 4: fault 2, 3 pricks, 15 µL', async () => {
    const folder = newFolder();
    const { code } = await mesogun([...RUN, '--fault', 'needle.steps-lost=400@prick=4', ...recordArgs(folder)]);
    expect(code).toBe(5);
    const [entry] = openRecords(folder).entries;
    expect(entry?.record).toMatchObject({ ending: 'fault', faults: [{ code: 2 }], totals: { done: 3, estimatedNl: 15_000 } });
  });

  it('writes nothing when no option asks for a record', async () => {
    const desk = recordingDesk({ env: { MESOGUN_RECORDS: newFolder() } });
    await mesogun(RUN, desk);
    expect(existsSync(join(desk.env['MESOGUN_RECORDS'] ?? '', 'chain.jsonl'))).toBe(false);
  });

  it('takes its answers from a form that mesogun records form writes, and the folder from MESOGUN_RECORDS', async () => {
    const folder = newFolder();
    const path = join(folder, 'form.json');
    const desk = recordingDesk({ env: { MESOGUN_RECORDS: folder } });
    expect((await mesogun(['records', 'form', 'mesolift-face', '--out', path])).code).toBe(0);
    const blank = JSON.parse(readFileSync(path, 'utf8')) as { checklist: { ask: string }[] };
    const lots = [{ of: 'vitamin-cocktail', lot: 'B7', expires: '2026-03-31' }];
    const filled = { ...blank, patient: 'P9', operator: 'op1', needleId: 'N9', syringeIds: ['S9'], lots, consent: true };
    writeFileSync(path, JSON.stringify({ ...filled, checklist: blank.checklist.map(({ ask }) => ({ ask, answer: 'yes' })) }));
    expect((await mesogun([...RUN, '--form', path], desk)).code).toBe(0);
    expect(openRecords(folder).entries[0]?.record?.form).toMatchObject({ patient: 'P9', lots });
    writeFileSync(path, JSON.stringify({ ...filled, patient: 'Anna Berg', checklist: [] }));
    const refused = await mesogun([...RUN, '--form', path], desk);
    expect([refused.code, refused.desk.stderr.includes('/patient')]).toEqual([3, true]);
  });
});

describe('nothing runs, exit 3,', () => {
  it.each([
    ['without consent', { '--consent': null }, '/consent'],
    ['without an operator', { '--operator': null }, '/operator'],
    ['without an id of the needle', { '--needle-id': null }, '/needleId'],
    ['without an id of the syringe', { '--syringe-id': null }, '/syringeIds'],
    ['with a checklist nobody answered', { '--checked': null }, '/checklist/0'],
    ['without a lot', { '--lot': null }, 'a lot of vitamin-cocktail'],
    ['with a lot of one component of three', { '--lot': 'biotin=B1,2027-01' }, 'a lot of dexpanthenol'],
    ['with a lot of what is not in it', { '--lot': 'biotine=B1,2027-01' }, 'Nearest: biotin'],
    ['on 2026-01-01 with a lot that expired with 2025-12', { '--lot': 'vitamin-cocktail=A1,2025-12' }, 'has expired'],
  ])('%s', async (_title, change, says) => {
    const folder = newFolder();
    const { code, desk } = await mesogun([...RUN, ...recordArgs(folder, change)]);
    expect([code, nothingRan(desk.stdout), existsSync(join(folder, 'chain.jsonl'))]).toEqual([3, true, false]);
    expect(desk.stderr).toContain(says);
  });

  it('with a point of the checklist that was answered with no', async () => {
    const folder = newFolder();
    const path = join(folder, 'form.json');
    const form = { ...(await aRecord()).form, needleId: 'N7' };
    const checklist = form.checklist.map((one, index) => (index === 5 ? { ...one, answer: 'no', note: 'pregnant' } : one));
    writeFileSync(path, JSON.stringify({ ...form, checklist }));
    const { code, desk } = await mesogun([...RUN, '--form', path, '--records', folder]);
    expect([code, desk.stderr.includes('/checklist/5: "no"')]).toEqual([3, true]);
  });

  it('R44: with a needle that the records know from another patient, or from the same one on another day; on the same day it does', async () => {
    const folder = newFolder();
    await past(folder, [
      { at: '2026-01-01T08:00Z', patient: 'P1', needleId: 'N1' },
      { at: '2025-12-24T08:00Z', patient: 'P17', needleId: 'N2' },
      { at: '2026-01-01T09:00Z', patient: 'P17', needleId: 'N3' },
    ]);
    const other = await mesogun([...RUN, ...recordArgs(folder)]);
    expect([other.code, nothingRan(other.desk.stdout), other.desk.stderr.includes('session 1 used it for another patient')]).toEqual([
      3,
      true,
      true,
    ]);
    const again = await mesogun([...RUN, ...recordArgs(folder, { '--needle-id': 'N2' })]);
    expect([again.code, again.desk.stderr.includes('session 2 used it on another day')]).toEqual([3, true]);
    expect((await mesogun([...RUN, ...recordArgs(folder, { '--needle-id': 'N3' })])).code).toBe(0);
  });
});

describe('usage', () => {
  it.each([
    ['--patient', 'Anna Berg, 1980-02-03'],
    ['--lot', 'A123'],
    ['--lot', 'vitamin-cocktail=A123,05/2027'],
  ])('refuses %s %s, exit 2, and says how it is written', async (option, value) => {
    const { code, desk } = await mesogun([...RUN, ...recordArgs(newFolder(), { [option]: value })]);
    expect([code, desk.stderr.includes('next:')]).toEqual([2, true]);
  });

  it('--lot-unknown records that nobody knows the lot', async () => {
    const folder = newFolder();
    await mesogun([...RUN, ...recordArgs(folder, { '--lot': null, '--lot-unknown': '' })]);
    const record = sessionRecordSchema.parse(openRecords(folder).entries[0]?.record);
    expect([record.form.lotUnknown, record.product.lots]).toEqual([true, []]);
    const shown = await mesogun(['records', 'show', '1', '--records', folder]);
    expect(shown.desk.stdout).toContain('lot not known');
  });
});

describe('run --resume', () => {
  it('R10: after a power cut in prick 5 makes pricks 6 to 10, none twice: 4 done and 1 uncertain, then 5, at the places that were left', async () => {
    const folder = newFolder();
    const cut = await mesogun([...RUN, '--fault', 'power.cut@prick=5', ...recordArgs(folder)]);
    expect([cut.code, cut.desk.stderr.includes('mesogun run mesolift-face --resume 1')]).toEqual([5, true]);
    const whole = await aRecord();
    expect(openRecords(folder).entries[0]?.record).toMatchObject({ ending: 'restarted', totals: { done: 4, uncertain: 1 } });
    const rest = await mesogun([...RUN, '--resume', '1', '--records', folder]);
    expect(rest.code).toBe(0);
    const records = openRecords(folder);
    const record = sessionRecordSchema.parse(records.entries[1]?.record);
    expect(record).toMatchObject({ resumes: { session: 1, from: 6 }, ending: 'complete', plan: { pricks: 5 }, form: { patient: 'P17' } });
    const places = (from: typeof record): unknown[] => from.pricks.map(({ xMm, yMm }) => [xMm, yMm]);
    expect(places(record)).toEqual(places(whole).slice(5));
    expect(records.faults).toEqual([]);
    const course = await mesogun(['records', 'course', 'P17', '--records', folder]);
    expect(course.desk.stdout).toContain('1 of 7 sessions done');
    expect(course.desk.stdout).not.toContain('not finished');
  });

  it('is refused, exit 3, for a complete session, one that was gone on with, another treatment, and another day', async () => {
    const folder = newFolder();
    await mesogun([...RUN, '--fault', 'needle.steps-lost=400@prick=4', ...recordArgs(folder)]);
    await past(folder, [{ at: '2025-12-24T08:00Z', ending: 'interrupted' }, { at: '2026-01-01T08:00Z' }]);
    const resume = async (...argv: string[]): Promise<string> => {
      const { code, desk } = await mesogun([...argv, '--records', folder, '--json']);
      return `${code} ${/error: (.*)/.exec(desk.stderr)?.[1] ?? ''}`;
    };
    expect(await resume('run', 'mesolift-face', '--resume', '1')).toBe('3 this is not what session 1 was doing');
    expect(await resume(...RUN, '--resume', '2')).toBe('3 session 2 is of another day');
    expect(await resume(...RUN, '--resume', '3')).toBe('3 session 3 is complete');
    expect(await resume(...RUN, '--resume', '9')).toBe('3 session 9 has no record to go on with');
    expect((await mesogun([...RUN, '--resume', '1', '--records', folder])).code).toBe(0);
    expect(await resume(...RUN, '--resume', '1')).toBe('3 session 1 was gone on with');
  });
});
