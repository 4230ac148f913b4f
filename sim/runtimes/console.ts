// What the models of both consoles are given: a clock, an engine that evaluates, a way to start a gun; and what they are to a host.
// Not responsible for either console. Simulator only.

export interface ConsoleClock {
  /** Calls back once after so many milliseconds; the answer cancels. */
  after(forMs: number, fn: () => void): () => void;
}

export interface Engine {
  /** Value of the last expression, or throws. */
  run(code: string): unknown;
}

export interface ConsoleHost {
  readonly clock: ConsoleClock;
  /** A fresh engine with these globals. */
  readonly makeEngine: (globals: Readonly<Record<string, unknown>>) => Engine;
  /** Starts a program as the runtime would; throws what the program throws. */
  readonly boot: (text: string) => RunningGun;
  /** Text to the host. */
  readonly say: (text: string) => void;
  /** The port vanishes: the chip restarts, or has lost its power. */
  readonly vanish: () => void;
}

/** A program that runs: its link where that is the console's own port, null elsewhere. */
export interface RunningGun {
  readonly hear: ((text: string) => void) | null;
  stop(): void;
}
