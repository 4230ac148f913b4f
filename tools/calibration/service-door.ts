// The way in and out of SERVICE. Coming in anew forgets what the gun was only trying: readings for a fit are always taken with
// the calibration that was in force before. Runs at the desk.
import type { BenchGun } from './bench-gun.ts';

export class ServiceDoor {
  private readonly gun: BenchGun;
  private inside = false;

  constructor(gun: BenchGun) {
    this.gun = gun;
  }

  /** In, afresh: out first when already in. */
  async enter(): Promise<void> {
    if (this.inside) await this.leave();
    await this.gun.enter();
    this.inside = true;
  }

  async leave(): Promise<void> {
    this.inside = false;
    await this.gun.leave();
  }
}
