// The steps of `mesogun run`: plan, open the gun, guide the session, read and judge its journal, write what stays.
// Everything reported comes from the journal (and, for a virtual gun, from the truth beside it), never from the plan.
import { dirname, join } from 'node:path';
import { RESULT_SHORT } from '../firmware/core/faults.ts';
import { STATE_NAMES } from '../firmware/core/states.ts';
import { HOLD_SYRINGE } from '../firmware/store/entry.ts';
import { formatProblems } from '../protocols/problems.ts';
import { stepLog } from '../protocols/step-log.ts';
import { dayOf } from './calibration/gun-record.ts';
import { refuseMarked } from './calibration-marks.ts';
import { readGunSections } from './calibration/gun-sections.ts';
import { planJson } from './commands/plan.ts';
import type { Desk } from './desk.ts';
import { EXIT_INTERRUPTED, MesogunError } from './errors.ts';
import type { Ending, Outcome } from './guide.ts';
import { Guide } from './guide.ts';
import type { Journal } from './journal.ts';
import { decodeJournal, journalCsv, journalJsonl } from './journal.ts';
import type { GunEvent } from './link-schemas.ts';
import { lossText } from './losses.ts';
import type { OpenGun } from './open-gun.ts';
import { openGun } from './open-gun.ts';
import { PanelGuide } from './panel-guide.ts';
import { Progress } from './progress.ts';
import { confirmChecklist } from './records/ask-form.ts';
import { momentOf, recordingFor, recordsFolder } from './records/recording.ts';
import type { Recording } from './records/recording.ts';
import type { RecordOptions } from './records/form-options.ts';
import { readyOf, recover } from './records/recover.ts';
import { beginLeft, mustBeSame, resumed } from './records/resume.ts';
import type { Resumed } from './records/resume.ts';
import { faultTrouble } from './refusal.ts';
import { writeReport } from './report/html.ts';
import { sessionJson } from './report/json.ts';
import { pricksCsv } from './report/csv.ts';
import { strokesOf } from './report/strokes.ts';
import { runEvent } from './run-events.ts';
import type { Ready } from './source.ts';
import { readyToRun } from './source.ts';
import type { Summary, SummaryInput } from './summary.ts';
import { summarize, summaryText } from './summary.ts';
import { makeFolder, writeText } from './write-text.ts';

export interface RunOptions extends RecordOptions {
  /** The operator runs the session at the gun's panel; the desk keeps the programme there and listens. */
  readonly panel?: boolean;
  /** Nobody is treated: a real gun asks for no checklist. */
  readonly bench?: boolean;
  readonly seed?: number;
  readonly port?: string;
  readonly set: readonly string[];
  readonly fault: readonly string[];
  /** `off`: the gun adds nothing to a dose. On a simulated gun in this process only. */
  readonly compensation: 'on' | 'off';
  readonly plant: readonly string[];
  readonly json: boolean;
  readonly out?: string;
  readonly journal?: string;
  /** Path of a built image to run instead of the sources. */
  readonly image?: string;
  /** Seconds of device time. */
  readonly timeout: number;
  /** Which session of an area that is split over several. */
  readonly session: number;
  /** Recorded session of today whose rest is made. */
  readonly resume?: number;
}

interface Begin {
  readonly ready: Ready;
  readonly before: Resumed['before'] | null;
}

/** The plan: of a whole session, of one of several, or of what a recorded one left over. */
function begin(name: string, options: RunOptions, desk: Desk): Begin {
  if (options.resume !== undefined)
    return resumed(recordsFolder(options.records, desk), options.resume, name, options.set, desk.date().slice(0, 10));
  const share = {
    ...(options.session === 1 ? {} : { part: options.session }),
    ...(options.compensation === 'off' ? { uncompensated: true } : {}),
  };
  return { ready: readyToRun(name, options.set, share), before: null };
}

/** `run --dry-run`: plan and step list, nothing opened, nothing moved. */
export function dryRun(name: string, options: RunOptions, desk: Desk): void {
  const { ready } = begin(name, options, desk);
  if (options.json) desk.out(`${JSON.stringify(planJson(ready))}\n`);
  else desk.out(`${stepLog(ready.treatment, ready.plan).join('\n')}\n`);
  if (ready.warnings.length > 0) desk.say(formatProblems(ready.warnings));
  desk.say('dry run: nothing moved');
}

/** How a run ended; `short`: complete, but the gun found doses that did not flow. */
export type RunEnding = Ending | 'short';

/** One session from plan to files. Throws MesogunError for what the desk, the port or the gun refuses. */
export async function runSession(name: string, options: RunOptions, desk: Desk): Promise<RunEnding> {
  const reports = options.out ?? (options.json ? null : 'reports');
  const opening = { ...options, trace: reports !== null };
  const left = await openLeft(name, opening, desk);
  try {
    const { ready, before } = begin(name, options, desk);
    if (reports !== null) makeFolder(reports);
    if (ready.warnings.length > 0) desk.say(formatProblems(ready.warnings));
    const recording = await recordingFor(options, ready, before, desk);
    return await runOn(left ?? (await openGun(ready, opening, desk)), ready, recording, options, desk);
  } catch (error) {
    await left?.close();
    throw error;
  }
}

/** The gun of a session whose desk died, once its record is kept; null when there is no such session to go on with. */
async function openLeft(name: string, options: RunOptions & { readonly trace: boolean }, desk: Desk): Promise<OpenGun | null> {
  if (options.resume === undefined) return null;
  const folder = recordsFolder(options.records, desk);
  const left = beginLeft(folder, options.resume, desk.date().slice(0, 10));
  if (left === null) return null;
  const ready = readyOf(left, name, options.set);
  mustBeSame(options.resume, ready.treatment, left.treatment);
  const gun = await openGun(ready, options, desk);
  try {
    await recover(gun, folder, left, ready, momentOf(desk), desk);
    return { ...gun, lastSeq: Number((await gun.link.request('journal', { from: 0, count: 1 }))['last'] ?? gun.lastSeq) };
  } catch (error) {
    await gun.close();
    throw error;
  }
}

async function runOn(gun: OpenGun, ready: Ready, recording: Recording | null, options: RunOptions, desk: Desk): Promise<RunEnding> {
  const startedAtMs = desk.wallMs();
  const reports = options.out ?? (options.json ? null : 'reports');
  let kept = false;
  try {
    await refuseMarked(gun.link, ready.plan.program, desk);
    if (recording !== null) await recording.begin(gun);
    else if (gun.seed === null && options.bench !== true) await confirmChecklist(ready.treatment, desk);
    const outcome = await guideIt(gun, ready, options, recording, desk);
    const journal = decodeJournal(outcome.entries);
    const sections = await readGunSections(gun.link).catch(() => []);
    const input = { ready, journal, truth: gun.truth(), seed: gun.seed, wallMs: Math.round(desk.wallMs() - startedAtMs), sections };
    const summary = summarize(input);
    recording?.keep(input, summary, outcome);
    kept = true;
    if (options.json) desk.out(`${JSON.stringify(summary)}\n`);
    else desk.out(`${summaryText(summary)}${input.truth === null ? '' : lossText(input.truth, summary.commandedNl)}`);
    if (options.journal !== undefined) keepJournal(options.journal, journal, desk);
    if (reports !== null) keepReports(join(reports, nameOf(summary, outcome)), input, gun, desk);
    explainEnding(outcome, desk);
    return outcome.ending === 'complete' && saysShort(journal, desk) ? 'short' : outcome.ending;
  } finally {
    if (!kept) recording?.leftOpen();
    await gun.close();
  }
}

async function guideIt(gun: OpenGun, ready: Ready, options: RunOptions, recording: Recording | null, desk: Desk): Promise<Outcome> {
  const progress = new Progress(desk);
  const figures = { state: 'BOOT', done: 0, planned: ready.plan.pricks, deliveredNl: 0, simulatedMs: 0 };
  let filling = 1;
  const onEvent = (event: GunEvent, sinceMs: number): void => {
    figures.simulatedMs = Math.max(figures.simulatedMs, sinceMs);
    if (event.ev === 'state') figures.state = STATE_NAMES[event.to] ?? '?';
    if (event.ev === 'hb') figures.done = event.done;
    if (event.ev === 'hold' && event.why === HOLD_SYRINGE) recording?.filling((filling += 1));
    if (event.ev === 'prick') {
      figures.done = event.n;
      figures.deliveredNl += event.nl;
    }
    if (options.json) {
      const line = runEvent(event, sinceMs);
      if (line !== null) desk.out(`${JSON.stringify(line)}\n`);
    } else progress.show(figures);
  };
  const day = dayOf(new Date(desk.date().replace(' UTC', 'Z').replace(' ', 'T')));
  const asked = { words: ready.plan.program, lastSeq: gun.lastSeq, day, timeoutMs: options.timeout * 1000, onEvent };
  const onKept = (slot: number): void => {
    desk.say(`programme ${slot} of the gun: choose it there with up and down, then OK`);
  };
  const guide = options.panel === true ? new PanelGuide(gun.link, { ...asked, onKept }) : new Guide(gun.link, asked);
  const leaving = leaveOnInterrupt(desk, () => guide.interrupt());
  try {
    return await Promise.race([guide.run(), leaving.atOnce]);
  } finally {
    leaving.release();
    progress.close();
  }
}

/** First Ctrl-C: `stop`. Second: `atOnce` rejects. */
function leaveOnInterrupt(desk: Desk, stop: () => Promise<void>): { atOnce: Promise<never>; release: () => void } {
  let presses = 0;
  let release = (): void => undefined;
  const atOnce = new Promise<never>((_resolve, reject) => {
    release = desk.onInterrupt(() => {
      presses += 1;
      if (presses === 1) {
        desk.say('\nstopping: plunger, then needle home (again: leave at once)');
        stop().catch(() => undefined);
      } else reject(new MesogunError({ exit: EXIT_INTERRUPTED, what: 'left at once', next: 'look at the gun: is the needle home?' }));
    });
  });
  return { atOnce, release };
}

const nameOf = (summary: Summary, outcome: Outcome): string =>
  `${summary.protocol}-${summary.seed === null ? 'gun' : `seed${summary.seed}`}-session${outcome.sessionId}`;

const keepJournal = (path: string, journal: Journal, desk: Desk): void =>
  keep(path, path.endsWith('.csv') ? journalCsv(journal) : journalJsonl(journal), desk);

/** The report last: its path is what a person looks for. */
function keepReports(base: string, input: SummaryInput, gun: OpenGun, desk: Desk): void {
  const { port, firmwareVersion } = gun;
  keep(`${base}-journal.jsonl`, journalJsonl(input.journal), desk);
  keep(`${base}-pricks.csv`, pricksCsv(strokesOf(input.journal, input.truth)), desk);
  keep(`${base}.json`, sessionJson(input), desk);
  keep(`${base}.html`, writeReport({ ...input, port, firmwareVersion, date: desk.date() }), desk);
}

function keep(path: string, text: string, desk: Desk): void {
  makeFolder(dirname(path));
  writeText(path, text);
  desk.say(`wrote ${path}`);
}

/** A session may be gone through with although nothing came out: the person who resumed it must not read success. */
function saysShort(journal: Journal, desk: Desk): boolean {
  const results = journal.entries.filter((entry) => entry.kind === 'RESULT');
  const short = results.filter((entry) => entry.code === RESULT_SHORT).length;
  if (short === 0) return false;
  desk.say(`${desk.colors.red('error:')} ${short} of ${results.length} doses came without the force of a flow: perhaps nothing came out`);
  desk.say(
    `${desk.colors.dim('next:')}  look at syringe, needle and pusher: air, a leak, a needle that is not on. They count in full; do not repeat them`,
  );
  return true;
}

function explainEnding(outcome: Outcome, desk: Desk): void {
  const { red, yellow, dim } = desk.colors;
  if (outcome.ending === 'fault') {
    const trouble = faultTrouble(outcome.faultCode);
    desk.say(`${red('error:')} ${trouble.what}`);
    if (trouble.next !== undefined) desk.say(`${dim('next:')}  ${trouble.next}`);
  } else if (outcome.ending === 'timeout') desk.say(yellow('time-out: the session took longer than --timeout allows; the gun was stopped'));
  else if (outcome.ending === 'restarted') {
    desk.say(`${red('error:')} the gun restarted in the session: it lost its power`);
    desk.say(
      `${dim('next:')}  look for the cause; the prick it was in counts in full. A recorded session goes on with mesogun run --resume`,
    );
  } else if (outcome.ending === 'interrupted') desk.say(yellow('stopped: needle home'));
  else if (outcome.ending === 'ended') desk.say(yellow('the session was ended at the gun'));
}
