// The gun's end of the link: once a tick it reads a chunk, hears stops, and does one thing: a line that has come, a slice of one that goes or
// comes, or nothing while the journal is busy. Emits events and the heartbeat, and knows whether the host is silent.
// Not responsible for what the session does about any of it. Runs on the gun.
import { since, type AtMs } from '../../hal/units.ts';
import { COMPLETE, HOMING, IDLE, SERVICE, TREATING } from '../core/states.ts';
import { Commands } from './commands.ts';
import type { LinkBoard, LinkedGun } from './control.ts';
import { LineReader } from './frame.ts';
import { JournalStream } from './journal-stream.ts';
import { Outbox } from './outbox.ts';
import { Unlock } from './unlock.ts';

/** Device time between heartbeats; twice that while something waits to be read. Chosen: four fit into the silence that pauses a session. */
export const HEARTBEAT_EVERY_MS = 500;
/** Source: a host silent for 2 s is lost (R37). */
export const HOST_SILENT_FOR_MS = 2000;
/** Bytes summed a tick where the CRC is JavaScript; from HOMING to COMPLETE a quarter of them in 20 ms. Measured: 0.1 ms a byte, on an emulated RP2040. */
export const CRC_BYTES_PER_TICK = 48;
const MOVING_PART_MS = 80;

export class DeviceLink {
  /** 1 while a session that a host started or resumed runs and no good line came for 2 s (R37). */
  hostLost: number;
  /** 1 when this tick had something to do here or in the journal: the screen waits. */
  worked: number;
  private readonly gun: LinkedGun;
  private readonly board: LinkBoard;
  private readonly budget: number;
  private readonly reader: LineReader;
  private readonly outbox: Outbox;
  private readonly stream: JournalStream;
  private readonly commands: Commands;
  private readonly movingBudget: number;
  private stopsTaken: number;
  private nowMs: AtMs;
  private heardAtMs: AtMs;
  private beatAtMs: AtMs;

  /** `crcBytesPerTick`: summed bytes a tick, both directions together. */
  constructor(gun: LinkedGun, board: LinkBoard, crcBytesPerTick: number) {
    this.gun = gun;
    this.board = board;
    this.budget = crcBytesPerTick;
    this.hostLost = 0;
    this.worked = 0;
    this.reader = new LineReader();
    this.outbox = new Outbox(board.serial);
    this.stream = new JournalStream(gun.journal, this.outbox, board.base64);
    this.commands = new Commands(gun, board, this.outbox, this.stream, new Unlock(gun, board));
    this.movingBudget = ((crcBytesPerTick * board.tickMs) / MOVING_PART_MS) | 0;
    this.stopsTaken = 0;
    this.nowMs = 0 as AtMs;
    this.heardAtMs = 0 as AtMs;
    this.beatAtMs = 0 as AtMs;
  }

  /** Stops heard since boot; each has already been given to Control when `poll` returns. */
  get stopSeen(): number {
    return this.reader.stops;
  }

  /** Lines dropped since boot: wrong check, too long, flooded. */
  get badLines(): number {
    return this.reader.badLines + this.reader.overflows;
  }

  /** What the gun could not say in time, since boot. */
  get dropped(): number {
    return this.outbox.dropped;
  }

  /** 1 when a command waits to be obeyed. */
  get asked(): number {
    return this.reader.ready;
  }

  /** The newest prick is still to be said. */
  get prickWaits(): boolean {
    return this.outbox.prickWaits;
  }

  /** Early in a tick: what the wire brought, stops first. */
  hear(nowMs: AtMs): void {
    this.nowMs = nowMs;
    const chunk = this.board.serial.hear();
    if (chunk.length > 0) this.take(chunk);
  }

  /** Late in a tick, and in one that had `less` to do: one thing of what is to be read and said. */
  talk(nowMs: AtMs, less: number): void {
    const moving = this.moving;
    this.worked = this.gun.journal.busy || 1 - less || (moving && this.watch(nowMs)) || this.work(nowMs);
    // On the bench a technician's reading must be of now: question and answer in two ticks.
    if (this.gun.control.state === SERVICE && this.worked && this.work(nowMs)) this.work(nowMs);
    if (less && !moving) this.watch(nowMs);
  }

  /** 1 where a tick has little time for this: a heartbeat is enough for one. */
  private get moving(): boolean {
    const state = this.gun.control.state;
    return state >= HOMING && state <= COMPLETE;
  }

  /** Answers 0 when there was nothing to do. */
  private work(nowMs: AtMs): number {
    const reader = this.reader;
    if (reader.ready) {
      reader.ready = 0;
      this.heardAtMs = nowMs;
      this.gun.control.hostSeen(nowMs);
      this.commands.handle(reader.body, nowMs);
      return 1;
    }
    const state = this.gun.control.state;
    const moving = this.moving;
    // A technician comes and goes in IDLE and SERVICE only.
    if (!moving) this.commands.work(nowMs);
    const budget = moving ? this.movingBudget : this.budget;
    if (this.outbox.work(budget) > 0) return 1;
    if (!reader.idle) return reader.work(budget);
    return state === TREATING ? 0 : this.stream.work();
  }

  boot(resetReason: number, uncertainPrick: number, uncertainNl: number): void {
    this.event('boot', `"reset":${resetReason},"uncertain":${uncertainPrick},"uncertainNl":${uncertainNl}`);
  }

  /** `from` and `to` are states of core/states.ts. */
  state(from: number, to: number): void {
    this.event('state', `"from":${from},"to":${to}`);
  }

  /** `code` is a FAULT_… number, `value` what was seen, `limit` what was allowed. */
  fault(code: number, value: number, limit: number): void {
    this.event('fault', `"code":${code},"value":${value},"limit":${limit}`);
  }

  /** `why` is a HOLD_… number of store/entry.ts. */
  hold(why: number, value: number, limit: number): void {
    this.event('hold', `"why":${why},"value":${value},"limit":${limit}`);
  }

  /** Progress after a prick; the newest wins when the line is slow. Estimated volume, tip from the ring plane. */
  prick(number: number, result: number, estimatedNl: number, tipUm: number): void {
    this.outbox.prick(this.line('prick', `"n":${number},"result":${result},"nl":${estimatedNl},"tipUm":${tipUm}`));
  }

  private take(chunk: string): void {
    this.reader.take(chunk);
    if (this.reader.stops === this.stopsTaken) return;
    this.stopsTaken = this.reader.stops;
    this.gun.control.stop();
    this.event('stop', `"n":${this.stopsTaken}`);
  }

  /** Whether the host is silent; a heartbeat now and then, 1 with one. */
  private watch(nowMs: AtMs): number {
    const control = this.gun.control;
    if (control.state === IDLE) this.commands.attended = 0;
    this.hostLost = this.commands.attended === 1 && since(nowMs, this.heardAtMs) > HOST_SILENT_FOR_MS ? 1 : 0;
    // Each asks for an ack: a gun that is behind with reading would never catch up.
    if (since(nowMs, this.beatAtMs) < (this.reader.idle ? HEARTBEAT_EVERY_MS : HEARTBEAT_EVERY_MS * 2)) return 0;
    this.beatAtMs = nowMs;
    const state = control.state;
    this.outbox.beat(this.line('hb', `"state":${state},"done":${control.done},"lost":${this.outbox.dropped},"bad":${this.badLines}`));
    return 1;
  }

  private event(name: string, fields: string): void {
    this.outbox.event(this.line(name, fields));
  }

  private line(name: string, fields: string): string {
    return `{"ev":"${name}",${fields},"at":${this.nowMs}}`;
  }
}
