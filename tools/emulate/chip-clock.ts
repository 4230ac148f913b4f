// The emulated chip's time: nanoseconds since power-on, and the alarms of its peripherals. Same service as the emulator's own clock, without
// its cost a step: the chip adds time itself and looks only at `nextNs`. Runs at the desk.

interface Alarm {
  schedule(forNs: number): void;
  cancel(): void;
}

class ChipAlarm implements Alarm {
  atNs = Infinity;
  readonly fire: () => void;
  private readonly clock: ChipClock;

  constructor(clock: ChipClock, fire: () => void) {
    this.clock = clock;
    this.fire = fire;
  }

  schedule(forNs: number): void {
    this.clock.put(this, this.clock.nanos + Math.max(0, forNs));
  }

  cancel(): void {
    this.clock.put(this, Infinity);
  }
}

export class ChipClock {
  /** Since power-on. The chip adds to it. */
  nanos = 0;
  /** When the earliest alarm is due; Infinity when none is set. */
  nextNs = Infinity;
  private readonly waiting: ChipAlarm[] = [];

  createAlarm(fire: () => void): Alarm {
    return new ChipAlarm(this, fire);
  }

  put(alarm: ChipAlarm, atNs: number): void {
    const { waiting } = this;
    if (alarm.atNs !== Infinity) waiting.splice(waiting.indexOf(alarm), 1);
    alarm.atNs = atNs;
    if (atNs !== Infinity) {
      let at = waiting.length;
      // Latest first: the next one is taken off the end. Of two at the same moment the older goes first.
      while (at > 0 && (waiting[at - 1] as ChipAlarm).atNs <= atNs) at -= 1;
      waiting.splice(at, 0, alarm);
    }
    this.nextNs = waiting[waiting.length - 1]?.atNs ?? Infinity;
  }

  /** Runs what is due by now, each at its own moment. */
  fireDue(): void {
    const untilNs = this.nanos;
    while (this.nextNs <= untilNs) {
      const alarm = this.waiting[this.waiting.length - 1] as ChipAlarm;
      this.nanos = alarm.atNs;
      this.put(alarm, Infinity);
      alarm.fire();
    }
    this.nanos = untilNs;
  }
}
