// Troubles that every balance has, in the same words. Not responsible for finding them.
import { BalanceError } from './balance.ts';

/** More, or less, on the pan than it weighs. */
export const offRange = (side: '+' | '-'): BalanceError =>
  side === '+'
    ? new BalanceError(
        'overload',
        'the balance says overload',
        'more lies on the pan than it weighs',
        'lighten or empty the vessel, then tare',
      )
    : new BalanceError(
        'underload',
        'the balance says underload',
        'the pan or its vessel is missing',
        'put the pan and the vessel on, then tare',
      );

export const neverStable = (timeoutMs: number): BalanceError =>
  new BalanceError(
    'unstable',
    `no stable weight within ${(timeoutMs / 1000).toFixed(0)} s`,
    'draught, vibration, a drop about to fall, or evaporation',
    'close the draught shield, take hands off the table, wait, and repeat this reading',
  );

export const isGone = (name: string): BalanceError =>
  new BalanceError(
    'unplugged',
    `the balance at ${name} is gone`,
    'its cable came out, or it was switched off',
    'plug it in, wait until it has warmed up, tare, and repeat this reading',
  );

export const isCancelled = (): BalanceError =>
  new BalanceError('cancelled', 'the weighing was cancelled', 'it was asked for', 'tare and weigh again');
