// A balance that speaks MT-SICS (Mettler-Toledo and others) as a Balance. Not responsible for lines and retries (mt-sics-talk.ts) nor
// for the wire. Source: MT-SICS Interface Commands, Reference Manual 30014405 and 11780711.
import { BalanceError } from './balance.ts';
import type { Balance, BalanceIdentity, Weighing } from './balance.ts';
import { neverStable, offRange } from './balance-troubles.ts';
import { mgIn, stepMg, toMg } from './mass.ts';
import { readBalanceData } from './mt-sics-codec.ts';
import type { Reply } from './mt-sics-codec.ts';
import { MtSicsTalk } from './mt-sics-talk.ts';
import { WeightShape } from './weight-shape.ts';
import type { WeightReply } from './weight-shape.ts';
import { passOn } from './wire.ts';
import type { InstrumentWire } from './wire.ts';

/** Time for an answer that needs no stability. Chosen: ten times what a slow balance takes. */
const ANSWER_MS = 2000;
/** Time for a stable weight where none is said. Source: balances give up after 40 s themselves. */
const STABLE_MS = 30_000;
/** After a «not now» it is asked again. */
const AGAIN_MS = 250;
/** A weight that does not look like the ones before is asked for again, at most this often. */
const LOOKS = 8;
/** A stream that says nothing for so long is asked for again, and given up after so many times. */
const STREAM_SILENT_MS = 2000;
const STREAM_TRIES = 3;

export interface MtSicsOptions {
  /** Display step, where it is coarser than the last digit (5, 10, 20 …). */
  readonly readabilityMg?: number;
  /** Time for each answer to the first question, ms: short where baud rates are tried. */
  readonly greetMs?: number;
}

const isFor =
  (command: string) =>
  (reply: Reply): boolean =>
    reply.kind !== 'error' && reply.command === command;

class MtSics implements Balance {
  identity: BalanceIdentity = { maker: '', model: '', serial: '', readabilityMg: 0, capacityMg: 0 };
  private readonly talk: MtSicsTalk;
  private last: Promise<unknown> = Promise.resolve();
  private readonly shape = new WeightShape();
  private dangling = false;
  private stopStream: (() => void) | null = null;

  constructor(wire: InstrumentWire) {
    this.talk = new MtSicsTalk(wire);
  }

  /** Ends what a user before us left under way, and asks who it is. */
  async meet(options: MtSicsOptions): Promise<void> {
    this.talk.breakLine();
    const serial = await this.talk.ask('@', isFor('I4'), options.greetMs ?? ANSWER_MS);
    await this.talk.quiet();
    this.talk.forgetRestart();
    const data = await this.talk.ask('I2', isFor('I2'), ANSWER_MS);
    const read = data.kind === 'answer' && data.status === 'A' ? readBalanceData(data.parameters) : undefined;
    const mgPerUnit = read && mgIn(read.unit);
    if (read === undefined || mgPerUnit === undefined) {
      throw new BalanceError(
        'refused',
        'the balance does not tell its capacity',
        'its answer to I2 ends in no weight',
        'use a balance with MT-SICS level 0',
      );
    }
    const step = await this.displayStep();
    this.identity = {
      maker: 'Mettler-Toledo (MT-SICS)',
      model: read.model,
      serial: serial.kind === 'answer' ? serial.parameters.join(' ') : '',
      readabilityMg: options.readabilityMg ?? step ?? stepMg(read.decimals, mgPerUnit),
      capacityMg: toMg(read.capacity, mgPerUnit),
    };
  }

  tare(timeoutMs = STABLE_MS): Promise<void> {
    return this.inTurn(async () => {
      try {
        await this.whenStable('T', timeoutMs);
      } catch (error) {
        // A balance does not tare what weighs a little less than nothing, after evaporation for instance: it zeroes it.
        if (!(error instanceof BalanceError) || error.trouble !== 'underload') throw error;
        await this.whenStable('Z', timeoutMs);
      }
    });
  }

  zero(timeoutMs = STABLE_MS): Promise<void> {
    return this.inTurn(async () => {
      await this.whenStable('Z', timeoutMs);
    });
  }

  stable(timeoutMs = STABLE_MS): Promise<Weighing> {
    return this.inTurn(() => this.believed(async () => this.whenStable('S', timeoutMs)));
  }

  now(): Promise<Weighing> {
    return this.inTurn(() => this.believed(() => this.immediate()));
  }

  stream(listener: (weighing: Weighing) => void, onTrouble?: (error: BalanceError) => void): Promise<() => Promise<void>> {
    return this.inTurn(() => {
      const { wire } = this.talk;
      let triesLeft = STREAM_TRIES;
      let stopTimer = (): void => undefined;
      const arm = (): void => {
        stopTimer();
        stopTimer = wire.after(STREAM_SILENT_MS, () => {
          triesLeft -= 1;
          if (triesLeft > 0) {
            this.talk.tell('SIR');
            arm();
          } else
            onTrouble?.(
              new BalanceError('silent', 'the balance has fallen silent', 'no weight for 6 s', 'check that it is on and its cable is in'),
            );
        });
      };
      this.talk.onGone((error) => {
        stopTimer();
        if (this.stopStream) onTrouble?.(error);
      });
      this.talk.onWeight = (reply) => {
        triesLeft = STREAM_TRIES;
        arm();
        if (reply.kind === 'weight') this.tellStreamed(reply, listener, onTrouble);
        else if (reply.kind === 'answer' && (reply.status === '+' || reply.status === '-')) onTrouble?.(offRange(reply.status));
      };
      this.stopStream = () => {
        this.stopStream = null;
        this.talk.onWeight = null;
        stopTimer();
      };
      this.talk.tell('SIR');
      arm();
      return Promise.resolve(() => this.endStream());
    });
  }

  async cancel(): Promise<void> {
    this.stopStream?.();
    this.talk.giveUp();
    await this.inTurn(async () => {
      await this.talk.ask('@', isFor('I4'), ANSWER_MS);
      await this.talk.quiet();
      this.talk.forgetRestart();
      this.dangling = false;
    });
  }

  nowMs(): number {
    return this.talk.wire.nowMs();
  }

  wait(forMs: number): Promise<void> {
    return passOn(this.talk.wire, forMs);
  }

  async close(): Promise<void> {
    this.stopStream?.();
    this.talk.giveUp();
    await this.talk.wire.close();
  }

  /** One call at a time, in the order they came; a failed one does not stop the next. */
  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.last.then(act, act);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async endStream(): Promise<void> {
    if (!this.stopStream) return;
    this.stopStream();
    await this.inTurn(async () => {
      this.talk.tell('SI');
      await this.talk.quiet();
    });
  }

  private tellStreamed(reply: WeightReply, listener: (weighing: Weighing) => void, onTrouble?: (error: BalanceError) => void): void {
    try {
      const weighing = this.shape.take(reply, this.nowMs());
      if (weighing) listener(weighing);
    } catch (error) {
      if (error instanceof BalanceError && onTrouble) onTrouble(error);
      else throw error;
    }
  }

  /** The step of the last digit displayed; undefined when no weight can be had now. */
  private async displayStep(): Promise<number | undefined> {
    for (let look = 0; look < LOOKS; look += 1) {
      const reply = await this.talk.ask('SI', isFor('S'), ANSWER_MS);
      if (reply.kind !== 'weight') return undefined;
      if (this.shape.take(reply, this.nowMs())) return stepMg(reply.decimals, mgIn(reply.unit) ?? 1);
    }
    return undefined;
  }

  /** Asks until a weight looks like the one before it. */
  private async believed(ask: () => Promise<Reply>): Promise<Weighing> {
    for (let look = 0; look < LOOKS; look += 1) {
      const reply = await ask();
      const weighing = reply.kind === 'weight' ? this.shape.take(reply, this.nowMs()) : undefined;
      if (weighing) return weighing;
    }
    throw new BalanceError(
      'garbled',
      'the weights of the balance change their form',
      'noise on the wire, or a changing setting',
      'check cable, baud rate and parity',
    );
  }

  private async immediate(): Promise<Reply> {
    for (let look = 0; look < LOOKS; look += 1) {
      const reply = await this.talk.ask('SI', isFor('S'), ANSWER_MS);
      if (reply.kind === 'weight') return reply;
      if (reply.kind === 'answer' && (reply.status === '+' || reply.status === '-')) throw offRange(reply.status);
      await passOn(this.talk.wire, AGAIN_MS);
    }
    throw new BalanceError('refused', 'the balance gives no weight', 'it is busy', 'wait until it shows a weight, then try again');
  }

  /** S, T or Z: repeated while the balance says «not now» and there is time. */
  private async whenStable(command: 'S' | 'T' | 'Z', timeoutMs: number): Promise<Reply> {
    const { wire } = this.talk;
    const untilMs = wire.nowMs() + timeoutMs;
    if (this.dangling) await this.talk.quiet();
    this.dangling = false;
    for (;;) {
      const leftMs = untilMs - wire.nowMs();
      if (leftMs <= 0) throw neverStable(timeoutMs);
      const reply = await this.askPatiently(command, leftMs, timeoutMs);
      if (reply.kind === 'weight') return reply;
      if (reply.kind === 'answer') {
        if (reply.status === 'A') return reply;
        if (reply.status === '+' || reply.status === '-') throw offRange(reply.status);
        if (reply.status === 'L')
          throw new BalanceError('refused', `the balance refuses ${command}`, 'it does not do that now', 'leave its menu');
      }
      await passOn(wire, AGAIN_MS);
    }
  }

  /** Silence means «not stable yet» as long as the balance is there: whether it is, SI tells. */
  private async askPatiently(command: string, leftMs: number, timeoutMs: number): Promise<Reply> {
    try {
      return await this.talk.ask(command, isFor(command), leftMs, 'patient');
    } catch (error) {
      if (!(error instanceof BalanceError) || (error.trouble !== 'silent' && error.trouble !== 'garbled')) throw error;
      await this.talk.ask('I4', isFor('I4'), ANSWER_MS);
      this.dangling = true;
      throw neverStable(timeoutMs);
    }
  }
}

/** Finds out who is there; rejects with a BalanceError when it is no MT-SICS balance. The wire is then closed. */
export async function openMtSics(wire: InstrumentWire, options: MtSicsOptions = {}): Promise<Balance> {
  const balance = new MtSics(wire);
  try {
    await balance.meet(options);
    return balance;
  } catch (error) {
    await wire.close();
    throw error;
  }
}
