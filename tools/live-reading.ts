// What the sensors show while a prompt of a calibration waits: weight, force or way, and whether it stands, in the line above the
// question. The gun is asked each time, so that it does not put a thinking technician out of SERVICE. Not responsible for readings
// that count (calibration/). Runs at the desk.
import { stripVTControlCharacters } from 'node:util';
import type { Workplace } from './calibrate-run.ts';
import type { CalibrationKind } from './calibration/conclusion.ts';
import type { Desk } from './desk.ts';
import type { Ask } from './instruments/typed-number.ts';

/** Between two looks. Chosen: an eye follows, a balance and a link are not kept busy. */
const PAUSE_MS = 400;
/** Two looks that differ by less stand: forces in mN (four standard deviations of the plunger cell), ways in µm. Chosen. */
const REST_MN = 200;
const REST_UM = 15;

const stands = (text: string, steady: boolean): string => `${text}  ${steady ? '● stands' : '○ moves'}`;

/** Answers what to show, or null where this kind shows nothing. Rejects while the gun is not in SERVICE. */
export type Look = () => Promise<string | null>;

export function lookAt(kind: CalibrationKind, { gun, balance }: Pick<Workplace, 'gun' | 'balance'>): Look {
  let before = { ringMn: Infinity, pusherMn: Infinity, wheelUm: Infinity };
  return async () => {
    if (kind === 'dose' && balance !== null && balance.identity.maker !== 'typed by hand') {
      const { mg, stable } = await balance.now();
      await gun.read().catch(() => undefined);
      return stands(`${mg.toFixed(2)} mg`, stable);
    }
    const now = await gun.read();
    const steadyForce = Math.abs(now.ringMn - before.ringMn) < REST_MN && Math.abs(now.pusherMn - before.pusherMn) < REST_MN;
    const steadyWheel = Math.abs(now.wheelUm - before.wheelUm) < REST_UM;
    before = now;
    if (kind === 'travel') return stands(`wheel ${(now.wheelUm / 1000).toFixed(2)} mm`, steadyWheel);
    const newtons = (mn: number): string => `${(mn / 1000).toFixed(2)} N`;
    if (kind === 'force' || kind === 'compliance')
      return stands(`ring ${newtons(now.ringMn)}  plunger ${newtons(now.pusherMn)}`, steadyForce);
    return null;
  };
}

/** Terminal: save the cursor, clear to the end of the line, go up; and back. Source: ECMA-48, DEC VT100. */
const SAVE = '\u001b7';
const BACK = '\u001b8';
const CLEAR = '\u001b[K';
const up = (lines: number): string => `\u001b[${lines}A\r`;
const shownLength = (text: string): number => stripVTControlCharacters(text).length;

/**
 * The same question, with a live line above it on a terminal. `hold` stops the time of a simulated gun between two looks, while the
 * person thinks.
 */
export function liveAsk(ask: Ask, desk: Desk, look: Look, hold: () => () => void, pauseMs = PAUSE_MS): Ask {
  return async (question, complaint) => {
    if (desk.isTerminal) desk.say('');
    const rows = Math.max(1, Math.ceil((shownLength(question) + 1) / desk.columns));
    const show = (text: string): void => {
      if (desk.isTerminal) desk.draw(`${SAVE}${up(rows)}${text}${CLEAR}${BACK}`);
    };
    const asked: { over: boolean } = { over: false };
    const answer = ask(question, complaint).finally(() => {
      asked.over = true;
    });
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    for (;;) {
      const shown = await look().catch(() => null);
      const go = hold();
      if (!asked.over && shown !== null) show(desk.colors.dim(shown));
      await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, pauseMs))]);
      go();
      if (asked.over) return answer;
    }
  };
}
