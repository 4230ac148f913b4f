// A script on the model of a runtime, over the virtual gun: what a program meets there. For tests of the models.
import { createContext, runInContext } from 'node:vm';
import { PICO_KALUMA_STORE_SECTOR } from '../../../hal/boards/pico.ts';
import { VirtualGun } from '../../../sim/board.ts';
import { espruinoModel } from '../../../sim/runtimes/espruino.ts';
import { kalumaModel } from '../../../sim/runtimes/kaluma.ts';
import type { RuntimeModel } from '../../../sim/runtimes/model.ts';

export class Scripted {
  readonly gun: VirtualGun;
  /** Of the present start. */
  model!: RuntimeModel;
  private context: object = {};

  /** The script runs at each start of the processor. The watchdog is not fitted unless asked for. */
  constructor(runtime: 'kaluma' | 'espruino', script: string, options: { watchdogMs?: number } = {}) {
    this.gun = new VirtualGun({
      ...{ world: { seed: 1 }, runtime, watchdogMs: options.watchdogMs ?? 0 },
      boot: (board) => {
        this.model = runtime === 'kaluma' ? kalumaModel(board, PICO_KALUMA_STORE_SECTOR) : espruinoModel(board);
        this.context = createContext({ ...this.model.globals });
        for (const name of this.model.missing) runInContext(`delete ${name}`, this.context);
        this.run(script);
        return { tick: () => this.model.pass() };
      },
    });
    this.gun.powerOn();
  }

  /** Runs a line there; answers its value as JSON would carry it, or what it threw. */
  run(script: string): unknown {
    try {
      return runInContext(script, this.context) as unknown;
    } catch (error) {
      return `threw ${String(error)}`;
    }
  }

  /** A value of the script, as plain data. */
  data(expression: string): unknown {
    const text = this.run(`JSON.stringify(${expression})`);
    return typeof text === 'string' && !text.startsWith('threw') ? (JSON.parse(text) as unknown) : text;
  }

  pass(forMs: number): void {
    const untilUs = this.gun.nowUs + forMs * 1000;
    while (this.gun.nowUs < untilUs) this.gun.step();
  }
}
