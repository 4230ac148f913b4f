// The virtual clock: the only time there is in the simulator, in microseconds since power-on of the world.
// Runs due events in the order of (moment, order of scheduling). Not responsible for what happens at them.
// Simulator only.

/** What waits on the clock. The record is reused after it has run, so that a steady session allocates nothing. */
interface Entry {
  atUs: number;
  id: number;
  fn: () => void;
}

const nothing = (): void => undefined;

/**
 * Time that jumps from event to event. Few events wait at once (tens), so a plain list with a remembered minimum
 * is faster than a heap: the usual `charge` is one comparison and one addition.
 */
export class VirtualClock {
  /** Microseconds since power-on of the world; a double, exact to well below a nanosecond over a day. */
  nowUs = 0;
  private readonly waiting: Entry[] = [];
  private readonly spare: Entry[] = [];
  private lastId = 0;
  private nextUs = Infinity;
  private next = -1;

  /** When the earliest waiting event is due, Infinity when none waits. */
  get nextAtUs(): number {
    return this.nextUs;
  }

  /** Runs `fn` when the clock reaches `atUs`; a moment in the past means as soon as time next moves. Answers an id for `cancel`. */
  schedule(atUs: number, fn: () => void): number {
    const entry = this.spare.pop() ?? { atUs: 0, id: 0, fn: nothing };
    this.lastId += 1;
    entry.atUs = atUs < this.nowUs ? this.nowUs : atUs;
    entry.id = this.lastId;
    entry.fn = fn;
    this.waiting.push(entry);
    if (entry.atUs < this.nextUs) {
      this.nextUs = entry.atUs;
      this.next = this.waiting.length - 1;
    }
    return entry.id;
  }

  /** Takes an event off the clock. An id that has run or was cancelled is ignored. */
  cancel(id: number): void {
    for (let index = 0; index < this.waiting.length; index += 1) {
      if (this.waiting[index]?.id === id) {
        this.remove(index);
        return;
      }
    }
  }

  /** Runs what is due until then, each event at its own moment, and stands at `atUs`. Never goes back. */
  advanceTo(atUs: number): void {
    while (this.nextUs <= atUs) {
      const entry = this.waiting[this.next] as Entry;
      const fn = entry.fn;
      if (entry.atUs > this.nowUs) this.nowUs = entry.atUs;
      this.remove(this.next);
      fn();
    }
    if (atUs > this.nowUs) this.nowUs = atUs;
  }

  /** Lets `us` microseconds pass. */
  charge(us: number): void {
    const atUs = this.nowUs + us;
    if (atUs < this.nextUs) this.nowUs = atUs;
    else this.advanceTo(atUs);
  }

  private remove(index: number): void {
    const entry = this.waiting[index] as Entry;
    const last = this.waiting.pop() as Entry;
    if (last !== entry) this.waiting[index] = last;
    entry.fn = nothing;
    this.spare.push(entry);
    this.findNext();
  }

  private findNext(): void {
    let nextUs = Infinity;
    let nextId = 0;
    let next = -1;
    for (let index = 0; index < this.waiting.length; index += 1) {
      const entry = this.waiting[index] as Entry;
      if (entry.atUs < nextUs || (entry.atUs === nextUs && entry.id < nextId)) {
        nextUs = entry.atUs;
        nextId = entry.id;
        next = index;
      }
    }
    this.nextUs = nextUs;
    this.next = next;
  }
}
