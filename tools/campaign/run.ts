// Runs the sessions of a campaign on worker threads and appends their results to a file, in the order of the seeds whatever
// the number of threads. What the file holds already is not run again. Not responsible for options (commands/campaign.ts).
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import type { Campaign, SessionOrder } from './plan.ts';
import { orderOf } from './plan.ts';
import type { Result } from './result.ts';
import { resultSchema } from './result.ts';
import type { WorkerAnswer } from './worker.ts';

/** The results of a file; a last line that was cut off is not one. Throws MesogunError (usage) for what is not a result. */
export function readResults(path: string): Result[] {
  const text = readFileSync(path, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const parsed = resultSchema.safeParse(parseJson(line));
    if (parsed.success) return [parsed.data];
    const why = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    const next = 'results come from mesogun campaign <protocol> --out';
    throw new MesogunError({ exit: EXIT_USAGE, what: `${path} line ${index + 1} is no campaign result`, why, next });
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** The seeds that a file already holds; what was cut off is taken off its end. A file of another campaign is refused. */
export function seedsIn(path: string, campaign: Campaign): Set<number> {
  const seeds = new Set<number>();
  if (!existsSync(path)) return seeds;
  for (const { protocol, seed, set, fault, plant } of readResults(path)) {
    const order = orderOf(campaign, seed);
    if (JSON.stringify([protocol, set, fault, plant]) !== JSON.stringify([order.protocol, order.set, order.fault, order.plant])) {
      const why = `its seed ${seed} ran ${[protocol, ...set, ...fault, ...plant].join(' ')}`;
      throw new MesogunError({ exit: EXIT_USAGE, what: `${path} holds another campaign`, why, next: 'name another file with --out' });
    }
    seeds.add(seed);
  }
  const text = readFileSync(path, 'utf8');
  if (!text.endsWith('\n') && text !== '') writeFileSync(path, text.slice(0, text.lastIndexOf('\n') + 1));
  return seeds;
}

export interface CampaignRun {
  readonly orders: readonly SessionOrder[];
  readonly jobs: number;
  readonly out: string;
  /** After each session, in any order. */
  readonly onDone: (result: Result) => void;
}

/** A running campaign: `ended` resolves when all is written, or after `stop()` when what ran is. */
export interface Running {
  readonly ended: Promise<void>;
  stop(): void;
}

/** Starts the threads. */
export function startCampaign(run: CampaignRun): Running {
  mkdirSync(dirname(run.out), { recursive: true });
  const { orders } = run;
  const waiting = new Map<number, Result>();
  let [next, written, stopped] = [0, 0, false];

  const write = (result: Result): void => {
    waiting.set(result.seed, result);
    let lines = '';
    for (let order = orders[written]; order !== undefined; order = orders[written]) {
      const ready = waiting.get(order.seed);
      if (ready === undefined) break;
      lines += `${JSON.stringify(ready)}\n`;
      waiting.delete(order.seed);
      written += 1;
    }
    if (lines !== '') appendFileSync(run.out, lines);
  };

  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('worker.js', import.meta.url));
      const end = (error?: Error): void => {
        void worker.terminate().then(() => {
          if (error === undefined) resolve();
          else reject(error);
        });
      };
      const give = (): void => {
        const order = stopped ? undefined : orders[next];
        next += 1;
        if (order === undefined) end();
        else worker.postMessage(order);
      };
      worker.on('error', (error) => {
        stopped = true;
        end(error instanceof Error ? error : new Error(String(error)));
      });
      worker.on('message', (answer: WorkerAnswer) => {
        if ('crash' in answer) {
          stopped = true;
          end(new Error(`the session of seed ${answer.seed} broke down: ${answer.crash}`));
          return;
        }
        write(answer.result);
        run.onDone(answer.result);
        give();
      });
      give();
    });

  const threads = Math.min(run.jobs, orders.length);
  const ended = Promise.all(Array.from({ length: threads }, serve)).then(() => undefined);
  return {
    ended,
    stop: () => {
      stopped = true;
    },
  };
}
