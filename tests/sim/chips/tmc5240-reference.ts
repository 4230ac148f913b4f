// A slow second opinion on the ramp: one step every 512 clocks, braking point by bisection. Shares no code with the chip model.
// Source: TMC5240 datasheet Rev 1, chapter ramp generator.

export interface RampSettings {
  vstart: number;
  a: readonly [number, number, number];
  v1: number;
  v2: number;
  d: readonly [number, number, number];
  vmax: number;
  vstop: number;
}

/** µsteps and seconds. Moves from rest or on the fly; stands when the target is met. */
export class ReferenceRamp {
  x = 0;
  v = 0;
  target = 0;
  private readonly settings: RampSettings;

  constructor(settings: RampSettings) {
    this.settings = settings;
  }

  step(seconds: number): void {
    let left = seconds;
    while (left > 1e-12) left -= this.partial(left);
  }

  private rate(rates: readonly [number, number, number], speed: number): number {
    return speed < this.settings.v1 ? rates[0] : speed < this.settings.v2 ? rates[1] : rates[2];
  }

  /** Braking way by summing short pieces of speed. */
  private brakingWay(speed: number): number {
    const marks = [this.settings.vstop, this.settings.v1, this.settings.v2, Infinity];
    let way = 0;
    let low = this.settings.vstop;
    for (const mark of marks) {
      const high = Math.min(speed, mark);
      if (high > low) {
        way += (high * high - low * low) / 2 / this.rate(this.settings.d, (high + low) / 2);
        low = high;
      }
    }
    return way;
  }

  /** One piece of a tick, ended early where a zone ends; answers how much time it took. */
  private partial(left: number): number {
    const { settings } = this;
    const way = this.target - this.x;
    if (this.v === 0 && Math.abs(way) < 1e-9) return left;
    const direction = this.v === 0 ? Math.sign(way) : Math.sign(this.v);
    const ahead = way * direction;
    let speed = Math.abs(this.v);
    if (speed === 0) speed = Math.min(settings.vstart, settings.vstop);
    if (this.brakingWay(speed) > ahead + 0.01) return this.brake(direction, speed, left);
    return this.drive(direction, speed, ahead, left);
  }

  private brake(direction: number, speed: number, left: number): number {
    const { settings } = this;
    if (speed <= settings.vstop) {
      this.v = 0;
      this.x = Math.floor(this.x + 1e-6);
      return 1e-12;
    }
    const marks = [settings.vstop, settings.v1, settings.v2].filter((mark) => mark < speed - 1e-6);
    const floor = Math.max(...marks);
    const rate = this.rate(settings.d, (speed + floor) / 2);
    const time = Math.min(left, (speed - floor) / rate);
    this.x += direction * (speed - (rate * time) / 2) * time;
    this.v = direction * (speed - rate * time);
    return Math.max(time, 1e-12);
  }

  private drive(direction: number, speed: number, ahead: number, left: number): number {
    const { settings } = this;
    const rising = settings.vmax > speed;
    const rate = this.rate(settings.a, rising ? speed : speed - 1e-6);
    const mark = [settings.v1, settings.v2].find((bound) => rising && bound > speed + 1e-6) ?? Infinity;
    const full = rising ? Math.min(settings.vmax, mark) : settings.vmax;
    const time = Math.min(left, speed === full ? left : Math.abs(full - speed) / rate);
    const wanted = speed + Math.sign(full - speed) * rate * time;
    const fits = (to: number): boolean => ((speed + to) / 2) * time + this.brakingWay(to) <= ahead;
    let to = wanted;
    if (!fits(wanted)) {
      let low = 0;
      for (let i = 0; i < 60; i++) {
        const middle = (low + to) / 2;
        if (fits(middle)) low = middle;
        else to = middle;
      }
      to = low;
    }
    const travelled = ((speed + to) / 2) * time;
    if (travelled >= ahead - 1e-6 || to <= settings.vstop * 0.5) {
      if (ahead <= settings.vstop * time * 2 || travelled >= ahead - 1e-6) {
        this.x = this.target;
        this.v = 0;
        return Math.max(time, 1e-12);
      }
    }
    this.x += direction * travelled;
    this.v = direction * to;
    return Math.max(time, 1e-12);
  }
}
