// One gun: drivers over a board, store, link, core and supervisor, wired once and run by tick(). The same for every board,
// real or virtual. Order of a tick: read → supervise → decide → act. Not responsible for timers: the port calls tick().
import { Nau7802Cell, PUSHER_CELL_COUNTS_PER_N, RING_CELL_COUNTS_PER_N } from '../hal/drivers/nau7802-cell.ts';
import { LampPanel } from '../hal/drivers/lamp-panel.ts';
import { Monostable } from '../hal/drivers/monostable.ts';
import { NeedleAxis } from '../hal/drivers/needle-axis.ts';
import { PlungerAxis } from '../hal/drivers/plunger-axis.ts';
import { RingStamp } from '../hal/drivers/ring-stamp.ts';
import { Ssd1306 } from '../hal/drivers/ssd1306.ts';
import { TriggerInput } from '../hal/drivers/trigger-input.ts';
import type { Board, Clock, DigitalIn } from '../hal/io.ts';
import { since } from '../hal/units.ts';
import type { AtMs } from '../hal/units.ts';
import { Calibration } from './core/calibration.ts';
import { FAULT_EXCEPTION } from './core/faults.ts';
import { SessionLog } from './core/session-log.ts';
import { P_STAMP } from './core/program.ts';
import { Session } from './core/session.ts';
import { BOOT, COMPLETE, HOMING, IDLE, PAUSED, READY, SERVICE, TREATING } from './core/states.ts';
import { RawInputs, Supervisor } from './core/supervisor.ts';
import { Tick } from './core/tick.ts';
import { CRC_BYTES_PER_TICK, DeviceLink } from './link/device-link.ts';
import { Menu } from './panel/menu.ts';
import { Screen } from './panel/screen.ts';
import { KIND_AUDIT } from './store/entry.ts';
import { Journal } from './store/journal.ts';
import { KEY_WORDS, RECORD_SECTORS, RECORD_SETTINGS, Records } from './store/record.ts';

/** Newest sectors of the journal read at boot, one a tick. Chosen: the last session and its checkpoint are in them. */
const SCAN_SECTORS = 10;
/**
 * What must be left until the next tick before this one tidies up or draws. Measured: 3.7 ms and 4.1 at most, on an emulated RP2040; a
 * count of whole milliseconds may be one short.
 */
const TIDY_MS = 5;
const DRAW_MS = 6;
/**
 * What a tick must have left of its budget, half its time, for the link, with a command to obey or without, else it waits for another, so
 * many times. Measured: a command takes up to 5 ms, a slice of a line 3. Chosen: 160 ms are little to a host.
 */
const OBEY_MS = 6;
const TALK_MS = 4;
const QUIET_TICKS = 8;

export class Gun {
  readonly session: Session;
  readonly supervisor: Supervisor;
  readonly journal: Journal;
  readonly link: DeviceLink;
  readonly needle: NeedleAxis;
  readonly plunger: PlungerAxis;
  readonly screen: Screen;
  private readonly menu: Menu;
  private readonly board: Board;
  // What every tick asks for: by a name of its own it takes half as long.
  private readonly nowMs: Clock;
  private readonly ringSwitch: DigitalIn;
  private readonly trigger: DigitalIn;
  private readonly tickMs: number;
  private readonly tickEnds: Tick;
  private readonly monostable: Monostable;
  private readonly stamp: RingStamp;
  private readonly raw = new RawInputs();
  private lastState = 0;
  private lastPrick = 1;
  private faultSaid = 0;
  /** Ticks since the link last had its turn. */
  private quiet = 0;

  constructor(board: Board) {
    const needle = new NeedleAxis(board.needleSpi);
    const plunger = new PlungerAxis(board.plungerSpi);
    const ring = new Nau7802Cell(board.ringI2c, RING_CELL_COUNTS_PER_N);
    const pusher = new Nau7802Cell(board.plungerI2c, PUSHER_CELL_COUNTS_PER_N);
    const stamp = new RingStamp(board.stampDrive);
    this.board = board;
    this.nowMs = board.nowMs;
    this.ringSwitch = board.ringSwitch;
    this.trigger = board.trigger;
    this.tickMs = board.tickMs;
    this.needle = needle;
    this.plunger = plunger;
    this.stamp = stamp;
    const panel = new LampPanel(board);
    const records = new Records(board.flash, 0, board.deviceId);
    const calibration = new Calibration(records, ring, pusher, plunger);
    const keyWords = new Int32Array(KEY_WORDS);
    const keyed = records.load(RECORD_SETTINGS, keyWords) === KEY_WORDS;
    this.tickEnds = new Tick(
      {
        needle: needle,
        plunger: plunger,
        ring: ring,
        pusher: pusher,
        stamp: stamp,
        trigger: new TriggerInput(),
        panel: panel,
      },
      calibration,
    );
    this.monostable = new Monostable(board);
    this.supervisor = new Supervisor(needle, plunger, () => stamp.release(), board.tickMs);
    this.journal = new Journal(board.flash, RECORD_SECTORS, board.flash.sectorCount - RECORD_SECTORS);
    const log = new SessionLog(this.journal);
    const session = new Session(log, calibration, this.supervisor, board.tickMs, plunger.stepsPerMm);
    this.session = session;
    this.menu = new Menu(session, records, panel);
    this.screen = new Screen(new Ssd1306(board.ringI2c), session, this.menu, this.journal);
    this.link = new DeviceLink(
      {
        control: session,
        journal: this.journal,
        shelf: this.menu,
        screen: this.screen,
        entropy: () => (ring.rawCounts << 8) ^ pusher.rawCounts ^ board.nowMs(),
        audit: (what, before, after) => log.note(KIND_AUDIT, what, 0, session.readings.nowMs, before, after),
        serviceKey: keyed ? new Uint8Array(keyWords.buffer) : new Uint8Array(0),
      },
      board,
      CRC_BYTES_PER_TICK,
    );
    session.storeCode = this.journal.scanBegin(SCAN_SECTORS);
  }

  /** What the last tick took: for runtimes whose timers count from the begin of a tick (hal/ports/kaluma.ts). */
  tookMs = 0;

  /** One tick. Returns the milliseconds from its end until the next one is wanted, at most the board's tick. */
  tick(): number {
    const nowMs = this.nowMs();
    try {
      return this.run(nowMs);
    } catch (error) {
      return this.broken(nowMs, error);
    }
  }

  private run(nowMs: AtMs): number {
    const session = this.session;
    const supervisor = this.supervisor;
    const raw = this.raw;
    const board = this.board;
    raw.contact = this.ringSwitch();
    raw.trigger = this.trigger();
    this.tickEnds.read(nowMs, raw, session.readings, session.orders, session.state === TREATING ? 0 : 1);
    raw.service = session.state === SERVICE ? board.serviceSwitch() : 0;
    if (session.state === SERVICE && !raw.service) session.stop();
    raw.intentOpen = this.journal.openPrick >= 0 ? 1 : 0;
    const feed = supervisor.step(nowMs, raw, session.orders.power);
    this.link.hear(nowMs);
    session.readings.hostAsks = this.quiet & 1 ? 0 : this.link.asked;
    session.readings.hostLost = this.link.hostLost && session.attended ? 1 : 0;
    this.menu.step();
    session.step();
    const orders = session.orders;
    let light = 1;
    if (orders.trip) supervisor.trip(orders.trip, nowMs);
    if (supervisor.fault) {
      orders.drop();
      this.tickEnds.show(nowMs, orders);
    } else {
      light = orders.needle || orders.plunger || session.treatment.stroke.phaseAtMs === nowMs ? 0 : 1;
      this.tickEnds.act(nowMs, orders, session.readings);
    }
    if (feed) this.monostable.kick();
    else board.feedWatchdog();
    if (light) this.say(nowMs);
    const leftMs = (this.tickMs >> 1) - since(this.nowMs(), nowMs);
    const waits = this.quiet < QUIET_TICKS && leftMs >= 0 && leftMs < (this.link.asked ? OBEY_MS : TALK_MS);
    this.quiet = waits || !light ? this.quiet + 1 : 0;
    this.link.talk(nowMs, this.quiet ? 0 : 1);
    return this.account(nowMs);
  }

  /** The worst tick since READY: what ARMED depends on. Then garbage and the screen, in what is left until the next, no screen in a stroke. */
  private account(nowMs: AtMs): number {
    const session = this.session;
    const board = this.board;
    // Where nothing moves and nobody counts ticks, the next piece of what the link has to say comes after half a tick.
    const talks = this.link.worked && (session.state === IDLE || session.state === COMPLETE);
    const wantedMs = this.tickEnds.nextForMs(nowMs, session.orders.wakeForMs, talks ? this.tickMs >> 1 : this.tickMs);
    // A tick that comes early comes for one thing.
    if (wantedMs >= this.tickMs) session.treatment.look(session.orders);
    let tookMs = since(this.nowMs(), nowMs);
    if (session.state >= READY && session.state <= PAUSED && tookMs > session.worstTickMs) session.worstTickMs = tookMs;
    if (wantedMs - tookMs >= TIDY_MS) {
      board.tidy();
      tookMs = since(this.nowMs(), nowMs);
      if (wantedMs - tookMs >= DRAW_MS && !session.treatment.stroke.running && this.screen.step()) tookMs = since(this.nowMs(), nowMs);
    }
    this.tookMs = tookMs;
    const restMs = wantedMs - tookMs;
    return restMs > 1 ? restMs : 1;
  }

  /** Tells the host what changed since it was last told. */
  private say(nowMs: AtMs): void {
    const session = this.session;
    const treatment = session.treatment;
    if (treatment.prick !== this.lastPrick) {
      if (treatment.prick > this.lastPrick)
        this.link.prick(this.lastPrick, treatment.lastResult, treatment.lastEstimatedNl, treatment.lastTipUm);
      this.lastPrick = treatment.prick;
    }
    // The end is told after the last prick, though an event goes before it.
    if (session.state === this.lastState || (session.state === COMPLETE && this.link.prickWaits)) return;
    if (this.lastState === BOOT) this.link.boot(0, this.journal.uncertainPrick, this.journal.uncertainNl);
    this.link.state(this.lastState, session.state);
    if (session.state === HOMING) this.stamp.configure(session.program[P_STAMP] as number);
    if (session.state === PAUSED) this.link.hold(session.hold, session.refusal[2] as number, session.refusal[3] as number);
    this.lastState = session.state;
    if (this.supervisor.fault && this.supervisor.fault !== this.faultSaid) this.link.fault(this.supervisor.fault, 0, 0);
    this.faultSaid = this.supervisor.fault;
    session.readings.nowMs = nowMs;
  }

  /** An exception reached the guard: safe state by the supervisor's own means; nothing of the session runs any more in this tick (R30). */
  private broken(nowMs: AtMs, error: unknown): number {
    this.lastError = error;
    this.supervisor.trip(FAULT_EXCEPTION, nowMs);
    if (this.supervisor.step(nowMs, this.raw, 0)) this.monostable.kick();
    else this.board.feedWatchdog();
    this.tookMs = 0;
    return this.tickMs;
  }

  /** What the last exception was: for the bench. */
  lastError: unknown = null;
}

/** Builds the gun on a board. Nothing moves and no driver has power until the first ticks have tested it. */
export function createGun(board: Board): Gun {
  return new Gun(board);
}
