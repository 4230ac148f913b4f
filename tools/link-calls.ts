// Exchanges of several lines: programme transfer, journal, status by name, unlocking. Not responsible for when to make them.
// Runs at the desk.
import { createHmac } from 'node:crypto';
import { JOURNAL_COUNT_MAX, LINE_MAX, PART_INTS_MAX, STATUS_FIELDS } from '../firmware/link/messages.ts';
import { ANSWER_BYTES, UNLOCK_PURPOSE } from '../firmware/link/unlock.ts';
import { EXIT_DEVICE, MesogunError } from './errors.ts';
import { crcOfWords } from './link-line.ts';
import type { Answer, GunEvent } from './link-schemas.ts';

/** What these calls need of the link. */
export interface Asking {
  request(name: string, fields?: Readonly<Record<string, unknown>>): Promise<Answer>;
  onEvent(listener: (event: GunEvent) => void): void;
}

/** Everything in a part's line but the integers, with the longest numbers: seq, id, at, check. */
const PART_OVERHEAD = '134217727 {"id":134217727,"do":"part","at":98,"ints":[]} 01234567\n'.length;

/** Cuts a programme into parts that fit a line each, in order. */
export function programParts(words: ArrayLike<number>): { at: number; ints: number[] }[] {
  const parts: { at: number; ints: number[] }[] = [];
  let length = LINE_MAX;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    const part = parts.at(-1);
    const more = String(word).length + 1;
    if (part === undefined || part.ints.length === PART_INTS_MAX || length + more > LINE_MAX) {
      parts.push({ at, ints: [word] });
      length = PART_OVERHEAD + more;
    } else {
      part.ints.push(word);
      length += more;
    }
  }
  return parts;
}

/** Sends words for the gun to do something with; answers the first refusal, or the answer to the last part. */
export async function sendWords(link: Asking, words: ArrayLike<number>): Promise<Answer> {
  let answer = await link.request('load', { count: words.length, crc: crcOfWords(words) });
  for (const part of programParts(words)) {
    if (answer.no !== undefined) return answer;
    answer = await link.request('part', part);
  }
  return answer;
}

/** Sends a programme; answers the first refusal, or the answer to `commit`. */
export async function loadProgram(link: Asking, words: ArrayLike<number>): Promise<Answer> {
  const sent = await sendWords(link, words);
  return sent.no === undefined ? link.request('commit') : sent;
}

/** The status words by name: state, fault, sessionId, done, planned, … */
export async function readStatus(link: Asking): Promise<Record<string, number>> {
  const answer = await link.request('status');
  const words = answer['status'];
  if (!Array.isArray(words)) throw new MesogunError({ exit: EXIT_DEVICE, what: 'the gun gives no status', why: JSON.stringify(answer) });
  return Object.fromEntries(STATUS_FIELDS.map((name, index) => [name, Number(words[index])]));
}

/** Collects entries as they come; a request that brought fewer than it promised is made again. */
export class JournalReading {
  private readonly link: Asking;
  private readonly entries = new Map<number, Uint8Array | null>();
  private beats = 0;
  private wake: (() => void) | undefined;

  constructor(link: Asking) {
    this.link = link;
    link.onEvent((event) => this.hear(event));
  }

  /** Entries `from` to the newest, 64 bytes each, in order; one that the gun cannot read is left out. */
  async readFrom(from: number): Promise<Uint8Array[]> {
    let last = from;
    for (let at = from; at <= last; at += JOURNAL_COUNT_MAX) last = await this.readSome(at);
    const found: Uint8Array[] = [];
    for (let seq = from; seq <= last; seq += 1) {
      const bytes = this.entries.get(seq);
      if (bytes !== undefined && bytes !== null) found.push(bytes);
    }
    this.entries.clear();
    return found;
  }

  private async readSome(from: number): Promise<number> {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const answer = await this.link.request('journal', { from, count: JOURNAL_COUNT_MAX });
      if (answer.no !== undefined) {
        throw new MesogunError({
          exit: EXIT_DEVICE,
          what: 'the gun does not show its journal now',
          why: `refusal ${answer.no}`,
          next: 'end the session first',
        });
      }
      const last = Number(answer['last']);
      if (await this.complete(from, Math.min(last, from + JOURNAL_COUNT_MAX - 1))) return last;
    }
    throw new MesogunError({ exit: EXIT_DEVICE, what: `journal entries from ${from} do not arrive`, next: 'check the cable' });
  }

  /** Waits until all are here; false after ten heartbeats in which nothing came. */
  private async complete(from: number, to: number): Promise<boolean> {
    this.beats = 0;
    for (;;) {
      let missing = false;
      for (let seq = from; seq <= to; seq += 1) missing ||= !this.entries.has(seq);
      if (!missing) return true;
      if (this.beats > 10) return false;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private hear(event: GunEvent): void {
    if (event.ev === 'hb') this.beats += 1;
    else if (event.ev === 'entry') {
      this.beats = 0;
      this.entries.set(event.seq, event.data === undefined ? null : new Uint8Array(Buffer.from(event.data, 'base64')));
    } else return;
    const wake = this.wake;
    this.wake = undefined;
    wake?.();
  }
}

/** What a technician answers to a challenge: the first 8 bytes of HMAC-SHA256 over nonce, device id and purpose, in hex. */
export function unlockAnswer(key: Uint8Array, nonceHex: string, deviceId: number): string {
  const id = Buffer.alloc(8);
  id.writeBigUInt64BE(BigInt(deviceId));
  const hmac = createHmac('sha256', key).update(Buffer.from(nonceHex, 'hex')).update(id).update(UNLOCK_PURPOSE);
  return hmac.digest('hex').slice(0, 2 * ANSWER_BYTES);
}

/** Lets a technician in, the service switch held at the gun. Answers the first refusal, or the answer to `unlock`. */
export async function unlock(link: Asking, key: Uint8Array, deviceId: number): Promise<Answer> {
  const challenge = await link.request('challenge');
  if (challenge.no !== undefined) return challenge;
  return link.request('unlock', { answer: unlockAnswer(key, String(challenge['nonce']), deviceId) });
}
