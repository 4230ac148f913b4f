// Programmes on a gun and its screen, from the desk, and a session that the operator runs at the panel.
import { afterEach, describe, expect, it } from 'vitest';
import { readScreen } from '../../../sim/screen-reader.ts';
import { runCli } from '../../../tools/cli.ts';
import { meetDevice } from '../../../tools/device/open-device.ts';
import { blocks, pixelRows, pixelsOf, readLines } from '../../../tools/device/screen.ts';
import { keepProgramme, readShelf, removeProgramme, shelfRows } from '../../../tools/device/shelf.ts';
import { Link } from '../../../tools/link.ts';
import { readyToRun } from '../../../tools/source.ts';
import { alignColumns } from '../../../tools/table.ts';
import { VirtualLine } from '../../../tools/virtual-line.ts';
import { recordingDesk } from '../recording-desk.ts';

const links: Link[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
});

/** A virtual gun past its self-test, one host on its line. */
async function gun(): Promise<Link> {
  const link = new Link(new VirtualLine({ world: { seed: 3 }, trace: false }).connect());
  links.push(link);
  await meetDevice(link, 'sim:');
  return link;
}
const programOf = (id: string, ...pairs: string[]): Int32Array => readyToRun(id, pairs).plan.program;

describe('programmes kept on a gun', () => {
  it('go to the first empty slot, to the one that is named, or over the one of the same name; a list shows them', async () => {
    const link = await gun();
    expect(await keepProgramme(link, programOf('mesolift-face'))).toBe(1);
    expect(await keepProgramme(link, programOf('alopecia-scalp'), 5)).toBe(5);
    expect(await keepProgramme(link, programOf('reflex-dry'))).toBe(2);
    expect(await keepProgramme(link, programOf('mesolift-face', 'pricks=33'))).toBe(1);
    const kept = await readShelf(link);
    expect(kept.map((each) => each?.name ?? null)).toEqual(['mesolift-face', 'reflex-dry', null, null, 'alopecia-scalp', null, null, null]);
    expect(kept[0]).toMatchObject({ slot: 1, pricks: 33, doseUl: 5, spacingMm: 10, fillUl: 1000 });
    expect(alignColumns(shelfRows(kept.slice(4)))).toBe(
      '5  alopecia-scalp  120 pricks  20 µL  1.5 mm deep  10 mm apart  1000 µL in the syringe\n',
    );
  }, 60_000);

  it('leave by slot or by name; what is not there is refused, and says what is', async () => {
    const link = await gun();
    await keepProgramme(link, programOf('mesolift-face'));
    await keepProgramme(link, programOf('alopecia-scalp'));
    expect(await removeProgramme(link, '1')).toMatchObject({ slot: 1, name: 'mesolift-face' });
    await expect(removeProgramme(link, '1')).rejects.toThrow("the gun keeps no programme '1'");
    expect(await removeProgramme(link, 'alopecia-scalp')).toMatchObject({ slot: 2 });
    expect(await readShelf(link)).toEqual(new Array<null>(8).fill(null));
  }, 60_000);

  it('fill eight slots; a ninth is refused and names what is there', async () => {
    const link = await gun();
    for (let slot = 1; slot <= 8; slot++) await keepProgramme(link, programOf('mesolift-face', `pricks=${slot + 10}`), slot);
    await expect(keepProgramme(link, programOf('alopecia-scalp'))).rejects.toThrow('all 8 slots are taken');
  }, 60_000);

  it('mesogun device programmes: load, list and remove on the virtual gun; a protocol that the desk refuses is exit 3', async () => {
    const run = async (...argv: string[]): Promise<[number, string]> => {
      const desk = recordingDesk();
      const exit = await runCli(['device', 'programmes', ...argv], desk);
      return [exit, desk.stdout + desk.stderr];
    };
    expect(await run('load', 'mesolift-face')).toEqual([0, expect.stringContaining('mesolift-face is programme 1 of the gun\n')]);
    expect(await run('load', 'mesolift-face', '--slot', '7', '--json')).toEqual([
      0,
      expect.stringContaining('{"slot":7,"protocol":"mesolift-face"}\n'),
    ]);
    expect(await run('list', '--json')).toEqual([0, '[null,null,null,null,null,null,null,null]\n']);
    expect(await run('remove', '4')).toEqual([2, expect.stringContaining('it keeps none')]);
    expect(await run('load', 'mesolift-face', '--set', 'doseUl=500')).toEqual([3, expect.stringContaining('is refused')]);
  }, 60_000);
});

describe('mesogun device screen', () => {
  it('prints the pixels of the virtual gun of this process: those that the text gives with the gun’s own letters', async () => {
    const desk = recordingDesk();
    expect(await runCli(['device', 'screen'], desk)).toBe(0);
    const lines = await readLines(await gun());
    expect([lines[0], lines[7]]).toEqual(['MESOGUN         ', 'UP/DOWN: CHOOSE ']);
    expect(desk.stdout).toBe(blocks(pixelsOf(lines)));
    expect(desk.stdout.split('\n').map((row) => row.length)).toEqual([...new Array<number>(34).fill(130), 0]);
    const json = recordingDesk();
    expect(await runCli(['device', 'screen', '--json'], json)).toBe(0);
    expect(JSON.parse(json.stdout)).toEqual({ lines, pixels: pixelRows(pixelsOf(lines)) });
  }, 60_000);

  it('draws every letter so that it can be read back', () => {
    const lines = ['0123456789ABCDEF', 'GHIJKLMNOPQRSTUV', 'WXYZ-./:?+ mm ul', ...new Array<string>(5).fill(' '.repeat(16))];
    expect(readScreen(pixelsOf(lines))).toEqual(lines);
    expect(blocks(pixelsOf(lines)).split('\n')).toHaveLength(35);
  });
});

describe('mesogun run --panel', () => {
  it('keeps the programme on the gun, the operator runs 12 pricks at the panel, the report comes from the journal; seed 7', async () => {
    const desk = recordingDesk();
    expect(await runCli(['run', 'mesolift-face', '--set', 'pricks=12', '--panel', '--seed', '7', '--json'], desk)).toBe(0);
    expect(desk.stderr).toContain('programme 1 of the gun: choose it there');
    const summary = JSON.parse(desk.stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    expect(summary).toMatchObject({
      event: 'summary',
      protocol: 'mesolift-face',
      planned: 12,
      done: 12,
      uncertain: 0,
      commandedNl: 60_000,
      faults: [],
    });
  }, 60_000);

  it('says the fault that stopped it, exit 5', async () => {
    const desk = recordingDesk();
    const argv = ['run', 'mesolift-face', '--set', 'pricks=12', '--panel', '--fault', 'needle.steps-lost@prick=3', '--json'];
    expect(await runCli(argv, desk)).toBe(5);
    expect(desk.stderr).toContain('fault 2');
  }, 60_000);
});
