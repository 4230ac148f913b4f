// One session of a counting image on the virtual gun: what each tick did and what it would cost. Not responsible for counting
// (regions.ts), cost tables (operations.ts) or printing (bench.ts). Desk only.
import type { Board } from '../../hal/io.ts';
import type { RuntimeName } from '../build/image.ts';
import { Guide } from '../guide.ts';
import { firmwareOf } from '../image-firmware.ts';
import { Link } from '../link.ts';
import type { GunEvent } from '../link-schemas.ts';
import type { Ready } from '../source.ts';
import { READY, STATE_NAMES } from '../../firmware/core/states.ts';
import { VirtualLine } from '../virtual-line.ts';
import { worldFor } from '../world.ts';
import type { CostTable } from './operations.ts';
import { OPERATIONS } from './operations.ts';
import { COUNTERS, countedImage } from './regions.ts';

export interface TickCost {
  /** Session state as the tick began; START for what comes before the first: the script itself and the making of the gun, its buses left out. */
  readonly state: string;
  /** Operations by kind, in the order of OPERATIONS. */
  readonly work: Float64Array;
  /** How often each name of the outermost function, or of the runtime, was asked for. */
  readonly names: ReadonlyMap<string, number>;
  readonly interpreterUs: number;
  /** Interpreter, JSON, and what the board's calls cost (sim/costs.ts). */
  readonly totalUs: number;
}

export interface TickSession {
  readonly image: string;
  readonly runtime: RuntimeName;
  readonly table: CostTable;
  readonly ready: Ready;
}

/** JSON that counts its bytes. */
function countingJson(bytes: { parsed: number; printed: number }): object {
  return {
    parse: (text: string): unknown => {
      bytes.parsed += text.length;
      return JSON.parse(text);
    },
    stringify: (value: unknown): string => {
      const text = JSON.stringify(value);
      bytes.printed += text.length;
      return text;
    },
  };
}

/** Watches the lines that the gun sends for its state. */
class StateWatch {
  state = 'BOOT';

  board(board: Board): Board {
    const say = (text: string): number => {
      const to = /"ev":"state".*"to":(\d+)/.exec(text)?.[1];
      if (to !== undefined) this.state = STATE_NAMES[Number(to)] ?? to;
      return board.serial.say(text);
    };
    const serial = { hear: () => board.serial.hear(), say };
    return new Proxy(board, { get: (target, key) => (key === 'serial' ? serial : (Reflect.get(target, key, target) as unknown)) });
  }
}

/** Runs a session, seed 1, and answers the cost of its start and of each of its ticks. */
export async function tickCosts({ image, runtime, table, ready }: TickSession): Promise<TickCost[]> {
  const counted = countedImage(image, runtime);
  const runs = new Uint32Array(counted.regions);
  const bytes = { parsed: 0, printed: 0 };
  const firmware = firmwareOf(counted.text, { board: 'pico', runtime }, { [COUNTERS]: runs, JSON: countingJson(bytes) });
  const costs: TickCost[] = [];
  const watch = new StateWatch();
  let nowUs = (): number => 0;
  const take = (state: string, elapsedUs: number): void => {
    const work = new Float64Array(OPERATIONS.length);
    const names = new Map<string, number>();
    for (let region = 0; region < runs.length; region++) {
      const times = runs[region] ?? 0;
      if (times === 0) continue;
      for (let k = 0; k < work.length; k++) work[k] = (work[k] ?? 0) + times * (counted.work[region * work.length + k] ?? 0);
      for (const [name, count] of counted.names[region] ?? []) names.set(name, (names.get(name) ?? 0) + times * count);
    }
    const operationsUs = OPERATIONS.reduce((sum, kind, k) => sum + (work[k] ?? 0) * table.us[kind], 0);
    const interpreterUs = operationsUs + bytes.parsed * table.parseByteUs + bytes.printed * table.printByteUs;
    costs.push({ state, work, names, interpreterUs, totalUs: interpreterUs + elapsedUs });
    runs.fill(0);
    bytes.parsed = 0;
    bytes.printed = 0;
  };
  const boot = (board: Board): { tick(): number } => {
    const inner = firmware.boot(watch.board(board));
    take('START', 0);
    return {
      tick: () => {
        const { state } = watch;
        const startedUs = nowUs();
        const forMs = inner.tick();
        take(state, nowUs() - startedUs);
        return forMs;
      },
    };
  };
  const line = new VirtualLine({ world: { seed: 1 }, trace: false, image: { runtime, boot, costs: { tickUs: 0 } } });
  nowUs = () => line.device?.nowUs ?? 0;
  const link = new Link(line.connect());
  try {
    const hello = await link.connect(worldFor(ready, 1, []));
    const asked: Promise<unknown>[] = [];
    // To arm before priming is refused: what a refusal takes counts as well.
    const onEvent = (event: GunEvent): void => {
      if (event.ev === 'state' && event['to'] === READY && asked.length === 0) asked.push(link.request('arm'));
    };
    await new Guide(link, { words: ready.plan.program, lastSeq: hello.journal, timeoutMs: 7_200_000, onEvent }).run();
    await Promise.all(asked);
  } finally {
    await link.close();
  }
  return costs;
}
