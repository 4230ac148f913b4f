// `mesogun emulate` from two files to figures: start the runtime, flash the image through its console as a board is flashed, start it, run
// a session over its link, and say what it took. Not responsible for the chip (chip.ts) nor for flashing (tools/flash). Runs at the desk.
import { STATE_NAMES } from '../../firmware/core/states.ts';
import type { Violation } from '../../sim/monitor.ts';
import type { WorldRequest } from '../../sim/setup.ts';
import { REFUSED_TICK } from '../../firmware/core/faults.ts';
import { formatProblems } from '../../protocols/problems.ts';
import type { Desk } from '../desk.ts';
import { EXIT_DEVICE, EXIT_INTERRUPTED, MesogunError } from '../errors.ts';
import type { Flashed } from '../flash/flasher.ts';
import { Talk } from '../flash/talk.ts';
import type { Ending } from '../guide.ts';
import { firmwareOf } from '../image-firmware.ts';
import { decodeJournal } from '../journal.ts';
import { lossText } from '../losses.ts';
import { refusalSays } from '../refusal.ts';
import { runEvent } from '../run-events.ts';
import type { Ready } from '../source.ts';
import { readyToRun } from '../source.ts';
import { summarize, summaryText } from '../summary.ts';
import { worldFor } from '../world.ts';
import { beside, simulate } from './beside.ts';
import type { Beside } from './beside.ts';
import type { StateTurns } from './busy-turns.ts';
import { Drive } from './drive.ts';
import type { EmulatedGun } from './emulated-gun.ts';
import { runEmulated } from './emulated-session.ts';
import type { EmulatedSession } from './emulated-session.ts';
import { figuresText } from './figures-text.ts';
import { loadOnto, readHeap } from './load-image.ts';
import type { Heap } from './load-image.ts';
import type { OpenEmulator } from './open-emulator.ts';
import { openEmulator } from './open-emulator.ts';
import { EmulationProgress } from './progress.ts';

export interface EmulateOptions {
  readonly uf2: string;
  readonly bootrom: string;
  readonly image?: string;
  /** The image lies in the flash at once, without its transfer. */
  readonly preload?: boolean;
  /** Cycles that a line of program memory is waited for when the chip's cache has not got it; 0: none is modelled. */
  readonly flashWait: number;
  readonly seed: number;
  readonly set: readonly string[];
  /** Seconds of device time. */
  readonly timeout: number;
  readonly json: boolean;
}

/** What it took. The keys are a contract with programs (`emulate --json`). */
export interface Emulated {
  readonly event: 'emulated';
  readonly runtime: string;
  readonly version: string;
  readonly bootrom: string;
  readonly imageId: string;
  readonly imageBytes: number;
  readonly flashWaitCycles: number;
  /** Of reads of program memory, the share that waited; 0 without the cache. */
  readonly flashMissShare: number;
  /** Before the image; and after the session, null when the chip had started anew. */
  readonly heapBefore: Heap;
  readonly heapAfter: Heap | null;
  /** From `.load` to the first word on the link. */
  readonly bootMs: number;
  readonly idleTurnUs: number;
  readonly ticks: readonly StateTurns[];
  /** Resets by the watchdog. */
  readonly resets: number;
  readonly busTroubles: readonly string[];
  readonly violations: readonly Violation[];
  readonly emulatedMs: number;
  readonly wallMs: number;
  readonly ending: Ending | 'refused';
  /** Against the simulator with the same image, world and seed; null when the gun refused. */
  readonly beside: (Beside & { readonly emulatedUl: number; readonly simulatedUl: number }) | null;
}

/** A gun that finds its ticks too long says its own longest; the chip knows them all. Another refusal stays as it is. */
export function withTicks(refusal: MesogunError, ticks: readonly StateTurns[]): MesogunError {
  if (!refusal.message.endsWith(refusalSays(REFUSED_TICK))) return refusal;
  const worst = ticks.map((row) => `${row.state} ${row.worstMs.toFixed(1)}`).join(', ');
  return new MesogunError({
    exit: EXIT_DEVICE,
    what: refusal.message,
    why: `${refusal.why ?? 'it says no more'}; on this chip the longest turns were, in ms: ${worst}`,
    next: 'a board would refuse as well; `npm run bench:ticks` says what ticks are made of, `--flash-wait 0` what they take without waits',
  });
}

class Emulation {
  private isStopped = false;
  private stop: (() => void) | null = null;
  private readonly ready: Ready;
  private readonly world: WorldRequest;
  private readonly progress: EmulationProgress;
  private readonly startedAtMs: number;
  private readonly options: EmulateOptions;
  private readonly desk: Desk;

  constructor(name: string, options: EmulateOptions, desk: Desk) {
    this.options = options;
    this.desk = desk;
    this.startedAtMs = desk.wallMs();
    this.ready = readyToRun(name, options.set);
    this.world = worldFor(this.ready, options.seed, []);
    this.progress = new EmulationProgress(desk, options.json);
  }

  /** Ctrl-C: ends the session as a real one; before it, or the second time, at once. */
  interrupt(): void {
    const { stop } = this;
    this.stop = null;
    if (stop === null) this.isStopped = true;
    else stop();
  }

  private readonly onStep = (gun: EmulatedGun): void => {
    if (this.isStopped)
      throw new MesogunError({ exit: EXIT_INTERRUPTED, what: 'interrupted', why: 'nothing but this process was running' });
    this.progress.show(gun);
  };

  async run(): Promise<Ending> {
    const { options, ready, world, progress, desk } = this;
    if (ready.warnings.length > 0) desk.say(formatProblems(ready.warnings));
    const open = await openEmulator(options, world, false, this.onStep);
    const { gun, loop } = open;
    const drive = new Drive(gun);
    const talk = new Talk(drive.console, drive.clock);
    const { flashed, heap, bootMs } = await drive.until(
      loadOnto(gun, talk, {
        ...options,
        onStep: (step, says) => progress.step(step, says),
        onBytes: (step, done, total) => progress.bytes(step, done, total),
      }),
    );
    gun.takeSaid();
    let heapAfter: Heap | null = null;
    const planned = ready.plan.points.length;
    const session = await runEmulated(gun, loop, {
      world,
      words: ready.plan.program,
      timeoutMs: options.timeout * 1000,
      onStoppable: (stop) => (this.stop = stop),
      onEvent: (event, sinceMs) => {
        if (event.ev === 'state') progress.step('session', (STATE_NAMES[event.to] ?? '').toLowerCase());
        else if (event.ev === 'prick') progress.prick(event.n, planned);
        const line = options.json ? runEvent(event, sinceMs) : null;
        if (line !== null) desk.out(`${JSON.stringify(line)}\n`);
      },
      lastLook: async () => {
        if (!talk.isGone) heapAfter = await readHeap(talk);
      },
    });
    progress.clear();
    const ticks = session.turns.table();
    const besides = await this.judge(session, gun, flashed);
    const emulated = { ...this.figures(open, flashed), heapBefore: heap, heapAfter, bootMs, ticks, beside: besides };
    const end: Emulated = { ...emulated, ending: session.outcome?.ending ?? 'refused' };
    desk.out(options.json ? `${JSON.stringify(end)}\n` : figuresText(end));
    if (session.outcome === null) throw withTicks(session.refusal as MesogunError, ticks);
    return session.outcome.ending;
  }

  /** Prints the summary, as `run` does, and sets the session beside the simulator's. */
  private async judge({ outcome, sections }: EmulatedSession, gun: EmulatedGun, { image }: Flashed): Promise<Emulated['beside']> {
    if (outcome === null) return null;
    const { ready, world, options, desk } = this;
    const journal = decodeJournal(outcome.entries);
    const { truth } = gun.world;
    const wallMs = Math.round(desk.wallMs() - this.startedAtMs);
    const summary = summarize({ ready, journal, truth, seed: options.seed, wallMs, sections });
    if (options.json) desk.out(`${JSON.stringify(summary)}\n`);
    else desk.out(`${summaryText(summary)}${lossText(truth, summary.commandedNl)}`);
    const simulated = await simulate(firmwareOf(image.text, image.manifest), world, ready.plan.program, options.timeout * 1000);
    return { ...beside(journal, simulated.journal), emulatedUl: truth.deliveredUl, simulatedUl: simulated.stayedUl };
  }

  private figures(
    { gun, loop, revision }: OpenEmulator,
    { identity, image }: Flashed,
  ): Omit<Emulated, 'heapBefore' | 'heapAfter' | 'bootMs' | 'ticks' | 'ending' | 'beside'> {
    return {
      event: 'emulated',
      runtime: identity.runtime,
      version: identity.version,
      bootrom: revision,
      imageId: image.manifest.imageId,
      imageBytes: image.manifest.bytes,
      flashWaitCycles: this.options.flashWait,
      flashMissShare: Math.round(gun.chip.missShare * 1e4) / 1e4,
      idleTurnUs: Math.round(loop.idleNs / 10) / 100,
      resets: gun.chip.starts - 1,
      busTroubles: gun.troubles,
      violations: gun.monitor.violations,
      emulatedMs: Math.round(gun.chip.nowNs / 1e6),
      wallMs: Math.round(this.desk.wallMs() - this.startedAtMs),
    };
  }

  close(): void {
    this.progress.clear();
  }
}

/** Runs it all. Throws MesogunError: 3 for files, 4 for a firmware without console, 5 for a gun that refuses or stops, 6, 130. */
export async function emulate(name: string, options: EmulateOptions, desk: Desk): Promise<Ending> {
  const emulation = new Emulation(name, options, desk);
  const forget = desk.onInterrupt(() => emulation.interrupt());
  try {
    return await emulation.run();
  } finally {
    emulation.close();
    forget();
  }
}
