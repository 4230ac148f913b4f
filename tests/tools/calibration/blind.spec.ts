// The calibration never reads a plant parameter: nothing it imports, however far, is of the simulator.
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../../project/import-table.ts';
import { files, textOf } from '../../project/tree.ts';

/** Every file that these files need, themselves included. */
function reach(from: readonly string[], known: ReadonlySet<string>): string[] {
  const seen = new Set(from);
  const open = [...from];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const specifier of importsOf(file, textOf(file))) {
      if (!specifier.startsWith('.')) continue;
      const target = posix.normalize(posix.join(posix.dirname(file), specifier));
      if (!known.has(target) || seen.has(target)) continue;
      seen.add(target);
      open.push(target);
    }
  }
  return [...seen];
}

const all = files();
/** What a technician's run is made of; calibrate.ts alone opens ports, and with them a simulated gun. */
const calibration = all.filter((path) => path.startsWith('tools/calibration/') && path.endsWith('.ts'));

describe('calibration', () => {
  it('reaches no file of sim/ from tools/calibration, by any number of imports', () => {
    expect(calibration.length).toBeGreaterThan(15);
    expect(reach(calibration, new Set(all)).filter((path) => path.startsWith('sim/'))).toEqual([]);
  });

  it('would be caught: a file that opens the virtual gun does reach the plant', () => {
    expect(reach(['tools/virtual-line.ts'], new Set(all)).some((path) => path.startsWith('sim/plant/'))).toBe(true);
  });
});
