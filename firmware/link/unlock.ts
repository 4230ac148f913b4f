// Lets a technician in: a challenge, the answer to it by a key that only this gun and the technician have, and the service
// switch held (R38). Not responsible for what a technician may do. Runs on the gun.
// Limits: the nonce holds a count and the clock besides noise, so within one power-on it never repeats; how hard it is to
// foresee rests on `Entropy`. Failures are counted until power-off, and the audit trail keeps each.
import { REFUSED_AUTH, REFUSED_NONE, REFUSED_STATE } from '../core/faults.ts';
import { IDLE, SERVICE } from '../core/states.ts';
import { hexOf } from '../store/crc32.ts';
import { KEY_WORDS } from '../store/record.ts';
import { since, type AtMs } from '../../hal/units.ts';
import {
  AUDIT_LOCKED_OUT,
  AUDIT_LOGGED_OUT,
  AUDIT_UNLOCKED,
  AUDIT_UNLOCK_FAILED,
  type Control,
  type LinkBoard,
  type LinkedGun,
} from './control.ts';
import { Hmac } from './sha256.ts';

export const NONCE_BYTES = 16;
export const ANSWER_BYTES = 8;
/** What the answer is for; part of what is signed. */
export const UNLOCK_PURPOSE = 'service';
const MESSAGE_BYTES = 31; // NONCE_BYTES + 8 of the device id + 7 of the purpose
const KEY_BYTES_MIN = 16;
/** Source: the challenge is answered within 30 s, five failures shut the lock for a growing time (R38). */
const CHALLENGE_FOR_MS = 30000;
const FAILURES_MAX = 5;
const LOCK_FOR_MS = 30000;
const LOCK_MOST_MS = 3840000;
const hexOfBytes = (bytes: Uint8Array, count: number): string => {
  let text = '';
  for (let i = 0; i < count; i++) text += hexOf(bytes[i] as number, 0x100);
  return text;
};

/** Rounds of SHA-256 a tick. Chosen: about 5 ms on the slower engine; an answer takes 32 ticks. */
const ROUNDS_PER_TICK = 8;

export class Unlock {
  /** 1 while a technician is in. */
  unlocked = 0;
  /** Failures since boot or since the last success. */
  failures = 0;
  /** The nonce of the open challenge, 32 hex digits. */
  nonceHex = '';
  private readonly gun: LinkedGun;
  private readonly control: Control;
  private readonly board: LinkBoard;
  private readonly hmac: Hmac;
  private keyBytes: number;
  private readonly message = new Uint8Array(MESSAGE_BYTES);
  private open = 0;
  private openedAtMs = 0 as AtMs;
  private challenges = 0;
  /** How long the lock is shut; 0 = it is not. */
  private lockForMs = 0;
  private lockedAtMs = 0 as AtMs;
  private nextLockForMs = 30000; // LOCK_FOR_MS
  /** The answer under examination; '' = none. */
  private answerHex = '';

  /** A key of less than 16 bytes lets nobody in. */
  constructor(gun: LinkedGun, board: LinkBoard) {
    this.gun = gun;
    this.control = gun.control;
    this.board = board;
    this.hmac = new Hmac(gun.serviceKey);
    this.keyBytes = gun.serviceKey.length;
    this.put(NONCE_BYTES, board.deviceId / 4294967296);
    this.put(NONCE_BYTES + 4, board.deviceId);
    for (let i = 0; i < UNLOCK_PURPOSE.length; i++) this.message[NONCE_BYTES + 8 + i] = UNLOCK_PURPOSE.charCodeAt(i);
  }

  /** Opens a challenge; any before it is void. Answers 0 or a REFUSED_… code. */
  challenge(nowMs: AtMs): number {
    if (this.keyBytes < KEY_BYTES_MIN || this.lockForMs > 0 || this.answerHex) return REFUSED_AUTH;
    if (this.control.state !== IDLE) return REFUSED_STATE;
    this.challenges++;
    this.put(0, this.gun.entropy());
    this.put(4, nowMs);
    this.put(8, this.challenges);
    this.put(12, this.gun.entropy());
    this.nonceHex = hexOfBytes(this.message, NONCE_BYTES);
    this.open = 1;
    this.openedAtMs = nowMs;
    return REFUSED_NONE;
  }

  /** Takes an answer; `work` will judge it. One answer a challenge. Answers 0 or a REFUSED_… code at once. */
  begin(answerHex: string, nowMs: AtMs): number {
    if (this.control.state !== IDLE) return REFUSED_STATE;
    if (!this.open || this.lockForMs > 0 || !this.board.serviceSwitch()) return REFUSED_AUTH;
    this.open = 0;
    if (since(nowMs, this.openedAtMs) > CHALLENGE_FOR_MS) return REFUSED_AUTH;
    this.answerHex = answerHex;
    this.hmac.begin(this.message);
    return REFUSED_NONE;
  }

  /** Every tick. Answers −1 while nothing is decided, else 0 (the technician is in) or a REFUSED_… code. */
  work(nowMs: AtMs): number {
    if (this.lockForMs > 0 && since(nowMs, this.lockedAtMs) >= this.lockForMs) this.lockForMs = 0;
    if (this.unlocked && this.control.state !== SERVICE) this.leave();
    if (!this.answerHex || !this.hmac.work(ROUNDS_PER_TICK)) return -1;
    const right = this.matches();
    this.answerHex = '';
    if (!right) return this.fail(nowMs);
    if (!this.board.serviceSwitch()) return REFUSED_AUTH;
    const code = this.control.service(1);
    if (code) return code;
    this.gun.audit(AUDIT_UNLOCKED, this.failures, 0);
    this.unlocked = 1;
    this.failures = 0;
    this.nextLockForMs = LOCK_FOR_MS;
    return REFUSED_NONE;
  }

  /** May a technician's command be done now? 0 or REFUSED_AUTH. `provisions` = 1: it sets the key, and a gun without one takes it. */
  check(provisions: number): number {
    const state = this.control.state;
    const fresh = provisions && this.keyBytes < KEY_BYTES_MIN && state === IDLE;
    return (fresh || (this.unlocked && state === SERVICE)) && this.board.serviceSwitch() ? REFUSED_NONE : REFUSED_AUTH;
  }

  /** Another key holds from now on; little-endian words. */
  take(words: Int32Array): void {
    const key = new Uint8Array(words.buffer).slice(0, 4 * KEY_WORDS);
    this.keyBytes = key.length;
    this.hmac.key = key;
  }

  /** Puts the technician out and voids an open challenge. */
  logOut(): void {
    this.open = 0;
    this.answerHex = '';
    if (!this.unlocked) return;
    this.leave();
    this.control.service(0);
  }

  private leave(): void {
    this.unlocked = 0;
    this.gun.audit(AUDIT_LOGGED_OUT, 1, 0);
  }

  private fail(nowMs: AtMs): number {
    this.failures++;
    this.gun.audit(AUDIT_UNLOCK_FAILED, this.failures - 1, this.failures);
    if (this.failures >= FAILURES_MAX) {
      this.lockForMs = this.nextLockForMs;
      this.lockedAtMs = nowMs;
      this.nextLockForMs = Math.min(LOCK_MOST_MS, this.nextLockForMs * 2);
      this.gun.audit(AUDIT_LOCKED_OUT, this.failures, this.lockForMs);
    }
    return REFUSED_AUTH;
  }

  /** Compares every digit whatever the first differing one. */
  private matches(): number {
    const expected = hexOfBytes(this.hmac.digest, ANSWER_BYTES);
    let differing = 0;
    for (let i = 0; i < expected.length; i++) differing |= expected.charCodeAt(i) ^ this.answerHex.charCodeAt(i);
    return differing ? 0 : 1;
  }

  /** Four bytes, the upper first. */
  private put(at: number, word: number): void {
    for (let i = 0; i < 4; i++) this.message[at + i] = word >> (24 - i * 8);
  }
}
