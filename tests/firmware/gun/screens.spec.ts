// The screens of a whole session at the panel, from the pixels, printed into firmware/panel/README.md. UPDATE=1 rewrites them.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as S from '../../../firmware/core/states.ts';
import { programOf, PanelRig } from './panel.ts';

const README = new URL('../../../firmware/panel/README.md', import.meta.url);
const ACROSS = 4;

/** Frames side by side, four in a row. */
function print(screens: readonly (readonly string[])[]): string {
  const rows: string[] = [];
  for (let from = 0; from < screens.length; from += ACROSS) {
    const some = screens.slice(from, from + ACROSS);
    for (let line = 0; line < 8; line++) rows.push(some.map((screen) => `|${screen[line] ?? ''}|`).join('  '));
    rows.push('');
  }
  return rows.join('\n').trimEnd();
}

describe('the screens of a session', () => {
  it('stand in firmware/panel/README.md as the pixels show them: mesolift-face, 12 pricks, contact lost in prick 5, fault, seed 7', () => {
    const set = { pricks: 12 };
    const faults = ['contact.lost@prick=5', 'needle.steps-lost@prick=9'];
    const rig = new PanelRig({
      set,
      seed: 7,
      programs: [programOf('alopecia-scalp'), programOf('mesolift-face', set)],
      faults,
      limitS: 300,
    });
    const screens: string[][] = [];
    const take = (): void => void screens.push(rig.settle().lines);
    rig.untilState(S.IDLE);
    take();
    rig.press('down').press('down');
    take();
    rig.press('ok');
    take();
    rig.press('ok').press('ok');
    take();
    rig.press('ok').untilState(S.PROBING);
    take();
    rig.untilState(S.READY);
    take();
    rig.press('ok').untilState(S.PRIMING);
    take();
    rig.untilState(S.READY);
    take();
    rig.press('ok').untilState(S.ARMED);
    take();
    rig.until((gun) => gun.session.treatment.doneCount === 3);
    take();
    rig.untilState(S.PAUSED);
    take();
    rig.untilState(S.FAULT);
    take();
    const text = readFileSync(README, 'utf8');
    const block = /(<!-- screens -->\n)[\s\S]*?(<!-- \/screens -->)/;
    const now = text.replace(block, (_, open: string, close: string) => `${open}\n\`\`\`text\n${print(screens)}\n\`\`\`\n\n${close}`);
    if (process.env['UPDATE'] === '1') writeFileSync(README, now);
    else expect(text).toBe(now);
  });
});
