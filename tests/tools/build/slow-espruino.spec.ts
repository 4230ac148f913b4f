// The image for Espruino where its ticks are as long as they are estimated on a Pico: what it still does, and that it does not arm.
import { beforeAll, describe, expect, it } from 'vitest';
import * as S from '../../../firmware/core/states.ts';
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
}

/** A session of 10 pricks, seed 7, where each of the six pins that a tick reads or writes takes so long. */
async function tried(pinMs: number): Promise<Tried> {
  const image = { ...firmwareOf(text, { board: 'pico', runtime: 'espruino' }), costs: { gpioUs: pinMs * 1000, tickUs: 4000 } };
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
    await new Guide(link, { words: ready.plan.program, lastSeq, timeoutMs: 600_000, onEvent: () => {} }).run();
    return { states, faults, refusal: null };
  } catch (error) {
    if (!(error instanceof MesogunError)) throw error;
    return { states, faults, refusal: error };
  } finally {
    await link.close();
  }
}

/** From the refusal, ms. */
const longestTickMs = ({ refusal }: Tried): number =>
  Number(/its longest tick took (\d+) ms, allowed are 25/.exec(refusal?.why ?? '')?.[1]);

describe('Espruino with ticks longer than 25 ms', () => {
  it.each([5, 10, 15])(
    'passes its self-test, homes, probes, primes, and refuses to arm, with its longest tick and the bound; a pin takes %i ms, seed 7',
    async (pinMs) => {
      const told = await tried(pinMs);
      expect(told.states).toEqual([S.SELF_TEST, S.IDLE, S.HOMING, S.PROBING, S.READY, S.PRIMING, S.READY]);
      expect(told.refusal?.message).toBe("the gun refuses 'arm': the controller is too slow for safe use");
      expect(told.refusal?.exit).toBe(5);
      expect(longestTickMs(told)).toBeGreaterThanOrEqual(6 * pinMs);
      expect(longestTickMs(told)).toBeLessThan(6 * pinMs + 50);
    },
  );

  it('arms and completes where a pin takes 1 ms: the refusal is of the ticks, not of the runtime', async () => {
    const told = await tried(1);
    expect(told.refusal).toBeNull();
    expect(told.states).toContain(S.ARMED);
    expect(told.states).toContain(S.COMPLETE);
  });

  it('stops in its self-test with fault 21 where a pin takes 30 ms: no session begins', async () => {
    const { states, faults, refusal } = await tried(30);
    expect([states, faults]).toEqual([[S.SELF_TEST, S.FAULT], [21]]);
    // Its answers may come too late for the desk; its events do not.
    expect(refusal).not.toBeNull();
  });
});

describe('armingText', () => {
  it('warns of Espruino with both figures, and says nothing of Kaluma', () => {
    expect(armingText('espruino')).toContain('arms with 25 at most');
    expect([armingText('kaluma'), armingText(null)]).toEqual([null, null]);
  });
});
