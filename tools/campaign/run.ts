// Runs the sessions of a campaign on worker threads and appends their results to a file, in the order of the seeds whatever
// the number of threads. What the file holds already is not run again. Not responsible for options (commands/campaign.ts).
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT_USAGE, MesogunError } from '../errors.ts';
import { startThreads } from '../threads.ts';
import type { Running } from '../threads.ts';
import type { Campaign, SessionOrder } from './plan.ts';
import { orderOf } from './plan.ts';
import type { Result } from './result.ts';
import { resultSchema } from './result.ts';

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

/** Starts the threads. */
export function startCampaign({ orders, jobs, out, onDone }: CampaignRun): Running {
  mkdirSync(dirname(out), { recursive: true });
  return startThreads<SessionOrder, Result>({
    ...{ orders, jobs, onDone },
    worker: new URL('worker.js', import.meta.url),
    nameOf: ({ seed }) => `the session of seed ${seed}`,
    onNext: (result) => {
      appendFileSync(out, `${JSON.stringify(result)}\n`);
    },
  });
}
