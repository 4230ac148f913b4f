// The host cable of the virtual gun and the pump that lets virtual time pass behind it. The same pump serves the in-process
// `sim:` port and sim-device's TCP port, so that a session is the same over both: text crosses only at sync instants.
// Not responsible for what the lines mean, only for their numbers and acks. Simulator only.
import { Plug } from './plug.ts';
import type { WorldRequest } from './setup.ts';

/** From the first unacknowledged device line to the sync instant. Chosen: one tick of the Kaluma board. */
export const SYNC_US = 20_000;
/** A gun without a host runs on until it has rested for this long. Chosen: longer than the 2 s after which a lost host pauses a session. */
const REST_FOR_US = 5_000_000;
/** ... and never longer than this. Chosen: the longest time limit of a state that moves. */
const LONGEST_ALONE_US = 600_000_000;
/** Ticks between two looks at the host's socket. Chosen: below a millisecond of wall time. */
const TICKS_A_SLICE = 64;

/** Instruments that stand beside a gun in the same time: their hosts are heard in turns of their own. */
export interface CableBench {
  /** Hands over what instruments have said; true when there was anything. */
  flush(): boolean;
  /** A host waits for time to pass. */
  readonly waiting: boolean;
  /** To be told when a host of an instrument has spoken. */
  onSpoke: (() => void) | null;
}

/** What the cable needs of a gun. */
export interface CableGun {
  readonly nowUs: number;
  /** Nothing moves and the needle is home. */
  readonly atRest: boolean;
  /** Until then a fault keeps the host silent: what it says is lost. */
  readonly hostSilentUntilUs: number;
  /** Runs to the end of the next tick. */
  step(): void;
  /** Hands text to the gun's serial input now. */
  hear(text: string): void;
  /** Takes what the gun has sent since the last call, '' for nothing. */
  takeSaid(): string;
  /** Absent where no instrument can be. */
  readonly bench?: CableBench;
}

/** One end of a line to a host: what the desk calls a transport. */
export interface CableEnd {
  write(text: string): void;
  onText(fn: (text: string) => void): void;
  onClose(fn: () => void): void;
  /** Hangs up; resolves when the gun left alone has come to rest. */
  close(): Promise<void>;
}

export interface CableOptions {
  /** Builds and powers on the gun, at the host's first line. */
  readonly makeGun: (world: WorldRequest) => CableGun;
  /** The world, where the host asks for nothing else. */
  readonly world: WorldRequest;
  /** Holds the pump so that virtual time does not run ahead of the wall; absent: full speed. */
  readonly pace?: (nowUs: number) => Promise<void>;
  /** The turn that hosts of instruments get after an instrument has spoken; absent: a turn of the event loop, for hosts in process. */
  readonly benchTurn?: () => Promise<void>;
  /** A crash of the gun's own code; the host sees its line close. */
  readonly onError?: (error: unknown) => void;
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a host in process does at once, and what follows from it in promises and in one more turn, is done. */
async function hostsTurn(): Promise<void> {
  await macrotask();
  await macrotask();
}

export class SimCable {
  private readonly options: CableOptions;
  private gun: CableGun | null = null;
  private end: Plug | null = null;
  private running: Promise<void> | null = null;
  private wake: (() => void) | null = null;
  /** Device text that waits for the sync instant, and when that is. */
  private said = '';
  private syncAtUs = Infinity;
  /** Number of the newest device line that the host has been shown; 0 = nothing to wait for. */
  private awaitedSeq = 0;
  private restingSinceUs = -1;
  private aloneSinceUs = 0;
  /** While somebody holds time: resolves when it is let go. */
  private held: Promise<void> | null = null;

  constructor(options: CableOptions) {
    this.options = options;
  }

  /** The gun behind the cable, null before the first contact. */
  get device(): CableGun | null {
    return this.gun;
  }

  /** Time stands still until the answer is called: a person at the desk thinks. */
  hold(): () => void {
    let release = (): void => undefined;
    const before = this.held;
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held = Promise.all([before, mine]).then(() => {
      if (this.held === held) this.held = null;
    });
    this.held = held;
    return () => {
      release();
    };
  }

  /** Plugs a host in, one at a time: throws while another is plugged in. */
  connect(): CableEnd {
    if (this.end) throw new Error('the virtual gun has one host line, and it is in use');
    const plug = new Plug(
      () => {
        this.hostSpoke();
      },
      () => {
        this.unplug();
      },
    );
    this.end = plug;
    this.said = '';
    this.syncAtUs = Infinity;
    this.awaitedSeq = 0;
    queueMicrotask(() => {
      plug.show(`% mesogun-sim ${JSON.stringify({ seed: this.options.world.seed ?? 1 })}\n`);
    });
    return {
      write: (text) => {
        plug.hear(text);
      },
      onText: (fn) => {
        plug.textFn = fn;
      },
      onClose: (fn) => {
        plug.closeFn = fn;
      },
      close: async () => {
        plug.hangUp();
        await this.running;
      },
    };
  }

  private unplug(): void {
    this.end = null;
    this.awaitedSeq = 0;
    this.restingSinceUs = -1;
    this.aloneSinceUs = this.gun?.nowUs ?? 0;
    this.wake?.();
  }

  private hostSpoke(): void {
    const plug = this.end;
    if (!plug) return;
    if (!this.gun && plug.firstLine !== null) {
      try {
        const asked = plug.firstLine.startsWith('% world ') ? (JSON.parse(plug.firstLine.slice(8)) as WorldRequest) : {};
        const gun = this.options.makeGun({ ...this.options.world, ...asked });
        this.gun = gun;
        if (gun.bench) gun.bench.onSpoke = () => void (this.running ??= this.run(gun));
      } catch (error) {
        this.options.onError?.(error);
        plug.show(`% error ${error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error)}\n`);
        plug.hangUp();
        return;
      }
    }
    if (this.gun && plug.firstLine !== null) this.running ??= this.run(this.gun);
    if (plug.takeStop() && this.gun && this.gun.nowUs >= this.gun.hostSilentUntilUs) this.gun.hear('!');
    if (plug.ackedSeq === this.awaitedSeq) this.wake?.();
  }

  private async run(gun: CableGun): Promise<void> {
    try {
      // Not within the host's own call: what it is shown may make it speak again.
      await macrotask();
      await this.pump(gun);
    } catch (error) {
      this.options.onError?.(error);
      this.end?.hangUp();
      if (!this.options.onError) throw error;
    } finally {
      this.running = null;
    }
  }

  /** Runs until the gun, left alone, rests. */
  private async pump(gun: CableGun): Promise<void> {
    for (;;) {
      if (this.held) await this.held;
      let benchSpoke = gun.bench?.flush() ?? false;
      for (let ticks = 0; ticks < TICKS_A_SLICE && gun.nowUs < this.syncAtUs && !benchSpoke; ticks += 1) {
        gun.step();
        this.collect(gun);
        benchSpoke = gun.bench?.flush() ?? false;
      }
      if (this.options.pace) await this.options.pace(gun.nowUs);
      if (benchSpoke) await (this.options.benchTurn ?? hostsTurn)();
      else if (gun.nowUs >= this.syncAtUs) await this.synchronise(gun);
      else await macrotask();
      if (!this.end && gun.bench?.waiting !== true && this.mayRest(gun)) return;
    }
  }

  private collect(gun: CableGun): void {
    const text = gun.takeSaid();
    if (text === '') return;
    if (this.end) this.said += text;
    if (this.syncAtUs === Infinity && this.said !== '') this.syncAtUs = gun.nowUs + SYNC_US;
  }

  /** Shows the host what was said, waits for the ack of its newest line, hands over what the host said up to that ack. */
  private async synchronise(gun: CableGun): Promise<void> {
    const said = this.said;
    const seq = newestSeq(said);
    this.said = '';
    this.syncAtUs = Infinity;
    const plug = this.end;
    if (!plug) return;
    this.awaitedSeq = seq;
    plug.show(said);
    while (this.end === plug && seq > 0 && plug.ackedSeq !== seq) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
    this.awaitedSeq = 0;
    const text = plug.takeAcked();
    plug.ackedSeq = -1;
    if (text !== '' && gun.nowUs >= gun.hostSilentUntilUs) gun.hear(text);
  }

  private mayRest(gun: CableGun): boolean {
    if (!gun.atRest) this.restingSinceUs = -1;
    else if (this.restingSinceUs < 0) this.restingSinceUs = gun.nowUs;
    if (this.restingSinceUs >= 0 && gun.nowUs - this.restingSinceUs >= REST_FOR_US) return true;
    return gun.nowUs - this.aloneSinceUs >= LONGEST_ALONE_US;
  }
}

/** Number of the last complete line, 0 when there is none. */
function newestSeq(text: string): number {
  const end = text.lastIndexOf('\n');
  if (end < 0) return 0;
  const start = text.lastIndexOf('\n', end - 1) + 1;
  const seq = Number.parseInt(text.slice(start, end), 10);
  return Number.isNaN(seq) ? 0 : seq;
}
