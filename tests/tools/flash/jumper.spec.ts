// The jumper on GP22: held low at power-on the Espruino image leaves at once, and with it the console stays open (R58).
import { createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { VirtualGun } from '../../../sim/board.ts';
import { espruinoModel } from '../../../sim/runtimes/espruino.ts';
import { builtImage } from '../build/built-image.ts';

let text = '';
beforeAll(async () => {
  text = (await builtImage('pico', 'espruino')).text;
}, 300_000);

describe('the image', () => {
  it('R59: carries no hook of tests or of the simulator', () => {
    expect(/vitest|__test|mesogun-sim|% world|VirtualBoard|debugger/.exec(text)).toBeNull();
    expect(text.length).toBeGreaterThan(10_000);
  });
});

describe('the jumper on GP22', () => {
  it.each([true, false])('R58: held low = %s: the console is closed, and the gun speaks, only without it', (jumper) => {
    let closedCount = 0;
    const gun = new VirtualGun({
      ...{ world: { seed: 1 }, trace: false, runtime: 'espruino' as const },
      boot: (board) => {
        const model = espruinoModel(board, jumper);
        const E = model.globals['E'] as Record<string, unknown>;
        const closing = { ...E, setConsole: () => (closedCount += 1) };
        const context = createContext({ ...model.globals, E: closing });
        for (const name of model.missing) runInContext(`delete ${name}`, context);
        runInContext(text, context);
        return { tick: () => model.pass() };
      },
    });
    gun.powerOn();
    for (let n = 0; n < 20; n += 1) gun.step();
    expect(closedCount).toBe(jumper ? 0 : 1);
    expect(gun.takeSaid() === '').toBe(jumper);
  });
});
