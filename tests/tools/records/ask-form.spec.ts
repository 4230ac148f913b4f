// Questions to a person at the terminal before a session that is recorded.
import { describe, expect, it } from 'vitest';
import { openRecords } from '../../../tools/records/store.ts';
import { recordingDesk } from '../recording-desk.ts';
import { RUN, aRecord, mesogun, newFolder, recordArgs } from './clinic.ts';

const POINTS = async (): Promise<number> => (await aRecord()).form.checklist.length;

describe('run --record at a terminal', () => {
  it('asks for patient, operator, needle, syringe, lot, consent and every point of the checklist, again where an answer does not fit, and keeps who said what', async () => {
    const folder = newFolder();
    const yes = Array.from({ length: (await POINTS()) - 1 }, () => 'y');
    const answers = ['Anna Berg', 'P17', 'op3', 'N1', 'S1', 'A123', 'A123,2027-05', 'yes', 'maybe', 'yes since May', ...yes];
    const desk = recordingDesk({ answers });
    const { code } = await mesogun([...RUN, '--record', '--records', folder], desk);
    expect([code, desk.stderr.includes('a name'), desk.stderr.includes('yes or no, please')]).toEqual([0, false, true]);
    const form = openRecords(folder).entries[0]?.record?.form;
    expect(form).toMatchObject({ patient: 'P17', operator: 'op3', needleId: 'N1', syringeIds: ['S1'], consent: true });
    expect(form?.lots).toEqual([{ of: 'vitamin-cocktail', lot: 'A123', expires: '2027-05' }]);
    expect(form?.checklist[0]).toMatchObject({ answer: 'yes', note: 'since May', by: 'op3', how: 'asked' });
    expect(form?.checklist.filter(({ how, by }) => how === 'asked' && by === 'op3')).toHaveLength(await POINTS());
    const shown = await mesogun(['records', 'show', '1', '--records', folder]);
    expect(shown.desk.stdout).toContain('by op3, asked one by one');
  });

  it('asks only for what the options leave open, filling by filling: nothing but the lots of two fillings of 70 µL', async () => {
    const folder = newFolder();
    const desk = recordingDesk({ answers: ['A123,2027-05', 'no', 'B7,2027-06'] });
    const { code } = await mesogun([...RUN, '--set', 'fillUl=70', ...recordArgs(folder, { '--lot': null })], desk);
    expect(code).toBe(0);
    expect(openRecords(folder).entries[0]?.record?.fillings.map(({ lots }) => lots.map(({ lot }) => lot))).toEqual([['A123'], ['B7']]);
  });

  it('begins nothing, exit 3, after the first no, and asks no further', async () => {
    const folder = newFolder();
    const desk = recordingDesk({ answers: ['no pregnant', 'yes'] });
    const { code } = await mesogun([...RUN, ...recordArgs(folder, { '--checked': null })], desk);
    expect([code, openRecords(folder).entries.length]).toEqual([3, 0]);
    expect(desk.stderr.match(/\(yes\/no\)/g)).toHaveLength(1);
  });

  it('begins nothing, exit 130, when the input ends', async () => {
    const folder = newFolder();
    const { code } = await mesogun([...RUN, '--record', '--records', folder], recordingDesk({ answers: ['P17'] }));
    expect([code, openRecords(folder).entries.length]).toEqual([130, 0]);
  });

  it('keeps that --checked answered for all at once', async () => {
    expect((await aRecord()).form.checklist.every(({ how, by }) => how === 'option' && by === 'op3')).toBe(true);
  });
});
