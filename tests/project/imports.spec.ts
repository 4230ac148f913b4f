// The import table of the folders, on the whole tree and on planted violations. Not about syntax (lint.spec.ts).
import { describe, expect, it } from 'vitest';
import { IMPORT_TABLE, importsOf, violations } from './import-table.ts';
import { files, textOf } from './tree.ts';

const sources = files().filter((path) => /\.(ts|js)$/.test(path) && path.includes('/'));

describe('import table', () => {
  it('is kept by every source file of the tree', () => {
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.flatMap((path) => violations(path, textOf(path)))).toEqual([]);
  });

  it.each([
    ['firmware/core/tick.ts', "import { plan } from '../../protocols/plan.ts';", 'Pass what you need in as an argument'],
    ['firmware/core/tick.ts', "import { Truth } from '../../sim/truth.ts';", 'Pass what you need in as an argument'],
    ['firmware/core/tick.ts', "import { readFileSync } from 'node:fs';", 'Pass what you need in as an argument'],
    ['firmware/link/frame.ts', "import { z } from 'zod';", 'Pass what you need in as an argument'],
    ['hal/drivers/x.ts', "import { nextState } from '../../firmware/core/states.ts';", 'Let the core call it'],
    ['hal/drivers/x.ts', "export { Buffer } from 'buffer';", 'Let the core call it'],
    ['protocols/plan.ts', "import { readFile } from 'node:fs/promises';", 'belong to tools/'],
    ['protocols/plan.ts', "import { Journal } from '../firmware/store/journal.ts';", 'belong to tools/'],
    ['protocols/plan.ts', "import type { Board } from '../hal/io.ts';", 'belong to tools/'],
    ['protocols/compile.ts', "import { World } from '../sim/world.ts';", 'belong to tools/'],
    ['sim/board.ts', "const net = await import('node:net');", 'tools/ hands them in'],
    ['sim/board.ts', "import { Link } from '../tools/link.ts';", 'tools/ hands them in'],
    ['sim/operator.ts', "import { planProtocol } from '../protocols/plan.ts';", 'Planned points come in as an argument'],
    ['sim/plant/fluid.ts', "import { P_DOSE_NL } from '../../firmware/core/program.ts';", 'never the plan'],
    ['sim/plant/fluid.ts', "import { planProtocol } from '../../protocols/plan.ts';", 'never the plan'],
    ['sim/plant/drive.ts', "import { Tmc5240Chip } from '../chips/tmc5240.ts';", 'never the plan'],
    ['sim/plant/cases.ts', "import { planProtocol } from '../../protocols/plan.ts';", 'reads and prints, nothing else'],
    ['sim/chips/tmc5240.ts', "import { NeedleAxis } from '../../hal/drivers/needle-axis.ts';", 'A chip knows its registers'],
    ['sim/chips/tmc5240.ts', "import { World } from '../world.ts';", 'A chip knows its registers'],
    ['tools/run.ts', "import { bench } from '../tests/bench.ts';", 'all but tests'],
    ['tools/run.ts', "import lodash from 'lodash';", 'all but tests'],
    ['tests/x.spec.ts', "import chai from 'chai';", 'test tools only'],
    ['helpers/x.ts', 'export {};', 'Move it into one of the folders'],
  ])('catches %s with %s', (file, text, instead) => {
    expect(violations(file, text).join()).toContain(instead);
  });

  it.each([
    ['sim/chips/tmc5240.ts', "import { XTARGET } from '../../hal/drivers/tmc5240-registers.ts';"],
    ['protocols/compile.ts', "import { P_DOSE_NL } from '../firmware/core/program.ts';"],
    ['sim/plant/fluid.ts', "import { needleResistance } from '../../protocols/fluid.ts';"],
    ['tools/transports/serial.ts', "const { SerialPort } = await import('serialport');"],
  ])('lets %s write %s', (file, text) => {
    expect(violations(file, text)).toEqual([]);
  });

  it('sees type imports, re-exports, import() and require alike, and refuses a computed import', () => {
    const text =
      "type A = import('../../sim/a.ts').A; export * from '../../sim/b.ts'; void import('../../sim/c.ts'); require('x'); import(y);";
    expect(violations('firmware/core/x.ts', text)).toHaveLength(5);
  });

  it('has a planted violation for each of its rows', () => {
    expect(IMPORT_TABLE.map((row) => row.from)).toEqual([
      'firmware/',
      'hal/',
      'protocols/',
      'sim/',
      'sim/operator',
      'sim/plant/',
      'sim/plant/cases.ts',
      'sim/chips/',
      'tools/',
      'tests/',
    ]);
  });

  it('knows serialport in tools/ and in the tests of tools/ only', () => {
    const knows = sources.filter((path) => textOf(path).includes('serialport') && importsOf(path, textOf(path)).includes('serialport'));
    for (const path of knows) expect(path).toMatch(/^(tools|tests\/tools)\//);
  });
});
