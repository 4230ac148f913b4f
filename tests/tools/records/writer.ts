// A desk of its own for the test with two of them: begins and closes so many sessions of a patient. Run by node, not by vitest.
import { beginSession, closeSession } from '../../../tools/records/store.ts';

const [folder = '', patient = '', count = '0'] = process.argv.slice(2);
for (let i = 0; i < Number(count); i++) {
  const at = '2026-01-01T08:00Z';
  const session = beginSession(
    folder,
    {
      ...{ at, simulated: true, patient, operator: 'op', protocol: 'p', part: 1, parts: 1, needleId: `${patient}-${i}`, syringeIds: [] },
      ...{ product: 'saline', plannedUl: 1, planned: [] },
    },
    () => undefined,
  );
  closeSession(folder, session, at, 'test');
}
