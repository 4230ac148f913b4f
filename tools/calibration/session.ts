// One calibration from first step to record: walks the machine with whoever attends it, concludes, keeps the record, gives a
// passed section to the gun. Not responsible for terminals (tools/commands/calibrate.ts) nor for steps. Runs at the desk.
import type { Trouble } from '../errors.ts';
import { EXIT_INTERRUPTED, EXIT_TOLERANCE, MesogunError } from '../errors.ts';
import type { BenchGun } from './bench-gun.ts';
import type { CalibrationRecord } from './calibration-record.ts';
import { calibrationRecordSchema, finite } from './calibration-record.ts';
import type { Conclusion, Procedure } from './conclusion.ts';
import type { GunSection } from './gun-record.ts';
import type { ReadingLog } from './reading-log.ts';
import type { RecordStore } from './record-store.ts';
import { StepMachine, WITHDRAWN_MOST } from './step-machine.ts';
import type { Outcome } from './step-machine.ts';
import type { Finding, Step } from './steps.ts';

/** What whoever attends says to a step or to what came of it. */
export type Answer = 'go' | 'redo' | 'pause' | 'abort' | number;

export interface Attendant {
  /** Before a step: go on, with a number where one is asked for. */
  before(step: Step, machine: StepMachine): Promise<Answer>;
  /** After it. */
  after(outcome: Outcome, machine: StepMachine): void;
  /** A reading was refused or something did not answer: again (`go`), the reading it names or the last one anew (`redo`), or stop. */
  decide(findings: readonly Finding[], trouble: Trouble | null, machine: StepMachine): Promise<Answer>;
}

export interface SessionOptions {
  readonly procedure: Procedure;
  readonly gun: BenchGun;
  readonly log: ReadingLog;
  readonly who: string;
  readonly attendant: Attendant;
  readonly now: () => Date;
}

export interface Walked {
  readonly machine: StepMachine;
  readonly conclusion: Conclusion;
}

const left = (how: 'paused' | 'aborted'): MesogunError =>
  new MesogunError({
    exit: EXIT_INTERRUPTED,
    what: how === 'paused' ? 'the calibration is paused' : 'the calibration was broken off; nothing was certified',
    next: how === 'paused' ? 'go on with the same command and --resume' : 'start anew, or go on with --resume',
  });

/** Walks all steps. Throws MesogunError: interrupted when paused or aborted, or the trouble that could not be helped. */
export async function walk(options: SessionOptions): Promise<Walked> {
  const { procedure, gun, log, who, attendant, now } = options;
  const machine = new StepMachine({ steps: procedure.steps, log, who, now: () => now().toISOString() });
  try {
    while (machine.current !== null) await walkStep(machine, attendant);
  } catch (error) {
    await gun.leave().catch(() => undefined);
    throw error;
  }
  return { machine, conclusion: procedure.conclude(machine.readings) };
}

async function walkStep(machine: StepMachine, attendant: Attendant): Promise<void> {
  const step = machine.current;
  if (step === null) return;
  const answer = await attendant.before(step, machine);
  if (answer === 'redo') {
    machine.redo();
    return;
  }
  if (answer === 'pause' || answer === 'abort') throw leave(machine, answer);
  const outcome = await machine.perform(typeof answer === 'number' ? answer : undefined);
  attendant.after(outcome, machine);
  if (outcome.kind === 'done') return;
  const findings = outcome.kind === 'refused' ? outcome.findings : [];
  const trouble = outcome.kind === 'trouble' ? outcome.trouble : null;
  const decided = await attendant.decide(findings, trouble, machine);
  if (decided === 'abort' || decided === 'pause') {
    const thrown = leave(machine, decided);
    throw trouble === null && findings.length === 0 ? thrown : endOf(findings, trouble);
  }
  if (decided === 'redo' && machine.withdrawn < WITHDRAWN_MOST) machine.redo(findings.find((each) => each.step !== undefined)?.step);
  else if (decided === 'redo') throw endOf(findings, trouble);
}

function leave(machine: StepMachine, how: 'pause' | 'abort'): MesogunError {
  if (how === 'pause') machine.pause();
  else machine.abort();
  return left(how === 'pause' ? 'paused' : 'aborted');
}

/** The trouble as the end of the run: out of tolerance when a check said no. */
function endOf(findings: readonly Finding[], trouble: Trouble | null): MesogunError {
  const [finding] = findings;
  if (finding === undefined) return new MesogunError(trouble ?? { exit: EXIT_INTERRUPTED, what: 'stopped' });
  return new MesogunError({ exit: EXIT_TOLERANCE, what: finding.what, why: finding.why, next: finding.next });
}

/** Chosen: half a year, as laboratories do with pipettes in daily use. */
export const VALID_FOR_DAYS = 183;
const DAY_MS = 86_400_000;

export interface RecordFrame {
  readonly procedure: Procedure;
  readonly gun: BenchGun;
  readonly technician: string;
  readonly kit: { readonly syringe: string; readonly needle: string } | null;
  readonly instruments: readonly string[];
  readonly log: ReadingLog;
  readonly certifies: string | null;
  readonly now: () => Date;
}

/** Everything of a walked calibration as a record. */
export function recordFor(frame: RecordFrame, { machine, conclusion }: Walked): CalibrationRecord {
  const { procedure, gun, now } = frame;
  const made = now();
  const madeDay = Math.floor(made.getTime() / DAY_MS);
  const incidents = frame.log.lines.flatMap((line) => (line.event === 'reading' || line.event === 'confirmed' ? [] : [line]));
  return calibrationRecordSchema.parse(
    finite({
      ...{ mesogunCalibration: 1, kind: procedure.kind, certifies: frame.certifies, title: procedure.title, madeAt: made.toISOString() },
      ...{ madeDay, validUntilDay: madeDay + VALID_FOR_DAYS },
      gun: { id: gun.gunId, firmware: gun.firmware, simulated: gun.simulated },
      ...{ technician: frame.technician, kit: frame.kit, instruments: frame.instruments, plan: procedure.plan },
      readings: [...machine.readings.values()],
      ...{ incidents, notes: machine.notes },
      ...{ verdict: conclusion.verdict, scope: conclusion.certifies, criteria: conclusion.criteria, fit: conclusion.fit },
      ...{ numbers: conclusion.numbers, doses: conclusion.doses, budget: conclusion.budget, plots: conclusion.plots },
      section: conclusion.verdict === 'pass' ? conclusion.section : null,
    }),
  );
}

export interface Kept {
  readonly path: string;
  readonly sha256: string;
}

/** Keeps the record; what passed is in force from then on, on the gun where it leaves something there. A failed one leaves it as it was. */
export async function keep(
  store: RecordStore,
  gun: BenchGun,
  record: CalibrationRecord,
  conclusion: Conclusion,
  now: () => Date,
): Promise<Kept> {
  const kept = store.keep(record, now().toISOString());
  if (record.verdict !== 'pass' || record.certifies !== null) return kept;
  if (conclusion.section === null) {
    store.mark(kept.sha256, 'active', record.technician, now().toISOString(), 'passed; the desk uses it, the gun keeps nothing of it');
    return kept;
  }
  const head = { madeDay: record.madeDay, validUntilDay: record.validUntilDay, sha256: kept.sha256, demo: false };
  await gun.enter();
  try {
    const section: GunSection = { ...conclusion.section, ...head };
    await gun.store(section);
  } finally {
    await gun.leave();
  }
  store.mark(kept.sha256, 'active', record.technician, now().toISOString(), 'passed and stored on the gun');
  return kept;
}
