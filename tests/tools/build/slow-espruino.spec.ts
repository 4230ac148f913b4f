// The image for Espruino where its ticks are as long as they are estimated on a Pico: what it still does, and that it does not arm.
import { beforeAll, describe, expect, it } from 'vitest';
import * as S from '../../../firmware/core/states.ts';
import { ESPRUINO, ESPRUINO_RP2040 } from '../../../sim/costs.ts';
import { armingText } from '../../../tools/arming.ts';
import { Guide } from '../../../tools/guide.ts';
import { MesogunError } from '../../../tools/errors.ts';
import { firmwareOf } from '../../../tools/image-firmware.ts';
import { Link } from '../../../tools/link.ts';
import { readyToRun } from '../../../tools/source.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { worldFor } from '../../../tools/world.ts';
import { builtImage } from './built-image.ts';

let text = '';
beforeAll(async () => {
  text = (await builtImage('pico', 'espruino')).text;
}, 120_000);

interface Tried {
  readonly states: readonly number[];
  readonly faults: readonly number[];
  readonly refusal: MesogunError | null;
  /** How the session ended and with which fault, where one began. */
  readonly ending: string | null;
}

/** A session of 10 pricks, seed 7, where a tick takes the interpreter so long; some 3 ms of buses come to it. */
async function tried(tickMs: number): Promise<Tried> {
  const image = { ...firmwareOf(text, { board: 'pico', runtime: 'espruino' }), costs: { tickUs: tickMs * 1000 } };
  const ready = readyToRun('mesolift-face', ['pricks=10']);
  const link = new Link(new VirtualLine({ world: { seed: 7 }, trace: false, image }).connect());
  const states: number[] = [];
  const faults: number[] = [];
  link.onEvent((event) => {
    if (event.ev === 'state') states.push(event.to);
    else if (event.ev === 'fault') faults.push(event.code);
  });
  try {
    await link.connect(worldFor(ready, 7, []));
    const lastSeq = link.hello?.journal ?? -1;
    const guide = new Guide(link, { words: ready.plan.program, lastSeq, timeoutMs: 600_000, onEvent: () => {} });
    const { ending, faultCode } = await guide.run();
    return { states, faults, refusal: null, ending: `${ending} ${faultCode}` };
  } catch (error) {
    if (!(error instanceof MesogunError)) throw error;
    return { states, faults, refusal: error, ending: null };
  } finally {
    await link.close();
  }
}

/** From the refusal, ms. */
const longestTickMs = ({ refusal }: Tried): number =>
  Number(/its longest tick took (\d+) ms, allowed are 25/.exec(refusal?.why ?? '')?.[1]);

describe('Espruino with ticks longer than 25 ms', () => {
  it.each([30, 60, 100])(
    'passes its self-test, homes, probes, primes, and refuses to arm, with its longest tick and the bound; a tick takes %i ms, seed 7',
    async (tickMs) => {
      const told = await tried(tickMs);
      expect(told.states).toEqual([S.SELF_TEST, S.IDLE, S.HOMING, S.PROBING, S.READY, S.PRIMING, S.READY]);
      expect(told.refusal?.message).toBe("the gun refuses 'arm': the controller is too slow for safe use");
      expect(told.refusal?.exit).toBe(5);
      expect(longestTickMs(told)).toBeGreaterThanOrEqual(tickMs);
      expect(longestTickMs(told)).toBeLessThan(tickMs + 10);
    },
  );

  it('arms and completes with the ticks of sim/costs.ts, 10 ms: the refusal is of the ticks, not of the runtime', async () => {
    expect(ESPRUINO.tickUs).toBe(10_000);
    const told = await tried(10);
    expect([told.refusal, told.ending]).toEqual([null, 'complete 0']);
    expect(told.states).toContain(S.ARMED);
  });

  it('stops where the needle is probed, fault 22, with the ticks of an RP2040, 129 ms: in one of them the needle goes 0.26 mm', async () => {
    const told = await tried(ESPRUINO_RP2040.tickUs / 1000);
    expect([told.states, told.faults]).toEqual([[S.SELF_TEST, S.IDLE, S.HOMING, S.PROBING, S.FAULT], [22]]);
    expect([told.refusal, told.ending]).toEqual([null, 'fault 22']);
  });

  it.each([180, 219])('stops in its self-test, and the desk says fault 21, where a tick takes %i ms: no session begins', async (tickMs) => {
    const { states, faults, refusal } = await tried(tickMs);
    expect([states, faults]).toEqual([[S.SELF_TEST, S.FAULT], [21]]);
    expect(refusal?.message).toMatch(/^the gun stopped with fault 21: /);
    expect(refusal?.exit).toBe(5);
  });
});

describe('armingText', () => {
  it('warns of Espruino with both figures, and says nothing of Kaluma', () => {
    expect(armingText('espruino')).toContain('arms with 25 at most');
    expect([armingText('kaluma'), armingText(null)]).toEqual([null, null]);
  });
});
