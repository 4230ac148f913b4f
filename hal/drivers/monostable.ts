// The edge-fed monostable in front of DRV_ENN, and the runtime's watchdog. The supervisor alone calls it. Runs on the gun.
// Silence drops the drivers in hardware; nothing here can hold them on.
import type { Watchdog } from '../devices.ts';
import type { DigitalOut, Level } from '../io.ts';

export class Monostable implements Watchdog {
  private readonly board: { feedWatchdog(): void };
  private readonly pin: DigitalOut;
  private level: Level;

  /** Takes a board, or just these two of it. */
  constructor(options: { readonly kick: DigitalOut; feedWatchdog(): void }) {
    this.board = options;
    this.pin = options.kick;
    this.level = 0;
  }

  /** One edge on the pin: the timer starts anew on either edge. Feeds the runtime's watchdog too. */
  kick(): void {
    this.level = this.level ? 0 : 1;
    this.pin(this.level);
    this.board.feedWatchdog();
  }
}
