// One treatment session of an emulated gun whose image runs: the desk's own link and guide on the chip's UART, in emulated time, each busy
// turn of the chip's main loop noted under the state the gun was in. Not responsible for figures (emulate.ts). Runs at the desk.
import { STATE_NAMES } from '../../firmware/core/states.ts';
import { SimCable } from '../../sim/cable.ts';
import type { CableGun } from '../../sim/cable.ts';
import type { WorldRequest } from '../../sim/setup.ts';
import { EXIT_DEVICE, MesogunError } from '../errors.ts';
import { readGunSections } from '../calibration/gun-sections.ts';
import type { GunSection } from '../calibration/gun-record.ts';
import type { Outcome } from '../guide.ts';
import { Guide } from '../guide.ts';
import { Link } from '../link.ts';
import type { GunEvent } from '../link-schemas.ts';
import { BusyTurns } from './busy-turns.ts';
import type { MainLoop } from './main-loop.ts';

export interface SessionOptions {
  readonly world: WorldRequest;
  readonly words: Int32Array;
  readonly timeoutMs: number;
  /** Ctrl-C: called once the session can be stopped, with what stops it. */
  readonly onStoppable: (stop: () => void) => void;
  readonly onEvent: (event: GunEvent, sinceMs: number) => void;
  /** The session is over, the gun still runs: a last look at its console. */
  readonly lastLook: () => Promise<void>;
}

export interface EmulatedSession {
  /** Null when the gun refused, then `refusal` says what. */
  readonly outcome: Outcome | null;
  readonly refusal: MesogunError | null;
  readonly sections: readonly GunSection[];
  readonly turns: BusyTurns;
}

/** A gun that stops for good when its session is over. */
export interface SwitchedGun extends CableGun {
  switchOff(): void;
}

/** Runs it and switches the gun off. Throws what stops the chip itself, and MesogunError 4 when the gun does not answer. */
export async function runEmulated(gun: SwitchedGun, loop: Pick<MainLoop, 'onBusy'>, options: SessionOptions): Promise<EmulatedSession> {
  const { world, words, timeoutMs } = options;
  const turns = new BusyTurns();
  // Nothing is filed before the gun has said where it is.
  let state: string | undefined;
  loop.onBusy = (forNs) => {
    if (state !== undefined) turns.add(state, forNs);
  };
  const crash: { error: unknown } = { error: null };
  const cable = new SimCable({ world, makeGun: () => gun, onError: (error) => (crash.error = error) });
  const link = new Link(cable.connect());
  link.onEvent((event) => {
    const now = event.ev === 'state' ? event.to : event.ev === 'hb' ? event.state : -1;
    state = STATE_NAMES[now] ?? state;
  });
  try {
    const { journal: lastSeq } = await link.connect(world);
    const guide = new Guide(link, { words, lastSeq, timeoutMs, onEvent: options.onEvent });
    options.onStoppable(() => void guide.interrupt().catch(() => undefined));
    let outcome: Outcome | null = null;
    let refusal: MesogunError | null = null;
    try {
      outcome = await guide.run();
    } catch (error) {
      if (!(error instanceof MesogunError) || error.exit !== EXIT_DEVICE) throw error;
      refusal = error;
    }
    const sections = await readGunSections(link).catch(() => []);
    await options.lastLook();
    return { outcome, refusal, sections, turns };
  } catch (error) {
    throw crash.error ?? error;
  } finally {
    gun.switchOff();
    await link.close();
  }
}
