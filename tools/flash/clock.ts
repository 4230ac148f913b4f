// Time as the flasher sees it: waits that a test can run through without waiting. Runs at the desk.

export interface Clock {
  nowMs(): number;
  /** Calls back once after `forMs`; the answer cancels. */
  after(forMs: number, fn: () => void): () => void;
}

export const wallClock: Clock = {
  nowMs: () => performance.now(),
  after: (forMs, fn) => {
    const timer = setTimeout(fn, forMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
