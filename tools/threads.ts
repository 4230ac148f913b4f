// Orders shared out over worker threads, one at a time each; results as they come and in the order of the orders. Not responsible for
// what an order is (campaign/, dose-table/). Runs at the desk.
import { Worker } from 'node:worker_threads';

/** What a worker posts for an order: the result, or what the gun's own code threw. */
export type ThreadAnswer<Result> = { readonly result: Result } | { readonly crash: string };

export interface ThreadWork<Order, Result> {
  /** A script that takes orders as messages and posts a ThreadAnswer for each. */
  readonly worker: URL;
  readonly orders: readonly Order[];
  readonly jobs: number;
  /** For the error when an order broke down. */
  readonly nameOf: (order: Order) => string;
  /** After each order, in any order. */
  readonly onDone: (result: Result) => void;
  /** The same in the order of the orders. */
  readonly onNext: (result: Result) => void;
}

/** `ended` resolves when all orders are done, or after `stop()` when what runs is. */
export interface Running {
  readonly ended: Promise<void>;
  stop(): void;
}

export function startThreads<Order, Result>({ worker, orders, jobs, nameOf, onDone, onNext }: ThreadWork<Order, Result>): Running {
  const waiting = new Map<number, Result>();
  let [next, told, stopped] = [0, 0, false];

  const tell = (index: number, result: Result): void => {
    waiting.set(index, result);
    for (let ready = waiting.get(told); ready !== undefined; ready = waiting.get(told)) {
      waiting.delete(told);
      told += 1;
      onNext(ready);
    }
  };

  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const thread = new Worker(worker);
      let index = 0;
      const end = (error?: Error): void => {
        void thread.terminate().then(() => {
          if (error === undefined) resolve();
          else reject(error);
        });
      };
      const give = (): void => {
        index = next;
        next += 1;
        const order = stopped ? undefined : orders[index];
        if (order === undefined) end();
        else thread.postMessage(order);
      };
      thread.on('error', (error) => {
        stopped = true;
        end(error instanceof Error ? error : new Error(String(error)));
      });
      thread.on('message', (answer: ThreadAnswer<Result>) => {
        if ('crash' in answer) {
          stopped = true;
          end(new Error(`${nameOf(orders[index] as Order)} broke down: ${answer.crash}`));
          return;
        }
        tell(index, answer.result);
        onDone(answer.result);
        give();
      });
      give();
    });

  const ended = Promise.all(Array.from({ length: Math.min(jobs, orders.length) }, serve)).then(() => undefined);
  return {
    ended,
    stop: () => {
      stopped = true;
    },
  };
}
