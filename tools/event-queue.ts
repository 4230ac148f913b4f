// Events in the order they came, one consumer that waits for the next.
export class EventQueue<T> {
  private readonly waiting: T[] = [];
  private taker: { resolve: (value: T) => void; reject: (reason: Error) => void } | null = null;
  private failure: Error | null = null;

  put(value: T): void {
    if (this.failure !== null) return;
    const taker = this.taker;
    if (taker === null) this.waiting.push(value);
    else {
      this.taker = null;
      taker.resolve(value);
    }
  }

  /** What came before is still handed out; then every `next` fails with this. */
  fail(reason: Error): void {
    this.failure ??= reason;
    this.taker?.reject(this.failure);
    this.taker = null;
  }

  /** The oldest event not yet taken, as soon as there is one. One caller at a time. */
  next(): Promise<T> {
    const value = this.waiting.shift();
    if (value !== undefined) return Promise.resolve(value);
    if (this.failure !== null) return Promise.reject(this.failure);
    return new Promise<T>((resolve, reject) => {
      this.taker = { resolve, reject };
    });
  }
}
