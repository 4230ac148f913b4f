// A balance that prints a line when asked (print-dialect.ts) as a Balance: asks again and again until the line says stable, and sees
// by the weight that tare and zero were done, since such balances need not confirm them. Not responsible for the lines' meaning.
import { BalanceError } from './balance.ts';
import type { Balance, BalanceIdentity, Weighing } from './balance.ts';
import { isCancelled, isGone, neverStable, offRange } from './balance-troubles.ts';
import { LineCutter } from './line-cutter.ts';
import { stepMg, mgIn } from './mass.ts';
import type { PrintDialect, Printed } from './print-dialect.ts';
import { WeightShape } from './weight-shape.ts';
import { passOn } from './wire.ts';
import type { InstrumentWire } from './wire.ts';

/** Time for a line, how often it is asked for, and the pause between two lines. Chosen: slower than 2400 baud, faster than a display. */
const LINE_MS = 1000;
const TRIES = 5;
const AGAIN_MS = 200;
const STABLE_MS = 30_000;
const LINE_MOST = 60;
/** A tare is believed when the stable weight lies within so many display steps of zero. Chosen: drift and evaporation meanwhile. */
const NEAR_ZERO_STEPS = 10;

export interface PrintBalanceOptions {
  readonly dialect: PrintDialect;
  /** It does not say these itself. */
  readonly model: string;
  readonly serial: string;
  readonly capacityMg: number;
  readonly readabilityMg?: number;
}

class PrintBalance implements Balance {
  identity: BalanceIdentity;
  private readonly wire: InstrumentWire;
  private readonly o: PrintBalanceOptions;
  private readonly cutter = new LineCutter(LINE_MOST);
  private readonly shape = new WeightShape();
  private last: Promise<unknown> = Promise.resolve();
  private gone: BalanceError | null = null;
  private onPrinted: ((printed: Printed) => void) | null = null;
  private onEnd: ((error: BalanceError) => void) | null = null;
  private badLines = 0;
  private unit = '';
  private epoch = 0;

  constructor(wire: InstrumentWire, options: PrintBalanceOptions) {
    this.wire = wire;
    this.o = options;
    const { model, serial, capacityMg, dialect } = options;
    this.identity = { maker: dialect.maker, model, serial, capacityMg, readabilityMg: options.readabilityMg ?? 0 };
    wire.onText((text) => {
      for (const line of this.cutter.take(text)) this.hear(line);
    });
    wire.onClose(() => {
      this.gone = isGone(wire.name);
      this.onEnd?.(this.gone);
    });
  }

  /** The first weight, which tells the display step. A moving one of some makers has no unit: waits for a stable one. */
  async meet(): Promise<void> {
    const untilMs = this.wire.nowMs() + STABLE_MS;
    for (;;) {
      const printed = await this.print();
      if (printed.kind === 'weight' && printed.unit !== '') {
        const mgPerUnit = mgIn(printed.unit);
        if (this.take(printed) && mgPerUnit !== undefined) {
          this.identity = { ...this.identity, readabilityMg: this.o.readabilityMg ?? stepMg(printed.decimals, mgPerUnit) };
          return;
        }
      }
      if (this.wire.nowMs() > untilMs) throw neverStable(STABLE_MS);
      await passOn(this.wire, AGAIN_MS);
    }
  }

  stable(timeoutMs = STABLE_MS): Promise<Weighing> {
    return this.inTurn(() => this.untilStable(timeoutMs, () => true));
  }

  now(): Promise<Weighing> {
    return this.inTurn(async () => {
      const untilMs = this.wire.nowMs() + STABLE_MS;
      for (;;) {
        const weighing = this.weigh(await this.print());
        if (weighing) return weighing;
        if (this.wire.nowMs() > untilMs) throw neverStable(STABLE_MS);
      }
    });
  }

  tare(timeoutMs = STABLE_MS): Promise<void> {
    return this.command(this.o.dialect.tare, timeoutMs);
  }

  zero(timeoutMs = STABLE_MS): Promise<void> {
    return this.command(this.o.dialect.zero, timeoutMs);
  }

  stream(listener: (weighing: Weighing) => void, onTrouble?: (error: BalanceError) => void): Promise<() => Promise<void>> {
    let on = true;
    const done = this.inTurn(async () => {
      while (on) {
        try {
          const weighing = this.weigh(await this.print());
          if (weighing) listener(weighing);
        } catch (error) {
          if (!(error instanceof BalanceError)) throw error;
          onTrouble?.(error);
          if (error.trouble !== 'overload' && error.trouble !== 'underload') return;
        }
        await passOn(this.wire, AGAIN_MS / 2);
      }
    });
    return Promise.resolve(async () => {
      on = false;
      await done;
    });
  }

  cancel(): Promise<void> {
    this.epoch += 1;
    this.onEnd?.(isCancelled());
    return this.last.then(() => undefined);
  }

  nowMs(): number {
    return this.wire.nowMs();
  }

  wait(forMs: number): Promise<void> {
    return passOn(this.wire, forMs);
  }

  async close(): Promise<void> {
    this.onEnd?.(isCancelled());
    await this.wire.close();
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.last.then(act, act);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private command(text: string, timeoutMs: number): Promise<void> {
    return this.inTurn(async () => {
      await this.untilStable(timeoutMs, () => true);
      this.wire.write(text);
      await passOn(this.wire, 2 * AGAIN_MS);
      const near = NEAR_ZERO_STEPS * this.identity.readabilityMg;
      await this.untilStable(timeoutMs, (weighing) => Math.abs(weighing.mg) <= near);
    });
  }

  private async untilStable(timeoutMs: number, good: (weighing: Weighing) => boolean): Promise<Weighing> {
    const untilMs = this.wire.nowMs() + timeoutMs;
    const { epoch } = this;
    for (;;) {
      const weighing = this.weigh(await this.print());
      if (weighing?.stable === true && good(weighing)) return weighing;
      if (this.epoch !== epoch) throw isCancelled();
      if (this.wire.nowMs() >= untilMs) throw neverStable(timeoutMs);
      await passOn(this.wire, AGAIN_MS);
    }
  }

  /** Undefined for a line that is not to be believed yet; throws for what is off range. */
  private weigh(printed: Printed): Weighing | undefined {
    if (printed.kind === 'off') throw offRange(printed.side);
    if (printed.kind !== 'weight') return undefined;
    if (printed.unit !== '') return this.take(printed);
    // No unit while it moves: it is still the one of the weight before.
    return this.unit === '' ? undefined : this.take({ ...printed, unit: this.unit });
  }

  private take(printed: Extract<Printed, { kind: 'weight' }>): Weighing | undefined {
    const { value, decimals, unit, stable } = printed;
    this.unit = unit;
    return this.shape.take({ kind: 'weight', command: '', status: stable ? 'S' : 'D', value, unit, decimals, width: 0 }, this.wire.nowMs());
  }

  private async print(): Promise<Printed> {
    this.badLines = 0;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const printed = await this.line();
      if (printed) {
        if (printed.kind !== 'refused') return printed;
        if (tries === TRIES - 1) {
          const next = 'is ?dialect= right? wait until it shows a weight, then try again';
          throw new BalanceError('refused', 'the balance gives no weight', `it answers ${printed.text}`, next);
        }
      }
    }
    const why =
      this.badLines > 0 ? `${this.badLines} line(s) came that I cannot read` : `nothing came within ${(TRIES * LINE_MS) / 1000} s`;
    const next = 'is it on, is the cable in, and do ?dialect=, baud rate and parity agree with its settings?';
    throw new BalanceError(this.badLines > 0 ? 'garbled' : 'silent', `no answer from the balance at ${this.wire.name}`, why, next);
  }

  private line(): Promise<Printed | null> {
    return new Promise((resolve, reject) => {
      if (this.gone) {
        reject(this.gone);
        return;
      }
      const end = (): void => {
        stop();
        this.onPrinted = this.onEnd = null;
      };
      const stop = this.wire.after(LINE_MS, () => {
        end();
        resolve(null);
      });
      this.onPrinted = (printed) => {
        end();
        resolve(printed);
      };
      this.onEnd = (error) => {
        end();
        reject(error);
      };
      this.wire.write(this.o.dialect.ask);
    });
  }

  private hear(line: string): void {
    const printed = this.o.dialect.decode(line);
    if (printed === undefined) this.badLines += 1;
    else this.onPrinted?.(printed);
  }
}

/** Waits for a first weight; rejects with a BalanceError when none comes. The wire is then closed. */
export async function openPrintBalance(wire: InstrumentWire, options: PrintBalanceOptions): Promise<Balance> {
  const balance = new PrintBalance(wire, options);
  try {
    await balance.meet();
    return balance;
  } catch (error) {
    await wire.close();
    throw error;
  }
}
