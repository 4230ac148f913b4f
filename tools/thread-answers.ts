// A worker thread's side of threads.ts: for each order that comes, one answer. Not responsible for what is done with it.
import { parentPort } from 'node:worker_threads';
import type { ThreadAnswer } from './threads.ts';

async function answerTo(work: () => Promise<unknown>): Promise<ThreadAnswer<unknown>> {
  try {
    return { result: await work() };
  } catch (error) {
    return { crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Works off whatever the other side posts, one order at a time. `work` knows what an order is. */
export function answerOrders(work: (order: never) => Promise<unknown>): void {
  const port = parentPort;
  port?.on('message', (order: unknown) => {
    void answerTo(() => work(order as never)).then((answer) => {
      port.postMessage(answer);
    });
  });
}
