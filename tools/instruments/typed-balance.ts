// A balance without a cable: a person reads the display and types it. Not responsible for how the question is shown (the `Ask`).
import { BalanceError } from './balance.ts';
import type { Balance, BalanceIdentity, Weighing } from './balance.ts';
import { askNumber } from './typed-number.ts';
import type { Ask } from './typed-number.ts';

export interface TypedBalanceOptions {
  readonly ask: Ask;
  readonly readabilityMg: number;
  readonly capacityMg: number;
  readonly model: string;
  readonly serial: string;
  readonly nowMs: () => number;
  readonly wait: (forMs: number) => Promise<void>;
}

const cancelled = (): BalanceError =>
  new BalanceError('cancelled', 'no weight was typed', 'the question was left without an answer', 'start again where you left off');

export function typedBalance(options: TypedBalanceOptions): Balance {
  const { ask, readabilityMg, capacityMg, nowMs, wait } = options;
  const identity: BalanceIdentity = { maker: 'typed by hand', model: options.model, serial: options.serial, readabilityMg, capacityMg };
  const press = async (what: string): Promise<void> => {
    if ((await ask(`press ${what} on the balance, wait until it stands, then Enter`)) === null) throw cancelled();
  };
  const weigh = async (): Promise<Weighing> => {
    const question = 'stable weight on the display, mg (or with its unit: 10.02, 0,01002 g)';
    const mg = await askNumber(ask, question, { units: { mg: 1, g: 1000, µg: 0.001, ug: 0.001 }, least: -capacityMg, most: capacityMg });
    if (mg === null) throw cancelled();
    return { mg, stable: true, atMs: nowMs() };
  };
  return {
    identity,
    tare: () => press('TARE'),
    zero: () => press('ZERO'),
    stable: weigh,
    now: weigh,
    stream: () =>
      Promise.reject(
        new BalanceError('refused', 'a typed balance has no stream', 'each weight is asked for', 'use a balance with a cable'),
      ),
    cancel: () => Promise.resolve(),
    nowMs,
    wait,
    close: () => Promise.resolve(),
  };
}
