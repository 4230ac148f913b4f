// The record of a session whose desk died: from what it had written down before (session-begin.ts) and from the gun's own journal. A
// gun that still stands in that session is stopped and ended first. Not responsible for the pricks that are left (resume.ts). Desk side.
import { P_SOURCE_CRC } from '../../firmware/core/program.ts';
import { COMPLETE, FAULT, HOMING, IDLE, PAUSED, READY, SERVICE } from '../../firmware/core/states.ts';
import { readGunSections } from '../calibration/gun-sections.ts';
import type { Desk } from '../desk.ts';
import { EXIT_DEVICE, EXIT_FILE, MesogunError } from '../errors.ts';
import type { Journal } from '../journal.ts';
import { decodeJournal } from '../journal.ts';
import { JournalReading, readStatus } from '../link-calls.ts';
import type { OpenGun } from '../open-gun.ts';
import { readyToRun } from '../source.ts';
import type { Ready } from '../source.ts';
import { summarize } from '../summary.ts';
import type { SessionBegin } from './session-begin.ts';
import type { SessionRecord } from './session-record.ts';
import { keepRecord } from './store.ts';
import { writeRecord } from './write-record.ts';

/** Looks at a gun that is to come to rest, one a heartbeat. Chosen: a prick of the slowest technique, and home, within a minute. */
const LOOKS_MOST = 240;

/** The treatment that a beginning was of, as it is to be run again. Throws MesogunError 3 for a file that is refused. */
export const readyOf = (begin: SessionBegin, name: string, set: readonly string[]): Ready =>
  readyToRun(name, set, {
    ...(begin.part.number === 1 ? {} : { part: begin.part.number }),
    ...(begin.from === 1 ? {} : { from: begin.from }),
  });

/** Number that the guide gives to a session: it follows from the journal before it. */
const gunSessionOf = ({ lastSeq }: SessionBegin): number => lastSeq + 2;

/** Until the gun stands in no session any more; one that moves is stopped, once. */
async function endWhatIsLeft({ link }: OpenGun): Promise<void> {
  const beat = { wake: (): void => undefined };
  link.onEvent((event) => {
    if (event.ev === 'hb' || event.ev === 'state') beat.wake();
  });
  let stopped = false;
  for (let look = 0; look < LOOKS_MOST; look++) {
    const state = (await readStatus(link))['state'] ?? IDLE;
    if (state === IDLE || state === FAULT) return;
    if (state === PAUSED || state === READY || state === COMPLETE) {
      if ((await link.request('end')).no === undefined) continue;
    } else if (!stopped && state >= HOMING && state !== SERVICE) {
      stopped = true;
      await link.stop();
    }
    await new Promise<void>((resolve, reject) => {
      beat.wake = resolve;
      link.onClose(reject);
    });
  }
  throw new MesogunError({ exit: EXIT_DEVICE, what: 'the gun does not come to rest', next: 'end its session at the gun, then try again' });
}

/** Entries of this session alone: what a later one wrote is cut off. Null when the gun never began it. */
function ownJournal(entries: readonly Uint8Array[], begin: SessionBegin): Journal | null {
  const all = decodeJournal(entries).entries;
  const crc = begin.programme.words[P_SOURCE_CRC];
  const at = all.findIndex(
    (entry) => entry.kind === 'SESSION' && entry.session === gunSessionOf(begin) && entry.fields['sourceCrc'] === crc,
  );
  if (at < 0) return null;
  const next = all.findIndex((entry, index) => index > at && entry.kind === 'SESSION');
  return decodeJournal(entries.slice(0, next < 0 ? entries.length : next));
}

function endingOf({ entries }: Journal, planned: number): SessionRecord['ending'] {
  if (entries.filter(({ kind }) => kind === 'INTENT').length >= planned && entries.some(({ kind }) => kind === 'END')) return 'complete';
  if (entries.some(({ kind }) => kind === 'FAULT')) return 'fault';
  const begun = entries.findIndex(({ kind }) => kind === 'SESSION');
  return entries.some(({ kind }, index) => index > begun && kind === 'BOOT') ? 'restarted' : 'desk-lost';
}

/** Makes and keeps the record. Throws MesogunError 3 when this is another gun, or one that never began the session. */
export async function recover(gun: OpenGun, folder: string, begin: SessionBegin, ready: Ready, at: string, desk: Desk): Promise<void> {
  const { session } = begin;
  const device = gun.link.hello?.device ?? null;
  const close = `mesogun records close ${session} --why "…" leaves it counted in full`;
  if (device !== begin.gun.device) {
    const why = `it was on gun ${begin.gun.device ?? '?'}; this one is ${device ?? '?'}`;
    throw new MesogunError({ exit: EXIT_FILE, what: `session ${session} was on another gun`, why, next: `--port of that gun; ${close}` });
  }
  await endWhatIsLeft(gun);
  const entries = gun.lastSeq > begin.lastSeq ? await new JournalReading(gun.link).readFrom(begin.lastSeq + 1) : [];
  const journal = ownJournal(entries, begin);
  if (journal === null) {
    const why = 'its journal has no such session: the desk died before the gun began, or a simulated gun went with the desk';
    throw new MesogunError({ exit: EXIT_FILE, what: `the gun knows nothing of session ${session}`, why, next: close });
  }
  const sections = await readGunSections(gun.link).catch(() => []);
  const input = { ready, journal, truth: null, seed: begin.seed, wallMs: 0, sections };
  const { form, begunAt, resumes } = begin;
  const ending = endingOf(journal, ready.plan.pricks);
  const record = writeRecord({ ...input, session, form, summary: summarize(input), ending, begunAt, endedAt: at, gun: begin.gun, resumes });
  const path = keepRecord(folder, record, at);
  const { done, uncertain } = record.totals;
  desk.say(
    `session ${session}: its record was made from the gun's journal, ${done} pricks${uncertain > 0 ? `, ${uncertain} uncertain` : ''}: ${path}`,
  );
}
