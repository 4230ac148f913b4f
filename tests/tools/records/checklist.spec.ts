// The protocol's own checklist before a session on a real gun that is not recorded. The virtual gun stands in for one: it keeps to
// itself that it is simulated.
import { afterEach, describe, expect, it } from 'vitest';
import { readyToRun } from '../../../tools/source.ts';
import { serveTcp } from '../../../tools/gun-server.ts';
import type { LineEnd, Serving } from '../../../tools/gun-server.ts';
import { confirmChecklist } from '../../../tools/records/ask-form.ts';
import { asked } from '../../../tools/records/form.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { worldFor } from '../../../tools/world.ts';
import { recordingDesk } from '../recording-desk.ts';
import { RUN, mesogun } from './clinic.ts';

const open: Serving[] = [];
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
});

/** What the simulator says of itself does not pass. */
function silent(end: LineEnd): LineEnd {
  return {
    write: (text) => end.write(text),
    onText: (fn) => end.onText((text) => fn(text.replace(/^%.*\n/gm, ''))),
    onClose: (fn) => end.onClose(fn),
    close: () => end.close(),
  };
}

async function realGun(): Promise<string> {
  const world = worldFor(readyToRun('mesolift-face', ['pricks=10']), 1, []);
  const line = new VirtualLine({ world, trace: false });
  const serving = await serveTcp(0, () => silent(line.connect()));
  open.push(serving);
  return `tcp://127.0.0.1:${serving.at}`;
}

describe('run on a real gun without a record', () => {
  it('moves nothing, exit 3, where nobody can be asked for the checklist, and says every point and what would do', async () => {
    const { code, desk } = await mesogun([...RUN, '--port', await realGun()]);
    expect([code, desk.stdout.includes('"event":"state"')]).toEqual([3, false]);
    for (const part of ['the checklist of mesolift-face was not confirmed', 'Not pregnant', '--bench']) expect(desk.stderr).toContain(part);
  });

  it('asks for each point at a terminal: a no refuses, exit 3; eleven times yes makes 10 pricks', async () => {
    const { treatment } = readyToRun('mesolift-face');
    const no = recordingDesk({ answers: ['yes', 'no'] });
    await expect(confirmChecklist(treatment, no)).rejects.toMatchObject({ exit: 3, why: asked(treatment)[1] });
    const answers = asked(treatment).map(() => 'yes');
    const yes = await mesogun([...RUN, '--port', await realGun()], recordingDesk({ answers }));
    expect([yes.code, yes.desk.stdout.includes('"done":10'), yes.desk.stdout.includes('"seed":null')]).toEqual([0, true, true]);
  });

  it('asks for nothing with --bench, which no record goes with: exit 2', async () => {
    expect((await mesogun([...RUN, '--bench', '--port', await realGun()])).code).toBe(0);
    expect((await mesogun([...RUN, '--bench', '--record'])).code).toBe(2);
  });
});
