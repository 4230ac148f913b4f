// Which prick came from which lot: a syringe that is changed in the session, records, course and export by lot.
import { describe, expect, it } from 'vitest';
import { parseLot, lotsIn } from '../../../tools/records/lots.ts';
import { formAfter } from '../../../tools/records/fillings.ts';
import { recordsPage } from '../../../tools/records/records-page.ts';
import { sessionRecordSchema } from '../../../tools/records/session-record.ts';
import type { SessionRecord } from '../../../tools/records/session-record.ts';
import { openRecords } from '../../../tools/records/store.ts';
import { RUN, aRecord, mesogun, newFolder, recordArgs } from './clinic.ts';

/** 10 pricks of 5 µL from fillings of 70 µL: the gun makes six from the first. */
const SMALL = [...RUN, '--set', 'fillUl=70'];
const TWO_LOTS = { '--lot': 'vitamin-cocktail=A123,2027-05', '--syringe-id': 'S1' };
const SECOND = ['--lot', 'vitamin-cocktail@2=B7,2027-06', '--syringe-id', 'S2'];

let made: { folder: string; record: SessionRecord; stderr: string } | null = null;
async function twoFillings(): Promise<{ folder: string; record: SessionRecord; stderr: string }> {
  if (made === null) {
    const folder = newFolder();
    const { desk } = await mesogun([...SMALL, ...recordArgs(folder, TWO_LOTS), ...SECOND]);
    made = { folder, record: sessionRecordSchema.parse(openRecords(folder).entries[0]?.record), stderr: desk.stderr };
  }
  return made;
}

describe('lots', () => {
  it('reads vitamin-cocktail@2=B7,2027-06 as a lot of the second filling', () => {
    expect(parseLot('vitamin-cocktail@2=B7,2027-06')).toEqual({ of: 'vitamin-cocktail', lot: 'B7', expires: '2027-06', filling: 2 });
    expect(parseLot('vitamin-cocktail@0=B7,2027-06')).toBeNull();
  });

  it('of one filling take the place of those of all, component by component, and the product that of its components', () => {
    const all = [
      { of: 'a', lot: 'A1', expires: '2027-01' },
      { of: 'b', lot: 'B1', expires: '2027-01' },
      { of: 'b', lot: 'B2', expires: '2027-01', filling: 2 },
      { of: 'mix', lot: 'M3', expires: '2027-01', filling: 3 },
    ];
    const names = [1, 2, 3].map((filling) => lotsIn('mix', all, filling).map(({ lot }) => lot));
    expect(names).toEqual([['A1', 'B1'], ['B2', 'A1'], ['M3']]);
  });
});

describe('a session of two fillings', () => {
  it('keeps pricks 1 to 6 from lot A123 in syringe S1 and 7 to 10 from lot B7 in syringe S2, 30 and 20 µL; the desk says what comes when the syringe is changed', async () => {
    const { record, stderr } = await twoFillings();
    expect(record.fillings).toMatchObject([
      { filling: 1, syringe: 'S1', from: 1, to: 6, pricks: 6, lots: [{ lot: 'A123' }] },
      { filling: 2, syringe: 'S2', from: 7, to: 10, pricks: 4, lots: [{ lot: 'B7' }] },
    ]);
    expect(record.fillings.map(({ givenNl }) => Math.round(givenNl / 1000))).toEqual([30, 20]);
    expect(record.pricks.map(({ filling }) => filling)).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(stderr).toContain('change of syringe: filling 2, syringe S2; vitamin-cocktail: lot B7, until 2027-06');
  });

  it('is shown filling by filling, exported prick by prick with its lot, and totalled by lot: 1.2 and 0.8 mg of ascorbic acid', async () => {
    const { folder } = await twoFillings();
    const shown = (await mesogun(['records', 'show', '1', '--records', folder])).desk.stdout;
    expect(shown).toMatch(/fillings +1: pricks 1 to 6, 30\.0 µL, syringe S1; vitamin-cocktail: lot A123/);
    expect(shown).toMatch(/2: pricks 7 to 10, 20\.0 µL, syringe S2; vitamin-cocktail: lot B7/);
    const course = (await mesogun(['records', 'course', 'P17', '--records', folder])).desk.stdout;
    expect(course).toMatch(/ascorbic acid +A123 +1\.[12]\d* mg/);
    expect(course).toMatch(/ascorbic acid +B7 +0\.[78]\d* mg/);
    expect((await mesogun(['records', 'export', '--lot', 'B7', '--records', folder])).desk.stdout).toContain('"lot":"B7"');
  });

  it('is drawn on the page by filling, with amounts by lot; a remark that is HTML stays text, and nothing comes from outside', async () => {
    const { record } = await twoFillings();
    const [first, ...rest] = record.form.checklist;
    const checklist = [{ ...first, ask: first?.ask ?? '', answer: 'yes' as const, note: '<script>alert(1)</script>' }, ...rest];
    const page = recordsPage([{ ...record, form: { ...record.form, checklist } }]);
    expect([page.match(/<circle[^>]*#0072b2/g)?.length, page.match(/<circle[^>]*#e69f00/g)?.length]).toEqual([6, 4]);
    expect(page).toMatch(/A123: 1\.20 mg; B7: 0\.800 mg/);
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<script|src=|href="(?!#)|@import/);
  });

  it('without a lot for one of them is refused, exit 3, and says which', async () => {
    const { code, desk } = await mesogun([...SMALL, ...recordArgs(newFolder(), { '--lot': 'vitamin-cocktail@1=A123,2027-05' })]);
    expect([code, desk.stderr.includes('a lot of vitamin-cocktail in filling 2 of 2')]).toEqual([3, true]);
  });

  it('goes on with the filling it ended in: lot and syringe of the second become those of the first', async () => {
    const { record } = await twoFillings();
    const { lots, syringeIds } = formAfter(record.form, record.fillings);
    expect([lotsIn('vitamin-cocktail', lots, 1).map(({ lot }) => lot), syringeIds]).toEqual([['B7'], ['S2']]);
  });
});

describe('the record of a session', () => {
  it('says which calibration the gun itself rested on and what it runs: a demo, gun 1, sources unbuilt', async () => {
    const { calibration, gun } = await aRecord();
    expect(calibration.used).toMatchObject({ demo: true });
    expect(gun).toMatchObject({ build: { image: null }, device: 1, board: 'virtual-kaluma' });
  });
});
