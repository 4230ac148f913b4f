// A worker thread of a campaign: takes orders, answers results, one at a time. Not responsible for which (run.ts).
import { parentPort } from 'node:worker_threads';
import type { SessionOrder } from './plan.ts';
import type { Result } from './result.ts';
import { runOrder } from './session.ts';

/** What a worker answers: the result, or what the gun's own code threw. */
export type WorkerAnswer = { readonly result: Result } | { readonly seed: number; readonly crash: string };

async function answerTo(order: SessionOrder): Promise<WorkerAnswer> {
  try {
    return { result: await runOrder(order) };
  } catch (error) {
    return { seed: order.seed, crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const port = parentPort;
port?.on('message', (order: SessionOrder) => {
  void answerTo(order).then((answer) => {
    port.postMessage(answer);
  });
});
