// The board contract on the virtual board, and on the ports to Kaluma and Espruino: each port's own source, bundled as an image's is, in a
// context that has the globals of the model of that runtime.
import { createContext, runInContext } from 'node:vm';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { PICO_KALUMA_STORE_SECTOR } from '../../hal/boards/pico.ts';
import type { Board } from '../../hal/io.ts';
import type { Firmware } from '../../sim/board.ts';
import { VirtualGun } from '../../sim/board.ts';
import { espruinoModel } from '../../sim/runtimes/espruino.ts';
import { kalumaModel } from '../../sim/runtimes/kaluma.ts';
import type { BoardBench, MakeBench } from './board.contract.ts';
import { promisesOfBoard } from './board.contract.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TICK_MS = 10;

interface Port {
  readonly openBoard: (name: string, firstSector?: number) => Board;
  readonly runForever: (gun: Firmware) => void;
}
type Runtime = 'kaluma' | 'espruino';

/** A port as one script that leaves itself in the global `port`. */
function portScript(runtime: Runtime): string {
  const contents = `import { openBoard, runForever } from './hal/ports/${runtime}.ts'; port = { openBoard, runForever };`;
  const built = buildSync({
    ...{ stdin: { contents, resolveDir: ROOT, loader: 'ts' }, bundle: true, write: false },
    ...{ format: 'iife', target: 'es2015', tsconfigRaw: '{}' },
  });
  return built.outputFiles[0]?.text ?? '';
}
const scripts = { kaluma: portScript('kaluma'), espruino: portScript('espruino') };

/** The port over the runtime's model; its own loop calls `tick`. */
function ported(runtime: Runtime, pins: Board, tick: () => number, instead: object = {}): { board: Board; firmware: Firmware } {
  const model = runtime === 'kaluma' ? kalumaModel(pins, PICO_KALUMA_STORE_SECTOR) : espruinoModel(pins);
  const context = createContext({ ...model.globals, ...instead, port: null });
  for (const name of model.missing) runInContext(`delete ${name}`, context);
  runInContext(scripts[runtime], context);
  const port = context['port'] as Port;
  const board = port.openBoard(runtime, PICO_KALUMA_STORE_SECTOR);
  port.runForever({ tick, tookMs: 0 });
  return { board, firmware: { tick: () => model.pass() } };
}

/** `runtime` null: the virtual board itself. `onTick` runs in each tick of the loop, after the watchdog is fed. */
function benchOf(runtime: Runtime | null, startMs = 0, onTick: () => void = () => undefined): BoardBench {
  let board: Board | null = null;
  const now = (): Board => {
    if (board === null) throw new Error('no board');
    return board;
  };
  const bench = {
    feeds: true,
    get board(): Board {
      return now();
    },
    gun: new VirtualGun({
      ...{ world: { seed: 1 }, runtime: runtime ?? 'kaluma', startMs, trace: false },
      boot: (pins) => {
        const tick = (): number => {
          if (bench.feeds) now().feedWatchdog();
          onTick();
          return TICK_MS;
        };
        if (runtime === null) {
          board = pins;
          return { tick };
        }
        const made = ported(runtime, pins, tick);
        board = made.board;
        return made.firmware;
      },
    }),
    pass: (forMs: number) => {
      const untilUs = bench.gun.nowUs + forMs * 1000;
      while (bench.gun.nowUs < untilUs) bench.gun.step();
    },
  };
  bench.gun.powerOn();
  return bench;
}

const make =
  (runtime: Runtime | null): MakeBench =>
  ({ startMs }) =>
    benchOf(runtime, startMs);

promisesOfBoard('The virtual board', make(null));
promisesOfBoard('The port to Kaluma', make('kaluma'));
promisesOfBoard('The port to Espruino', make('espruino'));

describe('the port to Espruino', () => {
  it('starts the watchdog of 2 s at its first feed, once: making the gun takes an RP2040 longer by estimate', () => {
    const calls: string[] = [];
    const E = {
      setConsole: () => undefined,
      getAddressOf: () => 0,
      enableWatchdog: (forS: number, isAutomatic: boolean) => void calls.push(`enable ${String(forS)} ${String(isAutomatic)}`),
      kickWatchdog: () => void calls.push('kick'),
    };
    const gun = new VirtualGun({
      ...{ world: { seed: 1 }, runtime: 'espruino' as const, trace: false },
      boot: (pins) => {
        const { board, firmware } = ported('espruino', pins, () => TICK_MS, { E });
        expect(calls).toEqual([]);
        for (let feed = 0; feed < 3; feed += 1) board.feedWatchdog();
        return firmware;
      },
    });
    gun.powerOn();
    expect(calls).toEqual(['enable 2 false', 'kick', 'kick', 'kick']);
  });
});

describe('the loop of a port', () => {
  it.each(['kaluma', 'espruino'] as const)('goes on ticking on %s after 10 ticks that threw: no exception reaches the timer', (runtime) => {
    let ticks = 0;
    const bench = benchOf(runtime, 0, () => {
      ticks += 1;
      if (ticks <= 10) throw new Error('a tick');
    });
    bench.pass(2000);
    expect(ticks).toBeGreaterThan(30);
    expect(bench.gun.resetCount).toBe(0);
  });
});
