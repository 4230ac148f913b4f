// What the host asks: reads the JSON of a good line, distrusts it field by field against the table of messages, does each
// id once, and answers. Unknown fields and values are refused by name. Not responsible for lines nor for what is allowed in
// a state: Control answers that. Runs on the gun. JSON.parse throws on every engine: the one try of the link is here.
import { REFUSED_AUTH, REFUSED_FIELD, REFUSED_NONE, REFUSED_NO_PROGRAM, REFUSED_STATE } from '../core/faults.ts';
import { EV_RESUME, EV_START, TREATING } from '../core/states.ts';
import { RECORD_SETTINGS } from '../store/record.ts';
import { BUILD, FIRMWARE_VERSION } from '../version.ts';
import type { AtMs } from '../../hal/units.ts';
import { R_BOUND, R_CODE, R_LIMIT, R_SET_BY, R_VALUE, type LinkBoard, type LinkedGun } from './control.ts';
import { Fields, ROW_NAME, ROW_ROLE, ROW_VERB, isInt, safeName, type JsonObject } from './fields.ts';
import type { JournalStream } from './journal-stream.ts';
import * as M from './messages.ts';
import type { Outbox } from './outbox.ts';
import { PanelCalls } from './panel-calls.ts';
import { ServiceCalls } from './service-calls.ts';
import { Transfer } from './transfer.ts';
import type { Unlock } from './unlock.ts';

/** Chosen: the host has one request under way, so four answers are older than anything it may repeat. */
const ANSWERS_KEPT = 4;
/** An id may run ahead of the last one by this much: a recorded line of another power-on is refused (R11). */
export const ID_WINDOW = 1024;
/** The code of an answer that comes later. */
const LATER = -1;
/** What was asked cannot be read. */
const NO_VERB = -1;

const parseObject = (text: string): JsonObject | null => {
  let value: unknown = null;
  // Measured: Espruino's release build follows a `__proto__` that is a text out of its memory. A backslash could spell it.
  try {
    value = text.indexOf('__') < 0 && text.indexOf('\\') < 0 ? JSON.parse(text) : null;
  } catch {
    return null;
  }
  return typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject | null) : null;
};

export class Commands {
  /** 1 once a host has started or resumed a session: its silence then matters (R37). The link clears it. */
  attended: number;
  private readonly gun: LinkedGun;
  private readonly board: LinkBoard;
  private readonly outbox: Outbox;
  private readonly stream: JournalStream;
  private readonly unlock: Unlock;
  private readonly transfer: Transfer;
  private readonly serviceCalls: ServiceCalls;
  private readonly panelCalls: PanelCalls;
  private readonly keptIds: number[] = [];
  private readonly keptTexts: string[] = [];
  /** 0 until the first hello. */
  private lastId: number;
  /** Id of the unlock under examination, 0 = none. */
  private laterId: number;
  private readonly fields: Fields;
  /** 1 when Control refused and can say more. */
  private byControl: number;

  constructor(gun: LinkedGun, board: LinkBoard, outbox: Outbox, stream: JournalStream, unlock: Unlock) {
    this.gun = gun;
    this.board = board;
    this.outbox = outbox;
    this.stream = stream;
    this.unlock = unlock;
    this.attended = 0;
    this.transfer = new Transfer();
    this.lastId = 0;
    this.laterId = 0;
    this.fields = new Fields();
    this.serviceCalls = new ServiceCalls(gun.control, unlock, this.transfer, this.fields);
    this.panelCalls = new PanelCalls(gun.control, gun.shelf, gun.screen, this.fields);
    this.byControl = 0;
  }

  /** Takes the JSON of a line whose check was right. Anything that is not a message of the table changes nothing. */
  handle(body: string, nowMs: AtMs): void {
    const object = parseObject(body);
    if (object === null) {
      this.refuseUnread('json');
      return;
    }
    const keys = Object.keys(object);
    if (keys.length === 1 && isInt(object['ack'], 1, M.ID_MAX)) return;
    const id = object['id'];
    if (!isInt(id, 1, M.ID_MAX)) {
      this.refuseUnread('id');
      return;
    }
    if (id === this.laterId || this.repeat(id)) return;
    this.clean();
    const lastId = this.lastId;
    const row = this.find(object['do']);
    const right = row && this.fields.read(row, object, keys);
    const verb = right ? +(row[ROW_VERB] as string) : NO_VERB;
    if (!verb) {
      this.hello(id);
      return;
    }
    if (!lastId || id <= lastId || id - lastId > ID_WINDOW) {
      this.fields.what = lastId ? 'id' : 'hello';
      this.outbox.answer(this.refusal(id, lastId ? REFUSED_FIELD : REFUSED_STATE));
      return;
    }
    this.lastId = id;
    const code = right ? this.act(verb, +(row[ROW_ROLE] as string), id, nowMs) : REFUSED_FIELD;
    if (code !== LATER) this.conclude(id, code);
  }

  /** Every tick: an answer that took its time. */
  work(nowMs: AtMs): void {
    const code = this.unlock.work(nowMs);
    if (code === LATER || !this.laterId) return;
    const id = this.laterId;
    this.laterId = 0;
    this.clean();
    this.fields.what = 'answer';
    this.conclude(id, code);
  }

  private clean(): void {
    this.fields.more = '';
    this.fields.what = '';
    this.byControl = 0;
  }

  private repeat(id: number): number {
    const at = this.keptIds.indexOf(id);
    if (at < 0) return 0;
    this.outbox.answer(this.keptTexts[at] as string);
    return 1;
  }

  /** The parts of the row of a message, by ROW_…; null when there is none of that name. */
  private find(name: unknown): readonly string[] | null {
    if (typeof name === 'string') {
      const at = M.MESSAGE_ROWS.indexOf(`;${name} `) + 1;
      const row = M.MESSAGE_ROWS.slice(at, M.MESSAGE_ROWS.indexOf(';', at)).split(' ');
      if (row[ROW_NAME] === name) return row;
    }
    this.fields.what = typeof name === 'string' ? safeName(name) : 'do';
    return null;
  }

  private act(verb: number, role: number, id: number, nowMs: AtMs): number {
    const provisions = verb === M.DO_KEEP && this.fields.numbers[0] === RECORD_SETTINGS ? 1 : 0;
    if (role === M.ROLE_TECHNICIAN && this.unlock.check(provisions)) return REFUSED_AUTH;
    if (verb === M.DO_STATUS) return this.panelCalls.make(verb);
    if (verb >= M.DO_EVENT) return this.asked(this.command(verb - M.DO_EVENT));
    if (verb <= M.DO_COMMIT) return this.receive(verb);
    if (verb === M.DO_JOURNAL) return this.journal();
    if (verb === M.DO_INFO) {
      this.fields.more = ',"build":"' + BUILD + '"';
      return REFUSED_NONE;
    }
    if (verb >= M.DO_LIMIT) return this.asked(this.serviceCalls.make(verb));
    return verb >= M.DO_SHELVE ? this.panelCalls.make(verb) : this.lock(verb, id, nowMs);
  }

  /** Marks a code as Control's own. */
  private asked(code: number): number {
    this.byControl = 1;
    return code;
  }

  private receive(verb: number): number {
    const transfer = this.transfer;
    if (verb === M.DO_LOAD) transfer.begin(this.fields.numbers[0] as number, this.fields.hex);
    else if (verb === M.DO_PART) return transfer.part(this.fields.numbers[0] as number, this.fields.ints, this.fields.intCount);
    else {
      const code = transfer.check();
      return code || this.asked(this.panelCalls.offer(transfer.words, transfer.count));
    }
    return REFUSED_NONE;
  }

  private command(event: number): number {
    if (event === EV_START && this.panelCalls.stale) return REFUSED_NO_PROGRAM;
    const code = this.gun.control.ask(event, this.fields.numbers[0] as number);
    if (!code && (event === EV_START || event === EV_RESUME)) this.attended = 1;
    return code;
  }

  private journal(): number {
    if (this.gun.control.state === TREATING) return REFUSED_STATE;
    this.stream.begin(this.fields.numbers[0] as number, this.fields.numbers[1] as number);
    this.fields.more = `,"last":${this.gun.journal.lastSeq}`;
    return REFUSED_NONE;
  }

  private lock(verb: number, id: number, nowMs: AtMs): number {
    const unlock = this.unlock;
    if (verb === M.DO_LOG_OUT) {
      this.laterId = 0;
      unlock.logOut();
      return REFUSED_NONE;
    }
    if (verb === M.DO_CHALLENGE) {
      const code = unlock.challenge(nowMs);
      if (!code) this.fields.more = ',"nonce":"' + unlock.nonceHex + '"';
      return code;
    }
    const code = unlock.begin(this.fields.hex, nowMs);
    if (code) return code;
    this.laterId = id;
    return LATER;
  }

  /** A host begins: it learns who this is and which ids come next. A technician and a half-sent programme of before are gone. */
  private hello(id: number): void {
    const board = this.board;
    if (!this.lastId) this.lastId = 1 + (this.gun.entropy() & 0x3ffffff);
    this.laterId = 0;
    this.unlock.logOut();
    this.transfer.begin(0, '');
    const gun = `"board":"${board.name}","device":${board.deviceId},"firmware":${FIRMWARE_VERSION},"tickMs":${board.tickMs}`;
    this.outbox.answer(`{"re":${id},"ok":1,"link":1,${gun},"next":${this.lastId + 1},"journal":${this.gun.journal.lastSeq}}`);
  }

  /** Answers, and keeps the answer for a repeated question. */
  private conclude(id: number, code: number): void {
    const text = code ? this.refusal(id, code) : `{"re":${id},"ok":1${this.fields.more}}`;
    if (this.keptIds.push(id) > ANSWERS_KEPT) {
      this.keptIds.shift();
      this.keptTexts.shift();
    }
    this.keptTexts.push(text);
    this.outbox.answer(text);
  }

  /** The line had no id to answer to. */
  private refuseUnread(what: string): void {
    this.clean();
    this.fields.what = what;
    this.outbox.answer(this.refusal(0, REFUSED_FIELD));
  }

  /** Names the culprit; limit, value, bound and who set it when Control refused with this very code. */
  private refusal(id: number, code: number): string {
    const r = this.gun.control.refusal;
    let text = `{"re":${id},"no":${code}`;
    if (this.byControl && r[R_CODE] === code) {
      text += `,"limit":${r[R_LIMIT] as number},"value":${r[R_VALUE] as number},"bound":${r[R_BOUND] as number},"by":${r[R_SET_BY] as number}`;
    }
    return `${text},"what":"${this.fields.what}"}`;
  }
}
